// What an ordinary forecast does, run beside ours on the same values.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "tests/bench/forecast/counts.h"

namespace dispecer::bench {

// profile: mean of the learning days per workday, Saturday or Sunday, smoothed over three slots.
// profile_level: profile(t+h) + phi (y(t) - profile(t)), phi per place and horizon by least squares
// on the learning days. copy_last: the last value heard.
class Baselines {
 public:
  // Days 0..learn_days of `counts` are looked at; first_weekday 0 = Monday. horizons in steps.
  Baselines(const Counts& counts, std::size_t learn_days, std::int32_t first_weekday,
            const std::vector<std::int32_t>& horizons);

  [[nodiscard]] double profile(std::size_t place, std::size_t step) const;
  // `last` and `at`: the last value heard by the time of the forecast and its step.
  [[nodiscard]] double profile_level(std::size_t place, std::size_t target, std::size_t h,
                                     double last, std::size_t at) const;

 private:
  [[nodiscard]] std::size_t kind(std::size_t step) const;

  std::size_t slots_;
  std::int32_t first_weekday_;
  std::array<std::vector<std::vector<double>>, 3> profile_;  // [kind][slot][place]
  std::vector<std::vector<double>> phi_;                     // [h][place]
};

}  // namespace dispecer::bench
