// What is expected at places of the city in the next hour, and how good such words were lately.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fusion/model/fields.h"

namespace dispecer {

enum class ForecastKind : std::uint8_t {
  unknown = 0,
  flow = 1,     // of a link, veh/h
  speed = 2,    // of a link, m/s
  parking = 3,  // of an area, bays taken
};

constexpr auto names(Tag<ForecastKind>) {
  using E = ForecastKind;
  return std::array{Name<E>{E::unknown, "unknown"}, Name<E>{E::flow, "flow"},
                    Name<E>{E::speed, "speed"}, Name<E>{E::parking, "parking"}};
}

// Running means over about a week, of the place and horizon.
struct ForecastScore {
  double error = 0;          // mean absolute, in the unit of the values
  double profile_error = 0;  // of the usual day alone, on the same values
  double covered = 0;        // share of the truths inside the interval
  double truths = 0;         // how many came in, ever
  bool operator==(const ForecastScore&) const = default;
};

// The value to come lies in [low, high] nine times of ten. trust 1 = from fresh data, 0 = the usual
// day alone.
struct ForecastPoint {
  Seconds ahead;
  double value = 0;
  double low = 0;
  double high = 0;
  Ratio trust;
  std::optional<ForecastScore> score;  // absent = no truth came in yet
  bool operator==(const ForecastPoint&) const = default;
};

struct PlaceForecast {
  ForecastKind kind = ForecastKind::unknown;
  std::string place;  // id of the link or parking area
  std::vector<ForecastPoint> points;
  bool operator==(const PlaceForecast&) const = default;
};

// Made at the end of a step; seconds ahead count from `t`. Places without a usual day yet are left
// out.
struct CityForecast {
  UtcTime t;
  std::uint32_t epoch = 0;
  std::vector<PlaceForecast> places;
  bool operator==(const CityForecast&) const = default;
};

constexpr auto fields(Tag<ForecastScore>) {
  using P = ForecastScore;
  return std::tuple{field(1, "error", &P::error, "", {0, 1e12}, 2),
                    field(2, "profile_error", &P::profile_error, "", {0, 1e12}, 2),
                    field(3, "covered", &P::covered, "1", {0, 1}, 2),
                    field(4, "truths", &P::truths, "", {0, 1e12}, 2)};
}
constexpr auto fields(Tag<ForecastPoint>) {
  using P = ForecastPoint;
  return std::tuple{field(1, "ahead", &P::ahead, "s", {0, 86400}, 2),
                    field(2, "value", &P::value, "", {}, 2),
                    field(3, "low", &P::low, "", {}, 2),
                    field(4, "high", &P::high, "", {}, 2),
                    field(5, "trust", &P::trust, "1", {0, 1}, 2),
                    field(6, "score", &P::score, "", {}, 2)};
}
constexpr auto fields(Tag<PlaceForecast>) {
  using P = PlaceForecast;
  return std::tuple{field(1, "kind", &P::kind, "", {}, 2), field(2, "place", &P::place, "", {}, 2),
                    field(3, "points", &P::points, "", {}, 2)};
}
constexpr auto fields(Tag<CityForecast>) {
  using P = CityForecast;
  return std::tuple{field(1, "t", &P::t, "", {}, 2), field(2, "epoch", &P::epoch, "", {}, 2),
                    field(3, "places", &P::places, "", {}, 2)};
}

}  // namespace dispecer
