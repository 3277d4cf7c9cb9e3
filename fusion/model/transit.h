// The timetable: lines, stops, shapes, trips. Times of a trip count from the start of its service
// day, which is noon minus twelve hours of the local calendar day, and may exceed 24 h (GTFS
// reference, stop_times.txt).
#pragma once

#include <string>
#include <vector>

#include "fusion/model/geo.h"
#include "fusion/model/provenance.h"

namespace dispecer {

enum class VehicleKind : std::uint8_t {
  unknown = 0,
  bus = 1,
  trolleybus = 2,
  tram = 3,
  minibus = 4
};

constexpr auto names(Tag<VehicleKind>) {
  using E = VehicleKind;
  return std::array{Name<E>{E::unknown, "unknown"}, Name<E>{E::bus, "bus"},
                    Name<E>{E::trolleybus, "trolleybus"}, Name<E>{E::tram, "tram"},
                    Name<E>{E::minibus, "minibus"}};
}

// What a vehicle of that kind cannot do, whatever stands before it.
struct KindLimits {
  bool overtakes = true;   // a vehicle of its own kind that stands
  bool leaves_way = true;  // the wire or rail (a trolleybus on battery is told as a bus)
};
constexpr KindLimits limits_of(VehicleKind kind) {
  const bool bound = kind == VehicleKind::trolleybus || kind == VehicleKind::tram;
  return {!bound, !bound};
}

struct Line {
  LineId id;
  std::string short_name;
  std::string long_name;
  VehicleKind kind = VehicleKind::unknown;
  bool operator==(const Line&) const = default;
};

struct Stop {
  StopId id;
  std::string name;
  LonLat position;
  LinkId link;   // empty = outside the network
  Metres along;  // of that link, from its start
  bool operator==(const Stop&) const = default;
};

struct Shape {
  ShapeId id;
  std::vector<LonLat> points;
  std::vector<LinkId> links;  // in order of travel; empty = not mapped
  bool operator==(const Shape&) const = default;
};

struct StopTime {
  StopId stop;
  std::uint32_t sequence = 0;
  Seconds arrival;  // since the start of the service day
  Seconds departure;
  Metres along;  // of the trip's shape
  bool timepoint = true;
  bool operator==(const StopTime&) const = default;
};

struct Trip {
  TripId id;
  LineId line;
  std::string service;
  ShapeId shape;
  std::uint32_t direction = 0;
  std::string headsign;
  std::string block;
  std::vector<StopTime> stop_times;  // by sequence
  bool operator==(const Trip&) const = default;
};

// Days on which a service runs, YYYYMMDD, sorted.
struct Service {
  std::string id;
  std::vector<std::uint32_t> days;
  bool operator==(const Service&) const = default;
};

struct Timetable {
  std::string timezone;  // IANA name
  std::vector<Line> lines;
  std::vector<Stop> stops;
  std::vector<Shape> shapes;
  std::vector<Trip> trips;
  std::vector<Service> services;
  bool operator==(const Timetable&) const = default;
};

}  // namespace dispecer
