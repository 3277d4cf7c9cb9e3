// Access regulations (UVAR): zones, gates, permits. No plate stands here.
#pragma once

#include <string>
#include <vector>

#include "fusion/model/geo.h"
#include "fusion/model/provenance.h"
#include "fusion/model/time.h"

namespace dispecer {

enum class PermitKind : std::uint8_t {
  unknown = 0,
  resident = 1,
  delivery = 2,
  disabled = 3,
  public_transport = 4,
  emergency = 5,
  guest = 6,
  parking_paid = 7,
  taxi = 8
};

constexpr auto names(Tag<PermitKind>) {
  using E = PermitKind;
  return std::array{Name<E>{E::unknown, "unknown"},
                    Name<E>{E::resident, "resident"},
                    Name<E>{E::delivery, "delivery"},
                    Name<E>{E::disabled, "disabled"},
                    Name<E>{E::public_transport, "public_transport"},
                    Name<E>{E::emergency, "emergency"},
                    Name<E>{E::guest, "guest"},
                    Name<E>{E::parking_paid, "parking_paid"},
                    Name<E>{E::taxi, "taxi"}};
}

// A repeating part of the week, local time, half open.
struct WeekWindow {
  std::uint32_t weekdays = 0;      // bit 0 = Monday
  std::uint32_t from_minute = 0;   // of the day
  std::uint32_t to_minute = 1440;  // of the day
  bool operator==(const WeekWindow&) const = default;
};

// Without a decision number no zone can be active (a camera never makes a rule).
struct LegalBasis {
  std::string authority;
  std::string decision;  // number and date of the local council's decision
  std::string text;      // the rule as published
  Interval validity;
  bool demonstration =
      false;  // an invented decision: leads from it must never leave the simulation
  bool operator==(const LegalBasis&) const = default;
};

struct ExemptWindow {
  PermitKind kind = PermitKind::unknown;
  std::vector<WeekWindow> windows;  // empty = always
  bool operator==(const ExemptWindow&) const = default;
};

struct Zone {
  ZoneId id;
  std::string name;
  std::string version;
  std::vector<LonLat> polygon;
  LegalBasis legal;
  std::vector<WeekWindow> active;    // when it restricts; empty = only when activated by hand
  std::vector<ExemptWindow> exempt;  // who may enter, and when
  Seconds grace;                     // after a change of state, s
  Provenance provenance = Provenance::unknown;
  bool operator==(const Zone&) const = default;
};

struct Gate {
  GateId id;
  std::string name;
  ZoneId zone;
  LinkId link;
  Metres along;  // of that link, from its start
  LonLat position;
  ReaderId reader;
  SignId sign;
  Provenance provenance = Provenance::unknown;
  bool operator==(const Gate&) const = default;
};

// What a register said of one plate at one moment. `kinds` is empty where it holds no right.
struct RightsAnswer {
  UtcTime asked;
  Seconds register_age;   // since the register's last update
  bool answered = false;  // false = register down or refused: hold, never judge
  std::vector<PermitKind> kinds;
  std::vector<PermitKind> neighbour_kinds;  // held by any plate one confusable letter away
  bool operator==(const RightsAnswer&) const = default;
};

constexpr auto fields(Tag<RightsAnswer>) {
  using P = RightsAnswer;
  return std::tuple{field(1, "asked", &P::asked),
                    field(2, "register_age", &P::register_age, "s", {0, 1e9}),
                    field(3, "answered", &P::answered), field(4, "kinds", &P::kinds),
                    field(5, "neighbour_kinds", &P::neighbour_kinds)};
}

}  // namespace dispecer
