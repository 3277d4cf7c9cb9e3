// The conflict monitor: two conflicting greens, or a green that comes before the intergreen after a
// conflicting one has run, trips it for good. It knows the lamps, the time and the matrix only.
#pragma once

#include "sim/controller/state.h"

namespace dispecer::sim {

// True = tripped (now or before). `monitor.tripped` names rule and groups.
bool watch(MonitorState& monitor, const JunctionSignals& own, const std::vector<Aspect>& shown,
           UtcTime now);

}  // namespace dispecer::sim
