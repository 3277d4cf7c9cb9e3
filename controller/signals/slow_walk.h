// Longer green for people who walk slowly: where many of them cross, and everywhere in rain, snow
// and ice. The clearance is the controller's own, reckoned at 1.2 m/s; what the centre can do by
// its lever is to keep the green of the crossing for as much longer as the slower walk takes (1.0
// m/s, the speed that guidelines take for schools and for the old).
#pragma once

#include "controller/signals/site.h"

namespace dispecer::signals {

inline constexpr double kWalk = 1.2;      // m/s
inline constexpr double kSlowWalk = 1.0;  // m/s

enum class SlowWalk : std::uint8_t {
  marked,  // at crossings that the city marks for it
  everywhere
};

// Sets Site::longer_walk.
void set_slow_walk(Site& site, SlowWalk where);

}  // namespace dispecer::signals
