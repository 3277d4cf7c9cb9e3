// Detector logics: faults of loops, forcing, and the controller's own watch over them.
#pragma once

#include "sim/controller/state.h"

namespace dispecer::sim {

// Takes a reading from the road; what the logic then reports is `detector.reading`.
void read_detector(DetectorState& detector, const DetectorReading& road, UtcTime now);

// Judges each logic: "always_on" after 5 minutes without a gap, "intermittent" above 40 changes in
// a minute. Forced logics are left out.
void judge_detectors(std::vector<DetectorState>& detectors, UtcTime now);

}  // namespace dispecer::sim
