#include "hmi/view_model/forecast_view.h"

#include <map>

namespace dispecer::hmi {

std::vector<ForecastLine> forecast_lines(const CityForecast& forecast) {
  std::map<std::pair<ForecastKind, double>, ForecastLine> lines;
  for (const auto& place : forecast.places) {
    for (const auto& point : place.points) {
      auto& line = lines[{place.kind, point.ahead.value}];
      line.kind = place.kind;
      line.ahead = point.ahead;
      ++line.places;
      line.trust += point.trust.value;
      if (!point.score) continue;
      ++line.scored;
      line.error += point.score->error;
      line.profile_error += point.score->profile_error;
      line.covered += point.score->covered;
    }
  }
  std::vector<ForecastLine> out;
  for (auto& [key, line] : lines) {
    line.trust /= static_cast<double>(line.places);
    if (line.scored > 0) {
      const auto n = static_cast<double>(line.scored);
      line.error /= n;
      line.profile_error /= n;
      line.covered /= n;
    }
    out.push_back(line);
  }
  return out;
}

}  // namespace dispecer::hmi
