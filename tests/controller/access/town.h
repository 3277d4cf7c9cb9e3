// One zone, two gates, one day: what the access tests share.
#pragma once

#include "controller/access/access.h"

namespace dispecer::access {

inline UtcTime at(std::string_view iso) {
  return parse_iso(iso).value();
}

inline Zone old_town() {
  Zone zone;
  zone.id = ZoneId("old_town");
  zone.name = "Centrul Vechi";
  zone.version = "3";
  zone.legal = {"Consiliul Local",
                "HCL 1/2026",
                "no entry without a permit",
                {at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")},
                true};
  zone.active = {{0b0011111, 7 * 60, 20 * 60}};  // Monday to Friday, 07:00 to 20:00 local
  zone.exempt = {{PermitKind::resident, {}},
                 {PermitKind::delivery, {{0b0011111, 7 * 60, 10 * 60}}}};
  zone.grace = Seconds{120};
  return zone;
}

inline Gate gate(const char* id) {
  Gate g;
  g.id = GateId(id);
  g.name = std::string("Poarta ") + id;
  g.zone = ZoneId("old_town");
  g.sign = SignId(std::string("sign_") + id);
  g.reader = ReaderId(std::string("reader_") + id);
  return g;
}

// Local time is UTC + 2 h in November.
inline Regulations town() {
  return {{old_town()}, {gate("north"), gate("south")}, {}, {{{UtcTime{}, Seconds{7200}}}}};
}

// Monday 2026-11-23, 12:00 local: the zone is active since five hours.
inline const UtcTime kNoon = at("2026-11-23T10:00:00Z");

inline PlateRead passage(UtcTime t) {
  PlateRead read;
  read.id = ReadId("read-1");
  read.gate = GateId("north");
  read.reader = ReaderId("reader_north");
  read.t = t;
  read.plate = "MM12ABC";
  read.country = "RO";
  read.confidence = Ratio{0.995};
  read.rights = RightsAnswer{t, Seconds{20}, true, {}, {}};
  return read;
}

inline SignReport shows(const char* sign, UtcTime t, std::string_view message) {
  return {SignId(sign), t, std::string(message), true};
}

// Both signs told the truth a second before.
inline State signs_right(UtcTime t, std::string_view message = kSignRestricted) {
  State state;
  for (const char* sign : {"sign_north", "sign_south"})
    apply(state, shows(sign, t - from_seconds(1), message));
  return state;
}

}  // namespace dispecer::access
