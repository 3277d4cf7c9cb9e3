// Green waves at cycling speed between the junctions of a street (controller/signals/wave.h).
#pragma once

#include "controller/app/core.h"

namespace dispecer::controller {

// One second on: who rides along the city's green waves, by the lamps seen last.
void follow_waves(ControllerState& state, UtcTime now);

// Adds those of them who come to this junction to the arrivals of its view.
void expect_waves(const ControllerState& state, const JunctionId& junction, Place& place);

}  // namespace dispecer::controller
