// One paid street, one scan car: what the enforcement tests share.
#pragma once

#include "controller/enforcement/enforcement.h"

namespace dispecer::enforcement {

inline UtcTime at(std::string_view iso) {
  return parse_iso(iso).value();
}
inline UtcTime after(UtcTime t, double s) {
  return t + from_seconds(s);
}

inline const UtcTime kStart = at("2026-11-23T10:00:00Z");  // Monday
constexpr LonLat kSpot{23.58, 47.66};
constexpr const char* kPlate = "MM12ABC";

// A point some metres east of the spot.
inline LonLat east(double metres) {
  return LocalPlane(kSpot).to_lon_lat({metres, 0});
}

inline Zone paid_zone(const char* id) {
  Zone zone;
  zone.id = ZoneId(id);
  zone.version = "2";
  zone.legal = {"Consiliul Local",
                "HCL 9/2026",
                "parking is paid",
                {at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")},
                false};
  zone.active = {{0b0011111, 8 * 60, 18 * 60}};
  return zone;
}

inline ParkingArea area(const char* id, const char* tariff) {
  ParkingArea a;
  a.id = ParkingId(id);
  a.name = "Strada Victoriei";
  a.position = kSpot;
  a.tariff_zone = tariff;
  a.grace = Seconds{600};
  return a;
}

inline Regulations street() {
  Regulations rules;
  rules.zones = {paid_zone("red")};
  rules.parking = {area("victoriei", "red"), area("unirii", "red")};
  return rules;
}

inline RightsAnswer nothing(UtcTime t) {
  return {t, Seconds{10}, true, {}, {}};
}

inline ScanRead seen(const char* id, UtcTime t) {
  ScanRead read;
  read.id = ReadId(id);
  read.scan_car = VehicleId("scan-1");
  read.t = t;
  read.position = kSpot;
  read.position_sd = Metres{4};
  read.parking = ParkingId("victoriei");
  read.plate = kPlate;
  read.country = "RO";
  read.confidence = Ratio{0.995};
  read.image = "img/" + std::string(id);
  read.rights = nothing(t);
  return read;
}

// Runs two reads; gives the state after both.
inline State two(const ScanRead& a, const ScanRead& b, const Regulations& rules = street()) {
  State state;
  apply(state, rules, {}, a, a.t);
  apply(state, rules, {}, b, b.t);
  return state;
}

inline ScanRead first() {
  return seen("r1", kStart);
}
inline ScanRead second() {
  return seen("r2", after(kStart, 600));
}

inline const Actor kPolice{PersonId("ion"), Role::police, WorkplaceId("p1")};
inline const Actor kOperator{PersonId("ana"), Role::op, WorkplaceId("w1")};

inline std::uint64_t counted(const State& state, const std::string& name) {
  const auto all = counters(state);
  const auto it = all.find("enforcement." + name);
  return it == all.end() ? 0 : it->second;
}

}  // namespace dispecer::enforcement
