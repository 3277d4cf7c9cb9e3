// Emergency vehicles: of what kind, and who may ask for a corridor of greens for them.
#pragma once

#include <string>
#include <vector>

#include "fusion/model/fields.h"

namespace dispecer {

// On what errand, in order of precedence: a lower number goes first. unknown = on none.
enum class EmergencyKind : std::uint8_t {
  unknown = 0,
  ambulance = 1,
  fire = 2,
  police = 3,
  other = 4  // gas, electricity, blood
};

constexpr auto names(Tag<EmergencyKind>) {
  using E = EmergencyKind;
  return std::array{Name<E>{E::unknown, "unknown"}, Name<E>{E::ambulance, "ambulance"},
                    Name<E>{E::fire, "fire"}, Name<E>{E::police, "police"},
                    Name<E>{E::other, "other"}};
}

// Ambulance and fire save life alike: neither goes before the other.
constexpr std::uint32_t precedence(EmergencyKind k) {
  if (k == EmergencyKind::unknown) return 9;
  return k == EmergencyKind::fire ? 1 : static_cast<std::uint32_t>(k);
}

// A vehicle whose own device may open a corridor by telling that it is on an errand.
struct EmergencyUnit {
  VehicleId id;
  EmergencyKind kind = EmergencyKind::unknown;
  bool operator==(const EmergencyUnit&) const = default;
};

// An automaton that may ask by intent: a dispatch interface, or the button of a station.
struct EmergencyDesk {
  PersonId id;                       // the automaton's name ("dispatch/smurd", "station/garda_1")
  std::vector<EmergencyKind> kinds;  // that it may ask for
  std::vector<LinkId> route;         // of a station's button, which opens this one and no other;
                                     // empty = any
  bool operator==(const EmergencyDesk&) const = default;
};

// A route that a controller holds itself (M0005), for the movement on which a vehicle crosses.
struct EmergencyRoute {
  MovementId id;
  std::uint32_t number = 0;
  bool operator==(const EmergencyRoute&) const = default;
};

struct EmergencyRegister {
  std::vector<EmergencyUnit> units;
  std::vector<EmergencyDesk> desks;
  std::vector<EmergencyRoute> routes;
  bool operator==(const EmergencyRegister&) const = default;
};

constexpr auto fields(Tag<EmergencyUnit>) {
  using P = EmergencyUnit;
  return std::tuple{field(1, "id", &P::id), field(2, "kind", &P::kind)};
}
constexpr auto fields(Tag<EmergencyDesk>) {
  using P = EmergencyDesk;
  return std::tuple{field(1, "id", &P::id), field(2, "kinds", &P::kinds),
                    field(3, "route", &P::route)};
}
constexpr auto fields(Tag<EmergencyRoute>) {
  using P = EmergencyRoute;
  return std::tuple{field(1, "id", &P::id), field(2, "number", &P::number, "", {1, 255})};
}

}  // namespace dispecer
