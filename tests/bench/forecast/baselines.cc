#include "tests/bench/forecast/baselines.h"

#include <algorithm>

namespace dispecer::bench {

Baselines::Baselines(const Counts& counts, std::size_t learn_days, std::int32_t first_weekday,
                     const std::vector<std::int32_t>& horizons)
    : slots_(static_cast<std::size_t>(1440 / counts.step_min)), first_weekday_(first_weekday) {
  const auto places = counts.places.size();
  const auto steps = std::min(learn_days * slots_, counts.rows.size());
  using Table = std::vector<std::vector<double>>;
  const Table zero(slots_, std::vector<double>(places, 0.0));
  // Index 3: all days, for kinds that were not seen.
  std::array<Table, 4> sum{zero, zero, zero, zero};
  std::array<Table, 4> count{zero, zero, zero, zero};
  for (std::size_t t = 0; t < steps; ++t) {
    for (std::size_t i = 0; i < places; ++i) {
      const auto& v = counts.rows[t][i];
      if (!v) continue;
      for (const auto k : {kind(t), std::size_t{3}}) {
        sum[k][t % slots_][i] += *v;
        count[k][t % slots_][i] += 1;
      }
    }
  }
  for (std::size_t k = 0; k < 3; ++k) {
    profile_[k] = zero;
    for (std::size_t s = 0; s < slots_; ++s) {
      for (std::size_t i = 0; i < places; ++i) {
        const auto mean = [&](std::size_t which) {
          double total = 0;
          double weight = 0;
          for (const std::size_t d : {slots_ - 1, std::size_t{0}, std::size_t{1}}) {
            const auto at = (s + d) % slots_;
            const double w = d == 0 ? 0.5 : 0.25;
            total += w * sum[which][at][i];
            weight += w * count[which][at][i];
          }
          return weight > 0 ? std::optional(total / weight) : std::nullopt;
        };
        profile_[k][s][i] = mean(k).value_or(mean(3).value_or(0.0));
      }
    }
  }
  for (const auto h : horizons) {
    auto& phi = phi_.emplace_back(places, 0.0);
    for (std::size_t i = 0; i < places; ++i) {
      double cross = 0;
      double square = 0;
      for (std::size_t t = 0; t + static_cast<std::size_t>(h) < steps; ++t) {
        const auto& now = counts.rows[t][i];
        const auto& then = counts.rows[t + static_cast<std::size_t>(h)][i];
        if (!now || !then) continue;
        const double z = *now - profile(i, t);
        cross += z * (*then - profile(i, t + static_cast<std::size_t>(h)));
        square += z * z;
      }
      phi[i] = square > 0 ? cross / square : 0;
    }
  }
}

std::size_t Baselines::kind(std::size_t step) const {
  const auto weekday = (static_cast<std::size_t>(first_weekday_) + step / slots_) % 7;
  return weekday < 5 ? 0 : weekday - 4;
}

double Baselines::profile(std::size_t place, std::size_t step) const {
  return profile_[kind(step)][step % slots_][place];
}

double Baselines::profile_level(std::size_t place, std::size_t target, std::size_t h, double last,
                                std::size_t at) const {
  return std::max(0.0, profile(place, target) + phi_[h][place] * (last - profile(place, at)));
}

}  // namespace dispecer::bench
