// Parking areas.
#pragma once

#include <string>
#include <vector>

#include "fusion/model/geo.h"
#include "fusion/model/provenance.h"

namespace dispecer {

enum class ParkingKind : std::uint8_t { unknown = 0, on_street = 1, off_street = 2, garage = 3 };

constexpr auto names(Tag<ParkingKind>) {
  using E = ParkingKind;
  return std::array{Name<E>{E::unknown, "unknown"}, Name<E>{E::on_street, "on_street"},
                    Name<E>{E::off_street, "off_street"}, Name<E>{E::garage, "garage"}};
}

struct ParkingArea {
  ParkingId id;
  std::string name;
  ParkingKind kind = ParkingKind::unknown;
  LonLat position;
  std::vector<LonLat> polygon;  // may be empty
  LinkId link;                  // from which it is entered
  Metres along;                 // of that link, from its start
  std::uint32_t capacity = 0;  // all bays, special ones included: the one base for every percentage
  std::uint32_t disabled_bays = 0;
  std::uint32_t loading_bays = 0;
  std::uint32_t resident_bays = 0;
  std::uint32_t charging_bays = 0;
  bool camera = false;
  std::string tariff_zone;
  Seconds grace{300};  // between the two reads of a parking case, s
  Provenance provenance = Provenance::unknown;

  bool operator==(const ParkingArea&) const = default;
};

constexpr auto fields(Tag<ParkingArea>) {
  using P = ParkingArea;
  return std::tuple{field(1, "id", &P::id),
                    field(2, "name", &P::name),
                    field(3, "kind", &P::kind),
                    field(4, "position", &P::position),
                    field(5, "polygon", &P::polygon),
                    field(6, "link", &P::link),
                    field(7, "along", &P::along, "m", {0, 100000}),
                    field(8, "capacity", &P::capacity, "", {0, 100000}),
                    field(9, "disabled_bays", &P::disabled_bays),
                    field(10, "loading_bays", &P::loading_bays),
                    field(11, "resident_bays", &P::resident_bays),
                    field(12, "charging_bays", &P::charging_bays),
                    field(13, "camera", &P::camera),
                    field(14, "tariff_zone", &P::tariff_zone),
                    field(15, "grace", &P::grace, "s", {0, 7200}),
                    field(16, "provenance", &P::provenance)};
}

}  // namespace dispecer
