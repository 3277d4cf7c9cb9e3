// Stages that lead others, for crossings that the city gives an early start, where the delivered
// program has none: a virtual controller may have them, a real one has what it has.
#pragma once

#include "adapters/city/importer/derive.h"

namespace dispecer::city {

// Adds to a junction, for each stage in which such a crossing has green together with traffic that
// gives way, one without that traffic, nor with groups that are bound to it (who shares a lane with
// a turn waits with it). It is entered wherever the led stage is, and leads to that one alone. What
// cannot be made is a finding of kind "early_start".
void add_lead_stages(JunctionSignals& signals, const Network& network, Findings& findings);

}  // namespace dispecer::city
