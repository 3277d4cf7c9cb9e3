// What the field tells us, already in our words and units. Each names the moment of the
// measurement; the moment of receipt travels in the envelope.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fusion/model/air.h"
#include "fusion/model/emergency.h"
#include "fusion/model/geo.h"
#include "fusion/model/signal_state.h"
#include "fusion/model/transit.h"

namespace dispecer {

// One detector over [from, to).
struct DetectorSample {
  DetectorId detector;
  std::uint32_t count = 0;  // vehicles (pushes, for a button) that came in the interval
  Ratio occupancy;          // share of the interval covered
  bool occupied = false;    // at the end of the interval
  std::optional<MetresPerSecond> speed;  // mean of the counted vehicles
  bool forced = false;                   // the controller reads a forced value, not the street

  bool operator==(const DetectorSample&) const = default;
};

// All detectors of one junction that had news over [from, to).
struct DetectorBatch {
  JunctionId junction;
  UtcTime from;
  UtcTime to;
  std::vector<DetectorSample> samples;

  bool operator==(const DetectorBatch&) const = default;
};

enum class StopStatus : std::uint8_t { unknown = 0, incoming = 1, stopped = 2, in_transit = 3 };

constexpr auto names(Tag<StopStatus>) {
  using E = StopStatus;
  return std::array{Name<E>{E::unknown, "unknown"}, Name<E>{E::incoming, "incoming"},
                    Name<E>{E::stopped, "stopped"}, Name<E>{E::in_transit, "in_transit"}};
}

struct VehiclePosition {
  VehicleId vehicle;
  UtcTime t;  // of the position fix
  LonLat position;
  std::optional<Bearing> bearing;
  std::optional<MetresPerSecond> speed;
  TripId trip;             // empty = the feed named none
  LineId line;             // empty = the feed named none
  std::string start_date;  // YYYYMMDD of the service day, empty = not told
  std::optional<std::uint32_t> stop_sequence;
  StopStatus stop_status = StopStatus::unknown;
  std::optional<Ratio> passenger_load;  // share of the places taken
  // Told by the vehicle's own device: on an errand with light and horn; unknown = on none.
  EmergencyKind emergency = EmergencyKind::unknown;

  bool operator==(const VehiclePosition&) const = default;
};

enum class PointKind : std::uint8_t {
  unknown = 0,
  registration = 1,   // it comes
  door_closed = 2,    // it is about to leave its stop
  deregistration = 3  // it has passed the stop line
};

constexpr auto names(Tag<PointKind>) {
  using E = PointKind;
  return std::array{Name<E>{E::unknown, "unknown"}, Name<E>{E::registration, "registration"},
                    Name<E>{E::door_closed, "door_closed"},
                    Name<E>{E::deregistration, "deregistration"}};
}

// A vehicle of public transport announced itself at a point before (or behind) a signal: a loop, a
// radio telegram, a contact of its doors, another supervisor. What the source does not tell stays
// empty.
struct PriorityPoint {
  JunctionId junction;
  SignalGroupId group;
  UtcTime t;  // at which it was at the point
  PointKind kind = PointKind::unknown;
  std::string source;  // detector, report point or supervisor
  VehicleKind vehicle_kind = VehicleKind::unknown;
  VehicleId vehicle;
  LineId line;
  std::optional<Metres> to_stop_line;
  std::optional<Seconds> eta;       // told by the source: to the stop line, from `t`
  std::optional<Seconds> lateness;  // told by the source, positive = late

  bool operator==(const PriorityPoint&) const = default;
};

struct ParkingCount {
  ParkingId parking;
  UtcTime t;
  std::optional<std::uint32_t> occupied;  // bays
  std::optional<std::uint32_t> free;      // bays
  std::optional<std::uint32_t> capacity;  // the base that the source counts against
  std::string source;                     // camera or feed

  bool operator==(const ParkingCount&) const = default;
};

struct AirSample {
  StationId station;
  Pollutant pollutant = Pollutant::unknown;
  Interval period;  // over which the station averaged
  Micrograms value;
  bool valid = true;  // the station's own flag

  bool operator==(const AirSample&) const = default;
};

struct SignReport {
  SignId sign;
  UtcTime t;
  std::string shows;  // key of the message on its face, "" = dark
  bool healthy = true;

  bool operator==(const SignReport&) const = default;
};

constexpr auto fields(Tag<Interval>) {
  using P = Interval;
  return std::tuple{field(1, "begin", &P::begin), field(2, "end", &P::end)};
}
constexpr auto fields(Tag<DetectorSample>) {
  using P = DetectorSample;
  return std::tuple{field(1, "detector", &P::detector),
                    field(2, "count", &P::count, "veh", {0, 100000}),
                    field(3, "occupancy", &P::occupancy, "1", {0, 1}),
                    field(4, "occupied", &P::occupied),
                    field(5, "speed", &P::speed, "m/s", {0, 100}),
                    field(6, "forced", &P::forced)};
}
constexpr auto fields(Tag<DetectorBatch>) {
  using P = DetectorBatch;
  return std::tuple{field(1, "junction", &P::junction), field(2, "from", &P::from),
                    field(3, "to", &P::to), field(4, "samples", &P::samples)};
}
constexpr auto fields(Tag<VehiclePosition>) {
  using P = VehiclePosition;
  return std::tuple{field(1, "vehicle", &P::vehicle),
                    field(2, "t", &P::t),
                    field(3, "position", &P::position),
                    field(4, "bearing", &P::bearing, "deg", {0, 360}),
                    field(5, "speed", &P::speed, "m/s", {0, 60}),
                    field(6, "trip", &P::trip),
                    field(7, "line", &P::line),
                    field(8, "start_date", &P::start_date),
                    field(9, "stop_sequence", &P::stop_sequence),
                    field(10, "stop_status", &P::stop_status),
                    field(11, "passenger_load", &P::passenger_load, "1", {0, 3}),
                    field(12, "emergency", &P::emergency, "", {}, 2)};
}
constexpr auto fields(Tag<PriorityPoint>) {
  using P = PriorityPoint;
  return std::tuple{field(1, "junction", &P::junction),
                    field(2, "group", &P::group),
                    field(3, "t", &P::t),
                    field(4, "kind", &P::kind),
                    field(5, "source", &P::source),
                    field(6, "vehicle_kind", &P::vehicle_kind),
                    field(7, "vehicle", &P::vehicle),
                    field(8, "line", &P::line),
                    field(9, "to_stop_line", &P::to_stop_line, "m", {0, 10000}),
                    field(10, "eta", &P::eta, "s", {0, 3600}),
                    field(11, "lateness", &P::lateness, "s", {-86400, 86400})};
}
constexpr auto fields(Tag<ParkingCount>) {
  using P = ParkingCount;
  return std::tuple{field(1, "parking", &P::parking),   field(2, "t", &P::t),
                    field(3, "occupied", &P::occupied), field(4, "free", &P::free),
                    field(5, "capacity", &P::capacity), field(6, "source", &P::source)};
}
constexpr auto fields(Tag<AirSample>) {
  using P = AirSample;
  return std::tuple{field(1, "station", &P::station), field(2, "pollutant", &P::pollutant),
                    field(3, "period", &P::period),
                    field(4, "value", &P::value, "ug/m3", {0, 5000}), field(5, "valid", &P::valid)};
}
constexpr auto fields(Tag<SignReport>) {
  using P = SignReport;
  return std::tuple{field(1, "sign", &P::sign), field(2, "t", &P::t), field(3, "shows", &P::shows),
                    field(4, "healthy", &P::healthy)};
}

}  // namespace dispecer
