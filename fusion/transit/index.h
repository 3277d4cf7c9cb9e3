// The timetable laid over the network, built once: shapes as polylines in metres with the links and
// signals that stand along them, trips as distances and times.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "controller/plan/junction_signals.h"
#include "fusion/model/network.h"
#include "fusion/model/transit.h"
#include "fusion/transit/lamps.h"

namespace dispecer::transit {

inline constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

// A link of a shape; begin and end (its stop line) in metres along the shape.
struct ShapeLink {
  std::uint32_t link = kNone;  // position in Network::links
  double begin = 0;
  double end = 0;
  std::uint32_t movement = kNone;  // to the next link: position in Network::movements
  bool signalised = false;
};

struct ShapeIndex {
  ShapeId id;
  std::vector<Local> points;
  std::vector<double> along;  // of each point
  std::vector<ShapeLink> links;
  [[nodiscard]] double length() const { return along.empty() ? 0.0 : along.back(); }
};

struct StopPoint {
  std::uint32_t stop = kNone;  // position in Timetable::stops
  std::uint32_t sequence = 0;
  double along = 0;      // m of the shape
  double arrival = 0;    // s of the service day
  double departure = 0;  // s of the service day
  bool timepoint = true;
};

struct TripIndex {
  TripId id;
  LineId line;
  std::uint32_t shape = kNone;
  std::uint32_t service = kNone;
  std::vector<StopPoint> stops;        // by sequence
  std::vector<std::uint32_t> control;  // those between which lateness is interpolated
};

// What a plan implies for each group of its junction.
struct PlanLamps {
  std::uint32_t number = 0;
  double cycle = 0;
  std::vector<std::vector<LampSwitch>> groups;  // empty = it never changes
};

struct ServiceStart {
  UtcTime start;
  std::uint32_t date = 0;  // YYYYMMDD
};

struct Index {
  LocalPlane plane{LonLat{}};
  std::vector<ShapeIndex> shapes;
  std::vector<TripIndex> trips;
  std::vector<std::vector<std::uint32_t>> service_days;  // sorted dates
  std::vector<ServiceStart> days;                        // by start
  std::vector<LinkId> links;
  std::vector<double> limits;  // m/s, of each link
  std::vector<MovementId> movements;
  std::vector<bool> bus_lane;  // of each link
  // Junction (in the order of `signals`) and group of each movement; kNone = no known lamps.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> lamps;
  std::map<JunctionId, std::uint32_t> junction_of;
  std::vector<std::vector<PlanLamps>> plans;  // by junction
  std::map<TripId, std::uint32_t> trip_of;
  std::map<LineId, VehicleKind> kind_of;
};

// `day_starts`: start of each service day (local noon minus 12 h), prepared by the main, because a
// core has no time zone tables. A trip whose shape is missing runs straight from stop to stop.
Index make_index(const Timetable& timetable, const Network& network,
                 const std::map<JunctionId, JunctionSignals>& signals,
                 const std::map<std::uint32_t, UtcTime>& day_starts);

// Scheduled second of the service day at `along`, between control points by distance.
double scheduled_s(const TripIndex& trip, double along);
// Seconds behind the timetable at second `s` of the service day; 0 while it stands at a control
// point within its time, and while it has not yet to leave the first stop.
double lateness_s(const TripIndex& trip, double along, double s);

// Direction of the shape at `along`, degrees clockwise from north.
double bearing_deg(const ShapeIndex& shape, double along);

// Nearest point of the shape within [from, to] metres along it.
Projection project_within(const ShapeIndex& shape, Local p, double from, double to);

}  // namespace dispecer::transit
