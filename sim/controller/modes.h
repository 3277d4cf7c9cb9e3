// Changes of mode: flash and dark by command, start-up, the police key, mains lost and back.
#pragma once

#include "sim/controller/state.h"

namespace dispecer::sim {

// `after_power`: from power-up or a restart, not back from flash or dark.
void begin_startup(State& state, UtcTime now, bool after_power);

// Causes: no_such_mode; local_control (police key or panel in use).
Result<> set_mode(State& state, const SetMode& in, UtcTime now);
// Cause: no_such_mode.
Result<> turn_police_key(State& state, const SetPoliceKey& in, UtcTime now);
void restart(State& state, UtcTime now);
void set_mains(State& state, bool on, UtcTime now);
// Plans as they are without dynamic bands.
void drop_bands(State& state, UtcTime now);

}  // namespace dispecer::sim
