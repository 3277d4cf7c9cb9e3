// One run of a city with buses in lock-step with SUMO: virtual controllers run their local plans,
// loops and lamps go to as many fusion cores as there are rates of bus positions, side by side.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fusion/model/result.h"
#include "tests/bench/transit/tally.h"

namespace dispecer::bench {

struct TransitRun {
  std::string city;  // folder
  std::uint64_t seed = 1;
  std::optional<double> begin;  // s of the simulation, absent = as configured
  double hours = 1;
  std::vector<int> periods{1, 5, 10, 30};  // s between two positions of a bus
  FeedErrorShares errors;
  std::string trace;  // see Tally
};

// Only one run in the life of a process (libsumo). Causes: no_buses where the city has no trip or
// none drove, those of read_city and of the street.
Result<Sums> run_transit(const TransitRun& options);
// The same in a child process.
Result<Sums> run_transit_apart(const TransitRun& options);

}  // namespace dispecer::bench
