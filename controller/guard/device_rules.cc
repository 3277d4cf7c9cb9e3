// Inputs, outputs, detectors, clock, codes and the other writes to a controller.
#include "controller/guard/rules.h"

namespace dispecer::guard {
namespace {

Verdict check_input(const Scene& s, std::uint32_t input, bool holds) {
  if (auto v = check_number(s, "input", input, 1, 255)) return v;
  const bool demand = std::any_of(s.signals.stages.begin(), s.signals.stages.end(),
                                  [&](const Stage& stage) { return stage.demand_input == input; });
  if (demand)
    return refuse("input_is_stage_demand", "stage demands are set by stage orders only", s.where());
  if (auto v = need_maintainer(s)) return v;
  return holds ? need_end(s) : std::nullopt;
}

}  // namespace

Verdict check_write(const Scene& s, const InputOrder& order) {
  return check_input(s, order.input, order.set);
}
Verdict check_write(const Scene& s, const ForceInputOrder& order) {
  return check_input(s, order.input, order.force);
}
Verdict check_write(const Scene& s, const OutputOrder& order) {
  if (auto v = check_number(s, "output", order.output, 1, 255)) return v;
  if (auto v = need_maintainer(s)) return v;
  return order.set ? need_end(s) : std::nullopt;
}
Verdict check_write(const Scene& s, const DetectorOrder& order) {
  if (auto v = need_maintainer(s)) return v;
  return order.force ? need_end(s) : std::nullopt;
}
Verdict check_write(const Scene& s, const SecurityCodeOrder& order) {
  if (auto v = check_number(s, "security code level", order.level, 1, 2)) return v;
  return need_maintainer(s);
}
Verdict check_write(const Scene& s, const RestartOrder&) {
  return need_maintainer(s);
}

Verdict check_write(const Scene& s, const ClockOrder& order) {
  const double off = in_seconds(order.time - s.situation.now);
  if (std::abs(off) <= kMaxClockStep) return std::nullopt;
  return refuse("clock_value", "is " + seconds_text(off) + " off our clock", s.where());
}

Verdict check_write(const Scene& s, const EmergencyRouteOrder& order) {
  if (auto v = check_number(s, "emergency route", order.route, 1, 255)) return v;
  if (!order.active) return std::nullopt;
  if (auto v = need_person(s)) return v;
  return need_end(s);
}

Verdict check_write(const Scene& s, const SensitivityOrder& order) {
  if (auto v = need_maintainer(s)) return v;
  if (order.loops.empty()) return refuse("no_loops", "no loop is named", s.where());
  for (const auto& loop : order.loops) {
    if (auto v = check_number(s, "loop", loop.loop, 1, 255)) return v;
    if (auto v = check_number(s, "sensitivity", loop.level, 0, 255)) return v;
  }
  return std::nullopt;
}

Verdict check_write(const Scene& s, const AlarmOrder& order) {
  const bool code = order.code.size() == 5 && order.code[0] == 'A' &&
                    order.code.find_first_not_of("0123456789", 1) == std::string::npos;
  if (!code || order.action == AlarmAction::unknown || order.subject.empty()) {
    return refuse("alarm_order", "code '" + order.code + "', subject '" + order.subject + "'",
                  s.where());
  }
  // Who may act on alarms was judged where the person acted; here it counts that somebody did.
  if (s.proposal.operator_confirmed) return std::nullopt;
  return refuse("needs_person", "a person must have done it", s.where());
}

Verdict check_write(const Scene& s, const SignOrder&) {
  return refuse("wrong_target", "a sign is not a junction", s.where());
}

}  // namespace dispecer::guard
