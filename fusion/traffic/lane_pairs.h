// Two loops of one lane see the same vehicles. Between two moments at which nothing stands or
// drives between them, as many came over the one as over the other, but for those that changed
// lanes. What one of them has and the other has not is evidence that one of them is wrong: dead,
// double, noisy, late, or wired to another lane (a sequential test, Page: Continuous inspection
// schemes, Biometrika 41, 1954).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "fusion/traffic/detector_health.h"
#include "fusion/traffic/hit_times.h"

namespace dispecer::traffic {

struct LanePair {
  std::uint32_t up = kNone;    // detectors: away from the stop line
  std::uint32_t down = kNone;  // and at it
  bool alone = false;          // the only lane of its link
  double travel_s = 0;         // from the one to the other at half the free speed
};
// Of each lane that has a stop-line loop: with the advance loop, else with the entry loop.
std::vector<LanePair> lane_pairs(const Index& index);

struct LanePairLive {
  bool synchronous = false;  // since the last empty moment nothing was missed
  double up = 0;             // vehicles since then
  double down = 0;
  double evidence = 0;  // that they do not see the same vehicles, as a logarithm of odds
  // How many change lanes between them, learnt while nothing else is wrong: vehicles, of them seen
  // by one only.
  double learnt = 0;
  double differed = 0;
  std::optional<double>
      elsewhere;  // the share that at most is usual in the other lanes of the city
  // Of the last vehicles, each fading by its successors: seen by both, or by one of them only.
  double both = 0;
  double only_up = 0;
  double only_down = 0;
  double seconds = 0;  // that both were live
  HitTimes up_hits;    // of those seconds
  HitTimes down_hits;

  bool operator==(const LanePairLive&) const = default;
};

// Tells each pair what is usual in the city, so that a pair that was wrong from the first second
// does not take that for the custom of its lane. Less than half of the pairs may be sick.
void compare_lanes(std::vector<LanePairLive>& pairs);

// The share of vehicles that only one of two healthy loops sees, by what the lane itself and the
// others of the city have shown; absent where it is not known or so high that nothing follows.
std::optional<double> well_share(const LanePairLive& live, const LanePair& pair,
                                 const Parameters& p);

// They do not see the same vehicles.
bool differs(const LanePairLive& live, const LanePair& pair, const Parameters& p);

// Which of the two is wrong where they differ: kNone = cannot be told.
std::uint32_t guilty(const LanePairLive& live, const LanePair& pair, const DetectorLive& up,
                     const DetectorLive& down, const Parameters& p);

// Ends a step of the pair. Both loops must have been settled.
void watch(LanePairLive& live, const LanePair& pair, const DetectorLive& up,
           const DetectorLive& down, double dt, const Parameters& p);

}  // namespace dispecer::traffic
