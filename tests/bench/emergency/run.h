// One run of a city with emergency vehicles in it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fusion/model/result.h"
#include "tests/bench/emergency/errands.h"
#include "tests/bench/lockstep/rules.h"

namespace dispecer::bench {

enum class EmergencyMode { corridor, none, fixed };  // fixed: delivered plans, no centre

struct EmergencyRun {
  std::string city;  // folder
  unsigned seed = 1;
  EmergencyMode mode = EmergencyMode::corridor;
  Rules rules = Rules::own;
  std::optional<double> begin_s = {};  // of the simulation, absent = as configured
  double warm_s = 300;                 // before the first errand
  double errands_s = 1200;             // in which they set out
  // Absent: as many as suit the town, one for six junctions (2 to 8), a pair for fifteen (1 to 3).
  std::optional<unsigned> singles = {};
  std::optional<unsigned> pairs = {};
  double noise_m = 4;       // standard deviation of each coordinate of a position
  bool blue_light = false;  // SUMO's device: drives through red and others make room
};

struct EmergencyTrip {
  double took_s = 0;  // from the moment at which it wanted to set out
  double stops = 0;
  bool operator==(const EmergencyTrip&) const = default;
};

struct EmergencyResult {
  std::map<std::string, EmergencyTrip> trips;  // of those that arrived
  std::size_t conflicts = 0;
  std::vector<double> recovery;  // cycles, of each hold that was seen to its end
  double others_delay = 0;       // mean over all vehicles ten minutes after the last departure, s
  std::size_t granted = 0;       // stop lines passed under a green that was given
  std::size_t passed = 0;        // stop lines passed
  std::size_t refused_max_red = 0;
  std::size_t replans = 0;
};

// Only one in the life of a process. Causes: those of Loop, "no_errands", "sumo".
Result<EmergencyResult> run_emergency(const EmergencyRun& run);
// The same in a process of its own each, in the order of `runs`.
std::vector<Result<EmergencyResult>> run_emergency_apart(const std::vector<EmergencyRun>& runs,
                                                         unsigned at_once);

}  // namespace dispecer::bench
