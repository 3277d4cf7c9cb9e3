// A small town whose truth is known: a morning and an evening peak on workdays, one midday hump on
// other days, a level that drifts and noise. Deterministic.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "fusion/forecast/forecast.h"

namespace dispecer::forecast {

inline constexpr std::int64_t kSecond = 1'000'000;
inline constexpr std::int32_t kMonday = 20'000 - (20'000 + 3) % 7;  // a Monday in 2024, days

inline UtcTime at_day(std::int32_t day, std::int64_t second = 0) {
  return UtcTime{(static_cast<std::int64_t>(day) * 86400 + second) * kSecond};
}

class Town {
 public:
  explicit Town(std::size_t places, std::uint64_t seed = 1) : places_(places), dice_(seed) {}

  [[nodiscard]] static double usual(std::size_t place, bool workday, double hour) {
    const auto hump = [&](double centre, double width) {
      return std::exp(-0.5 * std::pow((hour - centre) / width, 2));
    };
    const double size = 60 + 20 * static_cast<double>(place % 5);
    return size * (workday ? 0.2 + hump(8, 1.2) + 0.9 * hump(17, 1.8) : 0.2 + 0.7 * hump(13, 3));
  }

  // What the places show in one step; the level is shared by the town and drifts.
  std::vector<std::optional<double>> values(bool workday, double hour) {
    level_ = 0.97 * level_ + 0.03 * normal();
    std::vector<std::optional<double>> row;
    for (std::size_t i = 0; i < places_; ++i) {
      const double mean = usual(i, workday, hour) * (1 + 0.8 * level_);
      row.emplace_back(std::max(0.0, mean + 0.7 * std::sqrt(std::max(mean, 1.0)) * normal()));
    }
    return row;
  }

  double normal() {  // sum of twelve uniform numbers, less six
    double sum = -6;
    for (int i = 0; i < 12; ++i) {
      dice_ = dice_ * 6364136223846793005ULL + 1442695040888963407ULL;
      sum += static_cast<double>(dice_ >> 11U) / 9007199254740992.0;
    }
    return sum;
  }

 private:
  std::size_t places_;
  std::uint64_t dice_;
  double level_ = 0;
};

inline Parameters quarter_hours() {
  Parameters p;
  p.step_s = 900;
  p.horizons = {1, 2, 4};
  // A smaller net: these tests run without optimisation and under sanitizers.
  p.hidden = 4;
  p.replays = 0;
  return p;
}

// Feeds whole days [first, end) of the town, local time = UTC.
inline void live(State& state, Town& town, std::int32_t first, std::int32_t end) {
  for (auto day = first; day < end; ++day) {
    for (int slot = 0; slot < 96; ++slot) {
      const bool workday = is_workday(kind_of_day(state.calendar, day));
      observe(state, at_day(day, slot * 900), town.values(workday, slot / 4.0));
    }
  }
}

}  // namespace dispecer::forecast
