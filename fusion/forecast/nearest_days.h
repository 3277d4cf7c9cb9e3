// The past days that look most like today, over all places at once.
#pragma once

#include <vector>

#include "fusion/forecast/history.h"

namespace dispecer::forecast {

// The running mean of min(((y_today - y_day) / scale)^2, 9) over the places known on both days,
// with a memory of `half_life_s`; a day of another kind starts further away. Index: days ago in the
// history.
struct NearestDays {
  double half_life_s = 7200;
  std::vector<double> distance;
  std::vector<double> weight;  // sums to 1 where there is a history
};

NearestDays make_nearest_days(std::size_t days, double half_life_s);

// After a day went into the history, `today` begins.
void begin_day(NearestDays& nearest, const History& history, DayKind today);

// What was seen today at `slot`; scale is places x 1. Weights are exp(-(D - Dmin) / (half of the
// median D - Dmin)): only differences between days count, whatever the noise of the places.
void compare(NearestDays& nearest, const History& history, std::int32_t slot,
             const Eigen::ArrayXf& value, const Eigen::ArrayXf& known, const Eigen::ArrayXf& scale,
             double step_s);

// Weighted mean of what those days showed at `slot` (`next_day`: of the day after each); where none
// knows, `fallback`. Writes places x 1 into `out`.
void recall(const NearestDays& nearest, const History& history, std::int32_t slot, bool next_day,
            const Eigen::ArrayXf& fallback, Eigen::ArrayXf& out);

}  // namespace dispecer::forecast
