// How good the forecasts were lately, put together over all places.
#pragma once

#include <vector>

#include "fusion/model/forecast.h"

namespace dispecer::hmi {

struct ForecastLine {
  ForecastKind kind = ForecastKind::unknown;
  Seconds ahead;
  std::size_t places = 0;    // with a forecast
  std::size_t scored = 0;    // of them, with a score
  double error = 0;          // mean absolute, over the scored places
  double profile_error = 0;  // of the usual day alone
  double covered = 0;        // share of truths inside their interval, 0..1
  double trust = 0;          // mean; 0 = the usual day alone
  bool operator==(const ForecastLine&) const = default;
};

// By kind, then by how far ahead.
std::vector<ForecastLine> forecast_lines(const CityForecast& forecast);

}  // namespace dispecer::hmi
