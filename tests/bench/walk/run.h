// One run of a city whose people on foot are watched at every crossing with signals.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controller/signals/parameters.h"
#include "fusion/model/result.h"
#include "tests/bench/walk/tally.h"

namespace dispecer::bench {

struct WalkRun {
  std::string city;  // folder
  unsigned seed = 1;
  double begin_s = 25200;  // of the simulation
  double warm_s = 300;     // until the street is full, not counted
  double count_s = 1800;
  bool centre = true;  // false: the delivered fixed plans
  signals::SignalParameters signals = {};
};

struct WalkResult {
  std::vector<double> waits;  // s, of everybody who crossed, and at the end of those who still wait
  std::size_t kept = 0;       // of them within their crossing's promise
  double vehicle_delay = 0;   // s lost by a vehicle, mean
  std::size_t crossings = 0;
};

// Only one in the life of a process. Causes: those of Loop, "no_crossings".
Result<WalkResult> run_walk(const WalkRun& run);
// The same in a process of its own each, in the order of `runs`.
std::vector<Result<WalkResult>> run_walk_apart(const std::vector<WalkRun>& runs, unsigned at_once);

}  // namespace dispecer::bench
