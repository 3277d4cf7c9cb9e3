#include "tests/bench/forecast/baselines.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

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
  for (const double minutes : {1.0, 15.0, 30.0, 60.0, 120.0})
    keep_.push_back(std::exp2(-counts.step_min / minutes));
  level_.assign(keep_.size(), std::vector<double>(places, 0.0));
  last_.assign(places, std::nullopt);

  // Sums over the learning days: [half-life][h][place].
  const std::vector<Table> none(keep_.size(), Table(horizons.size(), std::vector<double>(places)));
  auto cross = none;
  auto square = none;
  Table of_targets(horizons.size(), std::vector<double>(places));
  std::vector<std::vector<std::vector<double>>> past;  // ring of level_
  const auto reach = static_cast<std::size_t>(horizons.back()) + 1;
  past.resize(reach, level_);
  for (std::size_t t = 0; t < steps; ++t) {
    for (std::size_t h = 0; h < horizons.size(); ++h) {
      const auto ahead = static_cast<std::size_t>(horizons[h]);
      if (t < ahead) continue;
      for (std::size_t i = 0; i < places; ++i) {
        if (!counts.rows[t][i]) continue;
        const double y = *counts.rows[t][i] - profile(i, t);
        of_targets[h][i] += y * y;
        for (std::size_t k = 0; k < keep_.size(); ++k) {
          const double x = past[(t - ahead) % reach][k][i];
          cross[k][h][i] += x * y;
          square[k][h][i] += x * x;
        }
      }
    }
    observe(t, counts.rows[t]);
    past[t % reach] = level_;
  }
  for (std::size_t h = 0; h < horizons.size(); ++h) {
    std::size_t best = 0;
    double least = std::numeric_limits<double>::max();
    for (std::size_t k = 0; k < keep_.size(); ++k) {
      double left = 0;
      for (std::size_t i = 0; i < places; ++i) {
        left += of_targets[h][i];
        if (square[k][h][i] > 0) left -= cross[k][h][i] * cross[k][h][i] / square[k][h][i];
      }
      if (left < least) {
        least = left;
        best = k;
      }
    }
    best_.push_back(best);
    auto& phi = phi_.emplace_back(places, 0.0);
    for (std::size_t i = 0; i < places; ++i) {
      if (square[best][h][i] > 0) phi[i] = cross[best][h][i] / square[best][h][i];
    }
  }
  for (auto& level : level_) level.assign(places, 0.0);
  last_.assign(places, std::nullopt);
}

void Baselines::observe(std::size_t step, const std::vector<std::optional<double>>& row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!row[i]) continue;
    last_[i] = row[i];
    const double above = *row[i] - profile(i, step);
    for (std::size_t k = 0; k < keep_.size(); ++k)
      level_[k][i] = keep_[k] * level_[k][i] + (1 - keep_[k]) * above;
  }
}

std::size_t Baselines::kind(std::size_t step) const {
  const auto weekday = (static_cast<std::size_t>(first_weekday_) + step / slots_) % 7;
  return weekday < 5 ? 0 : weekday - 4;
}

double Baselines::copy_last(std::size_t place, std::size_t target) const {
  return last_[place].value_or(profile(place, target));
}

double Baselines::profile(std::size_t place, std::size_t target) const {
  return profile_[kind(target)][target % slots_][place];
}

double Baselines::profile_level(std::size_t place, std::size_t target, std::size_t h) const {
  return std::max(0.0, profile(place, target) + phi_[h][place] * level_[best_[h]][place]);
}

}  // namespace dispecer::bench
