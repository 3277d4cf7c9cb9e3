// Intervals that hold what they promise, whatever the errors look like.
#pragma once

#include <Eigen/Core>

namespace dispecer::forecast {

// Per place, in units of the place's scale: the value to come lies in [value - below, value +
// above].
struct Interval {
  Eigen::ArrayXf below;
  Eigen::ArrayXf above;
};

Interval make_interval(Eigen::Index places, double coverage);

// z: (truth - forecast) / scale; known: 1 where the truth came in. Each side moves by
// rate * (1/4 + bound) * (missed - (1 - coverage) / 2), so each misses that share in the long run.
void track(Interval& interval, const Eigen::ArrayXf& z, const Eigen::ArrayXf& known,
           double coverage);

}  // namespace dispecer::forecast
