// A link of 500 m to a signal, with one stop-line loop, one bus trip along it from second 1,000 to
// 2,000 of the day, one parking area and one air station.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "fusion/app/core.h"

namespace dispecer::fusion::test {

inline constexpr UtcTime kDay{1'700'000'000'000'000};
inline UtcTime at(double s) {
  return kDay + from_seconds(s);
}

inline std::shared_ptr<const Setup> make_setup() {
  auto setup = std::make_shared<Setup>();
  const LocalPlane plane({23.58, 47.66});
  const auto point = [&](double x) { return plane.to_lon_lat({x, 0}); };
  setup->network.junctions = {{JunctionId{"J"}, "J", {23.58, 47.66}, true, Provenance::invented}};
  for (int i = 0; i < 2; ++i) {
    Link link;
    link.id = LinkId{i == 0 ? "W" : "E"};
    link.shape = {point(500.0 * i), point(500.0 * (i + 1))};
    link.length = Metres{500};
    link.speed_limit = MetresPerSecond{14};
    link.saturation_flow = Flow{1800};
    setup->network.links.push_back(link);
  }
  Movement movement;
  movement.id = MovementId{"W-E"};
  movement.junction = JunctionId{"J"};
  movement.from = LinkId{"W"};
  movement.to = LinkId{"E"};
  movement.group = SignalGroupId{"g"};
  movement.lanes = {0};
  movement.share = Ratio{1};
  setup->network.movements = {movement};
  Detector loop;
  loop.id = DetectorId{"loop"};
  loop.kind = DetectorKind::stop_line;
  loop.junction = JunctionId{"J"};
  loop.link = LinkId{"W"};
  setup->network.detectors = {loop};
  JunctionSignals signals;
  signals.junction = JunctionId{"J"};
  signals.groups.resize(1);
  signals.groups[0].id = SignalGroupId{"g"};
  setup->signals = {{JunctionId{"J"}, signals}};
  setup->timetable.shapes = {{ShapeId{"s"}, {point(0), point(1000)}, {LinkId{"W"}, LinkId{"E"}}}};
  setup->timetable.stops = {{StopId{"a"}, "", point(0), {}, {}},
                            {StopId{"b"}, "", point(1000), {}, {}}};
  Trip trip;
  trip.id = TripId{"t"};
  trip.line = LineId{"1"};
  trip.service = "d";
  trip.shape = ShapeId{"s"};
  trip.stop_times = {{StopId{"a"}, 1, Seconds{1000}, Seconds{1000}, Metres{0}, true},
                     {StopId{"b"}, 2, Seconds{2000}, Seconds{2000}, Metres{1000}, true}};
  setup->timetable.trips = {trip};
  setup->timetable.services = {{"d", {20231114}}};
  ParkingArea area;
  area.id = ParkingId{"P"};
  area.capacity = 50;
  setup->parking = {area};
  setup->stations = {{StationId{"S"}, "", {}, {Pollutant::no2}, Provenance::invented}};
  setup->stale_s = {{kAvl, 10}};
  setup->expected = {kSignals, kDetectors, kAvl};
  return setup;
}

inline FusionState make() {
  auto state = make_fusion(make_setup());
  set_days(state, {{20231114, kDay}});
  return state;
}

inline void observe(FusionState& state, double s, std::uint32_t count = 0) {
  SignalObservation seen;
  seen.junction = JunctionId{"J"};
  seen.t = at(s);
  seen.link = CommLink::connected;
  seen.groups = {Aspect::green};
  apply(state, seen);
  apply(state, DetectorBatch{JunctionId{"J"},
                             at(s - 1),
                             at(s),
                             {{DetectorId{"loop"}, count, Ratio{count * 0.3}, false, {}, false}}});
}

inline VehiclePosition fix(double s, double x) {
  VehiclePosition p;
  p.vehicle = VehicleId{"v"};
  p.t = at(s);
  p.position = LocalPlane({23.58, 47.66}).to_lon_lat({x, 0});
  p.speed = MetresPerSecond{8};
  p.trip = TripId{"t"};
  return p;
}

}  // namespace dispecer::fusion::test
