// Does what the controller shows prove that an order has taken effect?
#include <algorithm>
#include <cmath>

#include "adapters/rsmp/board.h"
#include "adapters/rsmp/command.h"
#include "adapters/rsmp/message/tlc.h"

namespace dispecer::rsmp {
namespace {

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
    const auto cycle = cycle_of(board, wire.signals, order.plan);
    return cycle &&
           pair_is(board.text("S0024", "status"), order.plan, wire_offset(order.offset, *cycle));
  }
  Verdict operator()(const BandsOrder& order) const {
    const auto text = board.text("S0023", "status");
    const auto tuples = parse_tuples(text.value_or(""), 3);
    if (!text || !tuples) return false;
    return std::ranges::all_of(order.bands, [&](const Band& band) {
      std::int64_t extension = 0;  // of a band that is not listed
      for (const auto& t : *tuples) {
        if (t[0] == order.plan && t[1] == band.number) extension = t[2];
      }
      return extension == std::llround(band.extension.value);
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
    // Before SXL 1.2 only the last route is told, 0 where none is on.
    const auto stage = board.text("S0006", "emergencystage");
    if (!stage) return untold("S0006", "emergencystage");
    return (parse_integer(*stage) == std::int64_t{order.route}) == order.active;
  }
  Verdict operator()(const PriorityOrder& order) const {
    const auto list = board.text("S0033", "status");
    if (!list) return std::nullopt;
    // A cancelled request is told once more, as completed, and then dropped from the list.
    return order.cancel || order.update ||
           list->find('"' + order.request.str() + '"') != std::string::npos;
  }
  // A status of every list: what was not told yet may still come, what is unknown never will.
  [[nodiscard]] Verdict untold(std::string_view code, std::string_view name) const {
    return board.answered(code, name) ? std::nullopt : Verdict(false);
  }
  Verdict operator()(const SituationOrder& order) const {
    const auto found = board.text("S0015", "status");
    if (!found) return untold("S0015", "status");
    // Which situation stands once one is given back is the controller's affair.
    return !order.active || parse_integer(*found) == std::int64_t{order.situation};
  }
  Verdict operator()(const FixedTimeOrder& order) const {
    if (!board.text("S0009", "status")) return untold("S0009", "status");
    return board.flag("S0009", wire.signals.intersection) == order.active;
  }
  Verdict operator()(const ForceInputOrder& order) const {
    const auto forced = board.text("S0029", "status");
    const auto value = board.text("S0003", "inputstatus");
    if (forced && !bit_is(forced, order.input, order.force)) return false;
    if (!order.force) return forced ? Verdict(true) : std::nullopt;
    return bit_is(value, order.input, order.value);
  }
  Verdict operator()(const SensitivityOrder& order) const {
    const auto tuples = parse_tuples(board.text("S0031", "status").value_or(""), 2);
    if (!tuples || tuples->empty()) return false;
    return std::ranges::all_of(order.loops, [&](const LoopLevel& loop) {
      return std::ranges::find(*tuples, std::vector<std::int64_t>{loop.loop, loop.level}) !=
             tuples->end();
    });
  }
  Verdict operator()(const AlarmOrder&) const { return std::nullopt; }  // by the alarm itself
  Verdict operator()(const RestartOrder&) const { return std::nullopt; }
  Verdict operator()(const SecurityCodeOrder&) const { return std::nullopt; }
  Verdict operator()(const SignOrder&) const { return false; }
};

}  // namespace

std::optional<bool> proved(const StatusBoard& board, const SignalObservation& seen,
                           const JunctionWire& wire, const FieldWrite& write) {
  return std::visit(Proof{board, seen, wire}, write);
}

}  // namespace dispecer::rsmp
