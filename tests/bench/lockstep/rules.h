// The rules under which a scenario is judged, put into the files of its junctions: what the virtual
// controllers enforce, what the guard believes and what the decision keeps.
//
//   own     as the city says
//   open    the rules of the published experiments (RESCO): 3 s from the end of one green to the
//           start of the next, no all-red, no times for people on foot, no maximum red
//   street  2 s all-red more, minimum green 6 s, maximum red 120 s where somebody waits
//   city    street, but intergreens per conflict as the city says, and a signalised crossing over
//           every arm: walk at least 5 s and half the crossing, clearance at 1.2 m/s
#pragma once

#include "adapters/city/city.h"

namespace dispecer::bench {

enum class Rules { own, open, street, city };

// Local plans are retimed where the rules need it. Causes: those of validate().
Result<> put_rules(Rules rules, city::City& city);

// What one who makes plans for the whole town has to reckon with, means over the stages of its
// local plans.
struct StageTimes {
  double lost = 0;   // s between greens, start-up lost time included
  double least = 0;  // s, shortest green
};
StageTimes stage_times(const city::City& city);

}  // namespace dispecer::bench
