// Air quality stations and what they measure.
#pragma once

#include <string>
#include <vector>

#include "fusion/model/geo.h"
#include "fusion/model/provenance.h"

namespace dispecer {

enum class Pollutant : std::uint8_t {
  unknown = 0,
  no2 = 1,
  pm10 = 2,
  pm25 = 3,
  o3 = 4,
  so2 = 5,
  co = 6
};

constexpr auto names(Tag<Pollutant>) {
  using E = Pollutant;
  return std::array{Name<E>{E::unknown, "unknown"},
                    Name<E>{E::no2, "no2"},
                    Name<E>{E::pm10, "pm10"},
                    Name<E>{E::pm25, "pm25"},
                    Name<E>{E::o3, "o3"},
                    Name<E>{E::so2, "so2"},
                    Name<E>{E::co, "co"}};
}

struct AirStation {
  StationId id;
  std::string name;
  LonLat position;
  std::vector<Pollutant> pollutants;
  Provenance provenance = Provenance::unknown;

  bool operator==(const AirStation&) const = default;
};

constexpr auto fields(Tag<AirStation>) {
  using P = AirStation;
  return std::tuple{field(1, "id", &P::id), field(2, "name", &P::name),
                    field(3, "position", &P::position), field(4, "pollutants", &P::pollutants),
                    field(5, "provenance", &P::provenance)};
}

}  // namespace dispecer
