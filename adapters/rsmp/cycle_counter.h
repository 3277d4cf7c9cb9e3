// Does the cycle counter that a controller shows follow from the plan, cycle and offset that it
// tells? Signal list: cyclecounter = (basecyclecounter + offset) mod cycle time. A controller that
// counts its offset the other way would show every green at the wrong second of the cycle.
#pragma once

#include <optional>
#include <string>

#include "adapters/rsmp/board.h"

namespace dispecer::rsmp {

// A short text where it does not, one second of slack left; absent = it does, or S0001, S0014,
// S0024 or S0028 does not tell enough to judge.
std::optional<std::string> counter_deviation(const StatusBoard& board);

}  // namespace dispecer::rsmp
