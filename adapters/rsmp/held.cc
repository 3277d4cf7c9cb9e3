#include "adapters/rsmp/held.h"

#include <algorithm>
#include <cmath>

#include "adapters/rsmp/message/tlc.h"

namespace dispecer::rsmp {
namespace {

using Tuples = std::vector<std::vector<std::int64_t>>;

// The last entry of a key counts; absent = the controller tells nothing of it.
std::optional<std::int64_t> last_of(const Tuples& tuples, std::vector<std::int64_t> key) {
  std::optional<std::int64_t> found;
  for (const auto& tuple : tuples) {
    if (std::equal(key.begin(), key.end(), tuple.begin())) found = tuple.back();
  }
  return found;
}

Tuples read_tuples(const StatusBoard& board, std::string_view code, std::size_t parts) {
  return parse_tuples(board.text(code, "status").value_or(""), parts).value_or(Tuples{});
}

// Order and leading zeros do not matter.
bool same_table(const std::string& held, const std::string& found, std::size_t parts) {
  auto a = parse_tuples(held, parts);
  auto b = parse_tuples(found, parts);
  if (!a || !b) return held == found;
  std::ranges::sort(*a);
  std::ranges::sort(*b);
  return *a == *b;
}

}  // namespace

HeldSettings::HeldSettings(const JunctionSignals& signals) {
  for (const SignalPlan& plan : signals.plans) {
    cycles_[plan.number] = std::llround(plan.cycle.value);
    offsets_[plan.number] = std::llround(plan.offset.value);
  }
}

void HeldSettings::proved(const FieldWrite& write) {
  if (const auto* order = std::get_if<CycleOrder>(&write)) {
    cycles_[order->plan] = std::llround(order->cycle.value);
  } else if (const auto* offset = std::get_if<OffsetOrder>(&write)) {
    offsets_[offset->plan] = std::llround(offset->offset.value);
  } else if (const auto* bands = std::get_if<BandsOrder>(&write)) {
    for (const Band& band : bands->bands) {
      bands_[{bands->plan, band.number}] = std::llround(band.extension.value);
    }
  } else if (const auto* plan = std::get_if<PlanOrder>(&write)) {
    plan_ = plan->plan;
  } else if (const auto* tables = std::get_if<TablesOrder>(&write)) {
    if (!tables->week.empty()) week_ = tables->week;
    if (!tables->day.empty()) day_ = tables->day;
  }
}

void HeldSettings::link_lost() {
  plan_ = 0;
  bands_.clear();
}

std::vector<std::string> HeldSettings::deviations(const StatusBoard& board) const {
  std::vector<std::string> texts;
  const auto compare = [&](const std::string& what, std::int64_t held,
                           std::optional<std::int64_t> found) {
    if (!found || *found == held) return;
    texts.push_back(what + " " + std::to_string(held) + " s, found " + std::to_string(*found) +
                    " s");
  };
  const Tuples cycles = read_tuples(board, "S0028", 2);
  const Tuples offsets = read_tuples(board, "S0024", 2);
  const Tuples bands = read_tuples(board, "S0023", 3);
  for (const auto& [plan, held] : cycles_) {
    compare("plan " + std::to_string(plan) + " cycle", held, last_of(cycles, {plan}));
  }
  for (const auto& [plan, held] : offsets_) {
    const auto own = cycles_.find(plan);
    const auto told = last_of(cycles, {plan});
    const std::int64_t cycle = told ? *told : own == cycles_.end() ? 0 : own->second;
    if (cycle <= 0) continue;
    const Seconds offset{static_cast<double>(held)};
    compare("plan " + std::to_string(plan) + " offset on the wire", wire_offset(offset, cycle),
            last_of(offsets, {plan}));
  }
  const bool bands_told = board.text("S0023", "status").has_value();
  for (const auto& [key, held] : bands_) {
    if (!bands_told) break;
    compare("plan " + std::to_string(key.first) + " band " + std::to_string(key.second), held,
            last_of(bands, {key.first, key.second}).value_or(0));
  }
  const auto plan = board.text("S0014", "status");
  if (plan_ != 0 && plan && parse_integer(*plan) != std::int64_t{plan_}) {
    texts.push_back("plan " + std::to_string(plan_) + ", found " + plan->substr(0, 8));
  }
  const auto week = board.text("S0026", "status");
  if (!week_.empty() && week && !same_table(week_, *week, 2)) texts.emplace_back("week table");
  const auto day = board.text("S0027", "status");
  if (!day_.empty() && day && !same_table(day_, *day, 4)) texts.emplace_back("day tables");
  return texts;
}

}  // namespace dispecer::rsmp
