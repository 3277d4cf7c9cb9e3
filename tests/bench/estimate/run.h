// One run of a city under its own local plans, with loops on a share of its lanes of which some are
// broken. The real fusion core sees loops, lamps and bus positions and nothing else; what it says
// is held against SUMO's own vehicles.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "fusion/model/result.h"

namespace dispecer::bench {

struct EstimateOptions {
  std::string city;  // folder as imported
  double coverage = 0.3;
  double broken = 0.2;
  std::uint64_t seed = 1;
  std::optional<double> begin = {};  // s of the simulation, absent = as configured
  double seconds = 3600;
  bool incident = true;
  bool verbose = false;  // what was broken, found and raised, to stderr
};

// Sums and counts by name, to be added over runs (see score.h).
using Sums = std::map<std::string, double>;

// Only one run in the life of a process (libsumo).
Result<Sums> run_estimate(const EstimateOptions& options);

}  // namespace dispecer::bench
