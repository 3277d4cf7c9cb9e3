// What a place usually shows at a slot of a kind of day, and how far a day strays from it.
#pragma once

#include <array>
#include <span>

#include "fusion/forecast/history.h"
#include "fusion/forecast/parameters.h"

namespace dispecer::forecast {

// `value[kind]` and `scale[kind]` are places x slots in the unit of the values; scale is the robust
// standard deviation of a single value about the profile, > 0. Holidays without a history take the
// Sunday, Sundays the Saturday, any kind never seen the mean of all days.
//
// A profile of a whole town keeps the kinds of today and tomorrow only; the other grids are empty.
struct Profile {
  std::array<Grid, kDayKinds> value;
  std::array<Grid, kDayKinds> scale;
  std::array<double, kDayKinds> days{};  // behind each kind, newer ones count more; 0 = lent
  bool ready = false;                    // at least one day was learnt

  // Where `kind` stands in the arrays, or another kind that is kept.
  [[nodiscard]] std::size_t at(DayKind kind) const;
};

Profile make_profile(std::size_t places, std::size_t slots);

// From the days given, the newest first: robust weighted means (two rounds of Huber weights,
// tuning 1.5; Huber 1964), newer days weigh more, smoothed along the day the more the fewer days
// there are; a weekday's own habit is shrunk towards that of all workdays.
void learn(Profile& profile, std::span<const Day> history, const Parameters& parameters);

// Weighted moving average along the slots with a Gaussian of standard deviation `sd` slots;
// `weight` >= 0 has the shape of `value`; where all weights about a slot are 0 the result is
// `fallback`.
Grid smooth(const Grid& value, const Grid& weight, double sd, const Grid& fallback);

}  // namespace dispecer::forecast
