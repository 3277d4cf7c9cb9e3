// The rules of the city as the access and enforcement cores see them, and what a zone demands at
// one second.
#pragma once

#include <optional>
#include <vector>

#include "controller/access/local_time.h"
#include "fusion/model/actor.h"
#include "fusion/model/parking.h"

namespace dispecer::access {

// A parking area's rule is the zone whose id is the area's `tariff_zone`: its windows are the hours
// in which a right is needed, its legal basis is the council's decision. No such zone, no case.
struct Regulations {
  std::vector<Zone> zones;
  std::vector<Gate> gates;
  std::vector<ParkingArea> parking;
  LocalTime local;
};

const Zone* find_zone(const Regulations& rules, const ZoneId& id);
const Gate* find_gate(const Regulations& rules, const GateId& id);
const ParkingArea* find_parking(const Regulations& rules, const ParkingId& id);
const Zone* parking_zone(const Regulations& rules, const ParkingArea& area);

// A zone switched on, or its timetable suspended, by hand over [from, until).
struct Activation {
  ZoneId zone;
  bool active = false;
  UtcTime from;
  UtcTime until;
  Actor first;
  Actor second;  // empty person where one was enough
  bool operator==(const Activation&) const = default;
};

constexpr auto fields(Tag<Activation>) {
  using P = Activation;
  return std::tuple{field(1, "zone", &P::zone),   field(2, "active", &P::active),
                    field(3, "from", &P::from),   field(4, "until", &P::until),
                    field(5, "first", &P::first), field(6, "second", &P::second)};
}

enum class LegalState : std::uint8_t { in_force, no_decision, not_in_force };

// What stands behind a zone at one second. It restricts only where both say so.
struct ZoneStatus {
  bool demanded = false;  // by its timetable or by hand
  bool by_hand = false;
  LegalState legal = LegalState::no_decision;
  [[nodiscard]] bool active() const { return demanded && legal == LegalState::in_force; }
};

LegalState legal_state(const LegalBasis& legal, UtcTime t);

// The activation by hand that began last and still runs wins over the timetable.
ZoneStatus zone_status(const Zone& zone, const std::vector<Activation>& by_hand,
                       const LocalTime& local, UtcTime t);

// Was it active at every moment of [from, to]? Looks at `from`, `to` and every full minute and
// every begin and end of an activation between them, which are the only moments it can change at.
bool active_throughout(const Zone& zone, const std::vector<Activation>& by_hand,
                       const LocalTime& local, UtcTime from, UtcTime to);

}  // namespace dispecer::access
