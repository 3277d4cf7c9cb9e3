// Settings of the forecast. None of them is fitted to a data set; what can be learnt is learnt.
#pragma once

#include <cstdint>
#include <vector>

namespace dispecer::forecast {

struct Parameters {
  std::int32_t step_s = 300;           // between two observations; divides a day
  std::vector<std::int32_t> horizons;  // steps ahead, ascending, each > 0
  bool non_negative = true;            // flows, speeds and occupancies are
  std::size_t days_kept = 35;          // of history
  double day_half_life = 28;           // days; how fast old days weigh less in the profile
  double learn_half_life_days = 21;    // how fast the regressions forget
  double trust_half_life_s = 1800;     // how fast a silent place falls back to its profile
  double coverage = 0.9;               // that the interval promises
  double network_ridge = 200;          // in observations
  double shared_ridge = 50;
  double own_ridge = 60;
  std::int32_t hidden = 24;          // units of the small net
  std::size_t remembered = 1 << 16;  // examples
  std::int32_t replays = 4;          // batches of remembered examples it learns from per step
  float blend_rate = 0.03F;          // of the weights of the experts, per place
  std::size_t block = 384;           // places that are regressed on one another
  bool spread = false;               // what midnight brings to learn waits for go_on()
};

}  // namespace dispecer::forecast
