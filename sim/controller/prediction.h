// When a signal group will be green and red next, as the running plan says.
#pragma once

#include "sim/controller/state.h"

namespace dispecer::sim {

struct Prediction {
  std::optional<UtcTime> green;  // next start of green, controller's own clock; absent = never
  std::optional<UtcTime> red;    // next start of red after it was green, own clock
  int confidence = 0;            // 0..100 %: lower while something other than the plan has a say
};

// Absent = not in normal control: nothing can be said.
std::optional<Prediction> predict(const State& state, std::size_t group, UtcTime now);

}  // namespace dispecer::sim
