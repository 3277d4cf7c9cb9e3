// A straight route of 1,500 m for the tests: links A, B, C of 500 m eastwards; a plain junction
// between A and B, a signal between B and C. Stops at 0, 400, 900 and 1,500 m; 400 is no time
// point.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "fusion/transit/transit.h"

namespace dispecer::transit::test {

inline constexpr UtcTime kDay{1'700'000'000'000'000};  // start of service day 20231114
inline constexpr std::uint32_t kDate = 20231114;

inline LonLat at(double x, double y = 0) {
  static const LocalPlane plane({23.58, 47.66});
  return plane.to_lon_lat({x, y});
}
inline UtcTime when(double s) {
  return kDay + from_seconds(s);
}

inline Network make_network() {
  Network net;
  net.junctions = {{JunctionId{"J0"}, "", {23.58, 47.66}, false, Provenance::invented}};
  for (int i = 0; i < 3; ++i) {
    Link link;
    link.id = LinkId{std::string(1, static_cast<char>('A' + i))};
    link.shape = {at(500.0 * i), at(500.0 * (i + 1))};
    link.length = Metres{500};
    link.speed_limit = MetresPerSecond{14};
    net.links.push_back(link);
  }
  Movement plain;
  plain.id = MovementId{"A-B"};
  plain.from = LinkId{"A"};
  plain.to = LinkId{"B"};
  Movement signal;
  signal.id = MovementId{"B-C"};
  signal.junction = JunctionId{"J2"};
  signal.from = LinkId{"B"};
  signal.to = LinkId{"C"};
  signal.group = SignalGroupId{"g"};
  net.movements = {plain, signal};
  return net;
}

// One trip leaving at `start` seconds of the service day.
inline Trip make_trip(const std::string& id, double start, const std::string& service = "daily") {
  Trip trip;
  trip.id = TripId{id};
  trip.line = LineId{"1"};
  trip.service = service;
  trip.shape = ShapeId{"east"};
  const auto stop = [&](const char* name, std::uint32_t sequence, double arrival, double departure,
                        double along, bool timepoint) {
    trip.stop_times.push_back({StopId{name}, sequence, Seconds{start + arrival},
                               Seconds{start + departure}, Metres{along}, timepoint});
  };
  stop("S0", 1, 0, 0, 0, true);
  stop("S1", 2, 50, 70, 400, false);
  stop("S2", 3, 120, 140, 900, true);
  stop("S3", 4, 240, 240, 1500, true);
  return trip;
}

inline Timetable make_timetable(double start = 28800) {
  Timetable table;
  table.lines = {{LineId{"1"}, "1", "", VehicleKind::bus}};
  table.stops = {{StopId{"S0"}, "", at(0), LinkId{"A"}, Metres{0}},
                 {StopId{"S1"}, "", at(400), LinkId{"A"}, Metres{400}},
                 {StopId{"S2"}, "", at(900), LinkId{"B"}, Metres{400}},
                 {StopId{"S3"}, "", at(1500), LinkId{"C"}, Metres{500}}};
  table.shapes = {{ShapeId{"east"}, {at(0), at(1500)}, {LinkId{"A"}, LinkId{"B"}, LinkId{"C"}}}};
  table.trips = {make_trip("t1", start), make_trip("t2", start + 600)};
  table.services = {{"daily", {kDate - 1, kDate, kDate + 1}}};
  return table;
}

inline std::map<std::uint32_t, UtcTime> make_days() {
  return {{kDate - 1, kDay - std::chrono::hours(24)},
          {kDate, kDay},
          {kDate + 1, kDay + std::chrono::hours(24)}};
}

inline VehiclePosition fix(const std::string& vehicle, double s, double x, double speed,
                           const std::string& trip = "t1") {
  VehiclePosition p;
  p.vehicle = VehicleId{vehicle};
  p.t = when(s);
  p.position = at(x);
  p.speed = MetresPerSecond{speed};
  p.trip = TripId{trip};
  return p;
}

// The signal at the end of link B.
inline std::map<JunctionId, JunctionSignals> make_signals() {
  JunctionSignals signals;
  signals.junction = JunctionId{"J2"};
  signals.groups.resize(1);
  signals.groups[0].id = SignalGroupId{"g"};
  return {{signals.junction, signals}};
}

inline SignalObservation lamps(double s, Aspect aspect) {
  SignalObservation seen;
  seen.junction = JunctionId{"J2"};
  seen.t = when(s);
  seen.link = CommLink::connected;
  seen.mode = ControlMode::control;
  seen.groups = {aspect};
  return seen;
}

inline State make_with_lamps() {
  return make_state(make_timetable(), make_network(), make_signals(), make_days());
}

inline State make() {
  return make_state(make_timetable(), make_network(), {}, make_days());
}

}  // namespace dispecer::transit::test
