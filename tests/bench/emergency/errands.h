// Errands of emergency vehicles in a city: long ways at random times, and pairs whose ways cross at
// a signal where both would come at the same moment, were they unhindered.
#pragma once

#include <string>
#include <vector>

#include "adapters/city/city.h"

namespace dispecer::bench {

struct Errand {
  std::string id;
  double depart_s = 0;  // of the simulation
  std::vector<LinkId> route;
};

struct ErrandPlan {
  double from_s = 0;  // of the simulation, departures
  double to_s = 0;
  unsigned singles = 8;
  unsigned pairs = 3;
};

// The same seed gives the same errands. Fewer than asked for where the city has no such ways.
std::vector<Errand> plan_errands(const city::City& city, unsigned seed, const ErrandPlan& plan);

}  // namespace dispecer::bench
