#include "adapters/rsmp/board.h"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cmath>

#include "adapters/rsmp/command.h"
#include "adapters/rsmp/message/tlc.h"

namespace dispecer::rsmp {
namespace {

constexpr Duration kBuffered = from_seconds(10);
constexpr std::size_t kMaxCodes = 200;
constexpr std::size_t kMaxNames = 20;

// From SXL 1.2 on each intersection is told apart: [{"intersection":"1","startup":"True"}].
bool starting(const StatusBoard& board, std::uint32_t n) {
  const auto list = board.text("S0005", "statusByIntersection");
  if (list) {
    boost::json::error_code code;
    const auto root = boost::json::parse(*list, code);
    if (!code && root.is_array()) {
      for (const auto& item : root.get_array()) {
        if (!item.is_object()) continue;
        const auto* number = item.get_object().if_contains("intersection");
        const auto* startup = item.get_object().if_contains("startup");
        if (number == nullptr || startup == nullptr || !number->is_string()) continue;
        const auto& text = number->get_string();
        if (parse_integer({text.data(), text.size()}) != std::int64_t{n}) continue;
        if (startup->is_bool()) return startup->get_bool();
        if (startup->is_string()) {
          const auto& word = startup->get_string();
          return parse_bool({word.data(), word.size()}) == true;
        }
      }
    }
  }
  return parse_bool(board.text("S0005", "status").value_or("")) == true;
}

ControlMode mode_of(const StatusBoard& board, std::uint32_t n) {
  const std::string mode = board.of_intersection("S0020", "controlmode", n).value_or("");
  if (mode == "failure") return ControlMode::failure;
  const auto on = board.of_intersection("S0007", "status", n);
  if (on && parse_bool(*on) == false) return ControlMode::dark;
  if (board.flag("S0011", n)) return ControlMode::yellow_flash;
  if (board.flag("S0012", n)) return ControlMode::all_red;
  if (starting(board, n)) return ControlMode::startup;
  return from_name<ControlMode>(mode).value_or(ControlMode::unknown);
}

// Somebody is logged in at the controller's panel: a level, or before SXL 1.1 a name and a word.
bool at_panel(const StatusBoard& board) {
  if (const auto word = board.text("S0091", "status")) return *word == "login";
  const auto level = parse_integer(board.text("S0091", "user").value_or("0"));
  return level && *level > 0;
}

Holder holder_of(const StatusBoard& board, const JunctionWire& wire, const BoardContext& context) {
  const std::uint32_t n = wire.signals.intersection;
  const auto key = board.of_intersection("S0013", "status", n);
  if (key && *key != "0" && !key->empty()) return Holder::police_key;
  if (board.flag("S0008", n) || (board.flag("S0009", n) && !context.fixed_time_ours)) {
    return Holder::panel;
  }
  if (at_panel(board)) return Holder::panel;
  if (context.local_control || board.of_intersection("S0020", "controlmode", n) == "test") {
    return Holder::maintenance;
  }
  const auto set = set_inputs(board, wire.signals);
  const auto demands = demand_inputs(wire.signals);
  bool centre = false;
  for (const std::uint32_t input : set) {
    if (!std::ranges::binary_search(demands, input)) continue;
    if (!context.ours.contains(input)) return Holder::other_supervisor;
    centre = true;
  }
  if (centre) return context.role == Role::automaton ? Holder::centre : Holder::op;
  return board.answered("S0020", "controlmode") ? Holder::local_plan : Holder::unknown;
}

std::vector<Aspect> aspects_of(const StatusBoard& board, const JunctionWire& wire) {
  const auto letters = board.text("S0001", "signalgroupstatus");
  const std::size_t count = wire.signals.groups.size();
  if (!letters || letters->size() < wire.first_group + count) return {};
  std::vector<Aspect> aspects;
  for (std::size_t g = 0; g < count; ++g) {
    const bool walk = wire.signals.groups[g].kind == GroupKind::pedestrian;
    aspects.push_back(aspect_of((*letters)[wire.first_group + g], walk).value_or(Aspect::unknown));
  }
  return aspects;
}

std::optional<std::uint32_t> number_of(const std::optional<std::string>& text, std::int64_t most) {
  if (!text) return std::nullopt;
  const auto value = parse_integer(*text);
  if (!value || *value < 0 || *value > most) return std::nullopt;
  return static_cast<std::uint32_t>(*value);
}

// The stage whose groups are exactly those that have green, for controllers that name none.
std::optional<std::uint32_t> stage_by_greens(const JunctionSignals& signals,
                                             const std::vector<Aspect>& aspects) {
  if (aspects.empty()) return std::nullopt;
  std::vector<std::uint32_t> green;
  for (std::uint32_t g = 0; g < aspects.size(); ++g) {
    if (is_green(aspects[g])) green.push_back(g);
  }
  for (const Stage& stage : signals.stages) {
    if (stage.green == green) return stage.number;
  }
  return std::nullopt;
}

}  // namespace

std::set<std::string> StatusBoard::apply(const std::vector<StatusValue>& items,
                                         const Arrival& arrival, std::uint64_t& old) {
  std::set<std::string> codes;
  const UtcTime measured = std::min(arrival.stamp - arrival.clock_error, arrival.received);
  for (const StatusValue& item : items) {
    // The clock itself is what tells of a clock that was set: it is never taken for buffered.
    const bool late =
        !arrival.marks_old && arrival.received - measured > kBuffered && item.code != "S0096";
    if (item.quality == Quality::old || late) {
      ++old;
      continue;
    }
    // A site that invents names must not fill the memory.
    if (values_.size() >= kMaxCodes && !values_.contains(item.code)) continue;
    auto& names = values_[item.code];
    if (names.size() >= kMaxNames && !names.contains(item.name)) continue;
    names[item.name] = {item.value, item.quality, measured};
    codes.insert(item.code);
  }
  return codes;
}

const StatusBoard::Entry* StatusBoard::find(std::string_view code, std::string_view name) const {
  const auto names = values_.find(code);
  if (names == values_.end()) return nullptr;
  const auto at = names->second.find(name);
  return at == names->second.end() ? nullptr : &at->second;
}

bool StatusBoard::answered(std::string_view code, std::string_view name) const {
  return find(code, name) != nullptr;
}

std::optional<std::string> StatusBoard::text(std::string_view code, std::string_view name) const {
  const Entry* entry = find(code, name);
  if (entry == nullptr || entry->quality != Quality::recent) return std::nullopt;
  return entry->value.text;
}

std::optional<UtcTime> StatusBoard::time(std::string_view code, std::string_view name) const {
  const Entry* entry = find(code, name);
  if (entry == nullptr) return std::nullopt;
  return entry->t;
}

std::optional<std::string> StatusBoard::of_intersection(std::string_view code,
                                                        std::string_view name,
                                                        std::uint32_t intersection) const {
  const auto list = text(code, name);
  if (!list) return std::nullopt;
  const auto values = split(*list, ',');
  const std::string numbers_text = text(code, "intersection").value_or("");
  const auto numbers = split(numbers_text, ',');
  if (values.size() == 1) return std::string(values[0]);
  for (std::size_t i = 0; i < values.size() && i < numbers.size(); ++i) {
    if (parse_integer(numbers[i]) == static_cast<std::int64_t>(intersection)) {
      return std::string(values[i]);
    }
  }
  return std::nullopt;
}

bool StatusBoard::flag(std::string_view code, std::uint32_t intersection) const {
  return parse_bool(of_intersection(code, "status", intersection).value_or("")) == true;
}

std::vector<std::uint32_t> set_inputs(const StatusBoard& board, const JunctionSignals& signals) {
  const auto demands = demand_inputs(signals);
  std::vector<std::uint32_t> inputs;
  for (const std::uint32_t input : set_bits(board.text("S0003", "inputstatus").value_or(""))) {
    if (std::ranges::binary_search(demands, input)) inputs.push_back(input);
  }
  for (const std::uint32_t input : set_bits(board.text("S0029", "status").value_or(""))) {
    inputs.push_back(input);
  }
  std::ranges::sort(inputs);
  inputs.erase(std::unique(inputs.begin(), inputs.end()), inputs.end());
  return inputs;
}

SignalObservation observation_of(const StatusBoard& board, const JunctionWire& wire,
                                 const BoardContext& context) {
  SignalObservation seen;
  seen.junction = wire.id();
  seen.link = context.link;
  seen.t = context.now;
  if (context.link != CommLink::connected) return seen;
  seen.t = board.time("S0001", "signalgroupstatus").value_or(context.now);
  seen.mode = mode_of(board, wire.signals.intersection);
  seen.holder = holder_of(board, wire, context);
  seen.groups = aspects_of(board, wire);
  const auto stage = board.text("S0001", "stage");
  seen.stage = stage ? number_of(stage, 255) : stage_by_greens(wire.signals, seen.groups);
  if (seen.stage == 0u) seen.stage.reset();
  seen.plan = number_of(board.text("S0014", "status"), 255);
  if (seen.plan == 0u) seen.plan.reset();
  seen.cycle_second = number_of(board.text("S0001", "cyclecounter"), 999);
  seen.forced_inputs = set_inputs(board, wire.signals);
  std::erase_if(seen.forced_inputs, [](std::uint32_t input) { return input > 255; });
  seen.parameter_checksum = board.text("S0097", "checksum").value_or("");
  seen.clock_error = context.clock_error;
  seen.takes_requests = context.takes_requests;
  seen.requests = context.requests;
  return seen;
}

std::optional<std::int64_t> cycle_of(const StatusBoard& board, const JunctionSignals& signals,
                                     std::uint32_t plan) {
  const SignalPlan* own = find_plan(signals, plan);
  auto cycle = own == nullptr ? std::nullopt : std::optional(std::llround(own->cycle.value));
  const auto told = parse_tuples(board.text("S0028", "status").value_or(""), 2);
  for (const auto& t : told.value_or(std::vector<std::vector<std::int64_t>>{})) {
    if (t[0] == std::int64_t{plan} && t[1] > 0) cycle = t[1];
  }
  return cycle;
}

std::int64_t wire_offset(Seconds offset, std::int64_t cycle) {
  const std::int64_t rest = (cycle - std::llround(offset.value)) % cycle;
  return rest < 0 ? rest + cycle : rest;
}

std::optional<UtcTime> site_clock(const StatusBoard& board) {
  using namespace std::chrono;
  std::array<std::int64_t, 6> part{};
  constexpr std::array kNames{"year", "month", "day", "hour", "minute", "second"};
  for (std::size_t i = 0; i < part.size(); ++i) {
    const auto value = parse_integer(board.text("S0096", kNames[i]).value_or(""));
    if (!value || *value < 0 || *value > 9999) return std::nullopt;
    part[i] = *value;
  }
  const year_month_day date{year{static_cast<int>(part[0])}, month{static_cast<unsigned>(part[1])},
                            day{static_cast<unsigned>(part[2])}};
  if (!date.ok() || part[3] > 23 || part[4] > 59 || part[5] > 60) return std::nullopt;
  const auto moment = sys_days{date} + hours{part[3]} + minutes{part[4]} + seconds{part[5]};
  return UtcTime{duration_cast<microseconds>(moment.time_since_epoch()).count()};
}

}  // namespace dispecer::rsmp
