#include "adapters/rsmp/board.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "adapters/rsmp/command.h"
#include "adapters/rsmp/message/tlc.h"

namespace dispecer::rsmp {
namespace {

constexpr Duration kBuffered = from_seconds(10);
constexpr std::size_t kMaxCodes = 200;
constexpr std::size_t kMaxNames = 20;

ControlMode mode_of(const StatusBoard& board, std::uint32_t n) {
  const std::string mode = board.of_intersection("S0020", "controlmode", n).value_or("");
  if (mode == "failure") return ControlMode::failure;
  const auto on = board.of_intersection("S0007", "status", n);
  if (on && parse_bool(*on) == false) return ControlMode::dark;
  if (board.flag("S0011", n)) return ControlMode::yellow_flash;
  if (board.flag("S0012", n)) return ControlMode::all_red;
  if (parse_bool(board.text("S0005", "status").value_or("")) == true) return ControlMode::startup;
  return from_name<ControlMode>(mode).value_or(ControlMode::unknown);
}

Holder holder_of(const StatusBoard& board, const JunctionWire& wire, const BoardContext& context) {
  const std::uint32_t n = wire.signals.intersection;
  const auto key = board.of_intersection("S0013", "status", n);
  if (key && *key != "0" && !key->empty()) return Holder::police_key;
  if (board.flag("S0008", n) || board.flag("S0009", n)) return Holder::panel;
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

bool bit_is(const std::optional<std::string>& text, std::uint32_t number, bool value) {
  return text && number >= 1 && number <= text->size() && ((*text)[number - 1] == '1') == value;
}

// "a-b,..." holds (key, value); the last entry of a key counts.
bool pair_is(const std::optional<std::string>& text, std::uint32_t key, std::int64_t value) {
  if (!text) return false;
  const auto tuples = parse_tuples(*text, 2);
  if (!tuples) return false;
  std::optional<std::int64_t> found;
  for (const auto& t : *tuples) {
    if (t[0] == key) found = t[1];
  }
  return found == value;
}

struct Proof {
  const StatusBoard& board;
  const SignalObservation& seen;
  const JunctionWire& wire;
  using Verdict = std::optional<bool>;

  Verdict operator()(const StageOrder& order) const {
    const Stage* stage = find_stage(wire.signals, order.stage);
    return seen.stage == order.stage && stage != nullptr && stage->demand_input &&
           std::ranges::count(seen.forced_inputs, *stage->demand_input) > 0;
  }
  Verdict operator()(const ReleaseOrder&) const {
    const auto demands = demand_inputs(wire.signals);
    return board.text("S0003", "inputstatus").has_value() &&
           std::ranges::none_of(seen.forced_inputs, [&](std::uint32_t input) {
             return std::ranges::binary_search(demands, input);
           });
  }
  Verdict operator()(const PlanOrder& order) const {
    if (order.plan != 0) return seen.plan == order.plan;
    const auto source = board.text("S0014", "source");
    if (!source) return std::nullopt;
    return *source != "forced";
  }
  Verdict operator()(const CycleOrder& order) const {
    return pair_is(board.text("S0028", "status"), order.plan, std::llround(order.cycle.value));
  }
  Verdict operator()(const OffsetOrder& order) const {
    return pair_is(board.text("S0024", "status"), order.plan, std::llround(order.offset.value));
  }
  Verdict operator()(const BandsOrder& order) const {
    const auto tuples = parse_tuples(board.text("S0023", "status").value_or(""), 3);
    if (!tuples) return false;
    return std::ranges::all_of(order.bands, [&](const Band& band) {
      std::optional<std::int64_t> length;
      for (const auto& t : *tuples) {
        if (t[0] == order.plan && t[1] == band.number) length = t[2];
      }
      return length == std::llround(band.length.value);
    });
  }
  Verdict operator()(const ModeOrder& order) const { return seen.mode == order.mode; }
  Verdict operator()(const InputOrder& order) const {
    return bit_is(board.text("S0003", "inputstatus"), order.input, order.set);
  }
  Verdict operator()(const OutputOrder& order) const {
    if (!board.text("S0030", "status")) return std::nullopt;
    return bit_is(board.text("S0030", "status"), order.output, order.set);
  }
  Verdict operator()(const DetectorOrder& order) const {
    const auto at = std::ranges::find(wire.detectors, order.detector, &DetectorWire::id);
    if (at == wire.detectors.end()) return false;
    const bool forced = bit_is(board.text("S0021", "detectorlogics"), at->number, order.force);
    return forced && (!order.force ||
                      bit_is(board.text("S0002", "detectorlogicstatus"), at->number, order.value));
  }
  Verdict operator()(const TablesOrder& order) const {
    const bool week = order.week.empty() || board.text("S0026", "status") == order.week;
    const bool day = order.day.empty() || board.text("S0027", "status") == order.day;
    return week && day;
  }
  Verdict operator()(const ClockOrder& order) const {
    const auto clock = site_clock(board);
    // The reading lags its interval; what counts is that it does not lie before the order.
    return clock && in_seconds(*clock - order.time) >= -1.0;
  }
  Verdict operator()(const EmergencyRouteOrder& order) const {
    if (const auto routes = board.text("S0035", "emergencyroutes")) {
      const bool listed =
          routes->find('"' + std::to_string(order.route) + '"') != std::string::npos;
      return listed == order.active;
    }
    return std::nullopt;
  }
  Verdict operator()(const PriorityOrder& order) const {
    const auto list = board.text("S0033", "status");
    if (!list) return std::nullopt;
    // A cancelled request is told once more, as completed, and then dropped from the list.
    return order.cancel || list->find('"' + order.request.str() + '"') != std::string::npos;
  }
  Verdict operator()(const RestartOrder&) const { return std::nullopt; }
  Verdict operator()(const SecurityCodeOrder&) const { return std::nullopt; }
  Verdict operator()(const SignOrder&) const { return false; }
};

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
  return seen;
}

std::optional<bool> proved(const StatusBoard& board, const SignalObservation& seen,
                           const JunctionWire& wire, const FieldWrite& write) {
  return std::visit(Proof{board, seen, wire}, write);
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
