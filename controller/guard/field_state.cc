#include <algorithm>

#include "controller/guard/guard.h"

namespace dispecer::guard {

FieldState watch(const JunctionSignals& signals) {
  FieldState state;
  state.groups.resize(signals.groups.size());
  if (const auto valid = validate(signals); !valid) state.fault = valid.error().message();
  return state;
}

void observe(FieldState& state, const SignalObservation& observation, UtcTime received) {
  const bool usable = observation.groups.size() == state.groups.size();
  for (std::size_t g = 0; usable && g < state.groups.size(); ++g) {
    auto& record = state.groups[g];
    const auto aspect = observation.groups[g];
    if (record.aspect == Aspect::unknown || is_green(aspect) != is_green(record.aspect))
      record.since = observation.t;
    record.aspect = aspect;
    if (is_green(aspect)) record.demand = false;
  }
  state.stage = observation.stage.value_or(0);
  if (state.stage != 0) state.last_stage = state.stage;
  state.observed = observation;
  state.received = received;
}

void set_demand(FieldState& state, const std::vector<bool>& demand, UtcTime now) {
  if (demand.size() != state.groups.size()) return;
  for (std::size_t g = 0; g < demand.size(); ++g) {
    auto& record = state.groups[g];
    if (demand[g] && !record.demand) record.asked = now;
    record.demand = demand[g];
  }
}

void note_sent(FieldState& state, const ApprovedCommand& command, UtcTime now) {
  if (const auto* stage = std::get_if<StageOrder>(&command.write()))
    state.ordered_stage = stage->stage;
  if (std::holds_alternative<ReleaseOrder>(command.write())) state.ordered_stage = 0;
  if (std::holds_alternative<PlanOrder>(command.write())) {
    std::erase_if(state.plan_changes,
                  [&](UtcTime t) { return in_seconds(now - t) > kPlanChangeWindow; });
    state.plan_changes.push_back(now);
  }
}

void note_disconnect(FieldState& state) {
  state.inputs_clean = false;
  state.ordered_stage = 0;
  state.stage = 0;
  state.last_stage = 0;
  for (auto& group : state.groups) group = {};
  state.observed.link = CommLink::no_communication;
}

}  // namespace dispecer::guard
