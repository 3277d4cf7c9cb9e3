// What an ordinary forecast does, run beside ours on the same values.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "tests/bench/forecast/counts.h"

namespace dispecer::bench {

// profile: mean of the learning days per workday, Saturday or Sunday, smoothed over three slots.
// profile_level: profile(t+h) + phi * level, where level is the running mean of what the values
// were above the profile; phi per place and horizon by least squares on the learning days, the
// half-life of the mean per horizon that which did best there. copy_last: the last value heard, the
// profile before there was one.
class Baselines {
 public:
  // Days 0..learn_days of `counts` are looked at; first_weekday 0 = Monday. horizons in steps.
  Baselines(const Counts& counts, std::size_t learn_days, std::int32_t first_weekday,
            const std::vector<std::int32_t>& horizons);

  // Steps come in order from 0 on.
  void observe(std::size_t step, const std::vector<std::optional<double>>& row);
  [[nodiscard]] double copy_last(std::size_t place, std::size_t target) const;
  [[nodiscard]] double profile(std::size_t place, std::size_t target) const;
  [[nodiscard]] double profile_level(std::size_t place, std::size_t target, std::size_t h) const;

 private:
  [[nodiscard]] std::size_t kind(std::size_t step) const;

  std::size_t slots_;
  std::int32_t first_weekday_;
  std::array<std::vector<std::vector<double>>, 3> profile_;  // [kind][slot][place]
  std::vector<double> keep_;                                 // per half-life
  std::vector<std::vector<double>> phi_;                     // [h][place]
  std::vector<std::size_t> best_;                            // [h], index of a half-life
  std::vector<std::vector<double>> level_;                   // [half-life][place]
  std::vector<std::optional<double>> last_;                  // [place]
};

}  // namespace dispecer::bench
