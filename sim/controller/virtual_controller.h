// A traffic-signal controller as it stands at the kerb, without its wires: its own file, its own
// plan, its own monitor. It takes suggestions from outside (plans, bands, stage demands by input)
// and carries out those that its own file allows. Deterministic: the same inputs and ticks give the
// same lamps. Any step of time is legal; lamps change at ticks only, and a late tick makes times
// longer, never shorter. After a step back in time it starts up again.
#pragma once

#include "sim/controller/state.h"

namespace dispecer::sim {

// Causes: those of validate(), and no_way_back for a stage from which the local plan cannot be
// reached through allowed transitions. It stays dark until the first tick, then starts up.
Result<State> make_controller(JunctionSignals own, Settings settings = {});

// An error says why the controller refused; then nothing has changed. Causes: no_such_input,
// no_such_output, no_such_detector, no_such_plan, no_such_mode, unsafe_plan (the changed plan would
// break the controller's own rules), no_power.
Result<> apply(State& state, const Input& input, UtcTime now);

// Moves the controller on to `now` and says what it shows.
Output tick(State& state, UtcTime now);

// Stages that inputs ask for at this moment, the newest first, before any check.
std::vector<std::uint32_t> demanded_stages(const State& state);

}  // namespace dispecer::sim
