// Vehicles: who came, who left, where everybody is, who parked, who passed a gate.
#include <algorithm>

#include "sim/street/results.h"

namespace dispecer::sim {
namespace {

// Stopped at a stop, of the bits that SUMO tells.
constexpr int kStopped = 1;

RoadUser kind_of(const std::string& type, const std::string& vehicle_class) {
  if (type.starts_with("trolley")) return RoadUser::trolleybus;
  if (vehicle_class == "bus" || vehicle_class == "coach") return RoadUser::bus;
  if (vehicle_class == "truck" || vehicle_class == "trailer" || vehicle_class == "delivery")
    return RoadUser::lorry;
  if (vehicle_class == "motorcycle" || vehicle_class == "moped") return RoadUser::motorcycle;
  if (vehicle_class == "bicycle") return RoadUser::bicycle;
  if (vehicle_class == "emergency") return RoadUser::emergency;
  return RoadUser::car;
}

// Car, car with trailer, lorry, lorry with trailer, bus, tram, motorcycle, cycle, on foot. SUMO has
// no class for a car with a trailer.
std::size_t loop_class_of(const std::string& type, const std::string& vehicle_class) {
  if (type.starts_with("trolley") || vehicle_class == "bus" || vehicle_class == "coach") return 4;
  if (vehicle_class == "truck" || vehicle_class == "delivery") return 2;
  if (vehicle_class == "trailer") return 3;
  if (vehicle_class == "tram" || vehicle_class == "rail_urban") return 5;
  if (vehicle_class == "motorcycle" || vehicle_class == "moped") return 6;
  if (vehicle_class == "bicycle") return 7;
  return 0;
}

}  // namespace

const TypeInfo& Street::Impl::type(const std::string& vehicle) {
  const auto id = api::Vehicle::getTypeID(vehicle);
  const auto it = types.find(id);
  if (it != types.end()) return it->second;
  const auto vehicle_class = api::VehicleType::getVehicleClass(id);
  const auto kind = kind_of(id, vehicle_class);
  const int places = public_transport(kind) ? api::VehicleType::getPersonCapacity(id) : 0;
  return types[id] = {kind, loop_class_of(id, vehicle_class),
                      static_cast<std::uint32_t>(std::max(0, places))};
}

void Street::Impl::departed(const std::vector<std::string>& ids) {
  for (const auto& id : ids) {
    ++counts.departed;
    auto& v = vehicles[id];
    const auto& info = type(id);
    v.seen.id = id;
    v.seen.kind = info.kind;
    v.seen.places = info.places;
    v.loop_class = info.loop_class;
    if (info.kind != RoadUser::bicycle) v.seen.plate = plate_of(id, options.seed);
    v.departed_s = time_s;
    std::vector<int> wanted{libsumo::VAR_POSITION, libsumo::VAR_SPEED, libsumo::VAR_ANGLE,
                            libsumo::VAR_ROAD_ID, libsumo::VAR_LANEPOSITION};
    if (public_transport(info.kind)) {
      wanted.push_back(libsumo::VAR_STOPSTATE);
      wanted.push_back(libsumo::VAR_PERSON_NUMBER);
      v.seen.trip = TripId(id);
      v.seen.start_date = options.start_date;
      // The demonstration town writes "line/direction".
      const auto line = api::Vehicle::getLine(id);
      v.seen.line = LineId(line.substr(0, line.find('/')));
      next_stop(v);
    }
    if (options.truth) {
      wanted.push_back(libsumo::VAR_TIMELOSS);
      wanted.push_back(libsumo::VAR_LANE_INDEX);
      const auto waited = waits.find(id);
      if (waited != waits.end()) {
        v.depart_delay_s = waited->second;
        waits.erase(waited);
      }
      for (const auto& edge : api::Vehicle::getRoute(id)) {
        const auto link = link_of.find(edge);
        v.route.push_back(link == link_of.end() ? LinkId() : link->second);
      }
    }
    api::Vehicle::subscribe(id, wanted);
  }
}

void Street::Impl::next_stop(Tracked& v) {
  const auto stops = api::Vehicle::getStops(v.seen.id, 1);
  if (stops.empty()) {
    v.seen.next_stop = StopId();
    v.seen.stop_sequence.reset();
    return;
  }
  v.seen.next_stop = StopId(stops.front().stoppingPlaceID);
  v.seen.stop_sequence = v.stops_done + 1;
}

void Street::Impl::arrived(const std::vector<std::string>& ids) {
  for (const auto& id : ids) {
    ++counts.arrived;
    parking.leave(id);
    const auto it = vehicles.find(id);
    if (it == vehicles.end()) continue;
    const auto& v = it->second;
    if (options.truth) {
      journeys.push_back({id, v.seen.kind, v.departed_s, time_s, v.time_loss_s, v.depart_delay_s});
    }
    vehicles.erase(it);
  }
}

void Street::Impl::parked(const std::vector<std::string>& ids, UtcTime now) {
  for (const auto& id : ids) {
    const auto it = vehicles.find(id);
    if (it == vehicles.end() || public_transport(it->second.seen.kind)) continue;
    const auto stops = api::Vehicle::getStops(id, 1);
    if (stops.empty()) continue;
    it->second.parked = parking.arrive(id, ParkingId(stops.front().stoppingPlaceID), now);
  }
}

void Street::Impl::read_vehicles(UtcTime now) {
  const auto all = api::Vehicle::getAllSubscriptionResults();
  view.vehicles.clear();
  for (const auto& [id, results] : all) {
    const auto it = vehicles.find(id);
    if (it == vehicles.end()) continue;
    auto& v = it->second;
    if (v.parked) continue;
    const auto before_link = v.seen.link;
    const double before_along = v.seen.along_m;
    if (const auto* p = got<libsumo::TraCIPosition>(results, libsumo::VAR_POSITION);
        p != nullptr && p->x != libsumo::INVALID_DOUBLE_VALUE) {
      v.seen.position = plane->to_lon_lat(p->x, p->y);
    }
    v.seen.speed_mps = std::max(0.0, number(results, libsumo::VAR_SPEED));
    v.seen.bearing_deg = number(results, libsumo::VAR_ANGLE);
    v.seen.along_m = std::max(0.0, number(results, libsumo::VAR_LANEPOSITION));
    const auto* road = got<libsumo::TraCIString>(results, libsumo::VAR_ROAD_ID);
    const auto link = road == nullptr ? link_of.end() : link_of.find(road->value);
    v.seen.link = link == link_of.end() ? LinkId() : link->second;
    if (public_transport(v.seen.kind)) read_bus(v, results);
    if (options.truth) {
      v.time_loss_s = number(results, libsumo::VAR_TIMELOSS, v.time_loss_s);
      v.seen.lane = whole(results, libsumo::VAR_LANE_INDEX);
    }
    if (!gates.empty()) pass_gates(v, before_link, before_along, now);
    view.vehicles.push_back(v.seen);
  }
  counts.on_road = view.vehicles.size();
}

void Street::Impl::read_bus(Tracked& v, const TraCIResults& results) {
  v.seen.passengers =
      static_cast<std::uint32_t>(std::max(0, whole(results, libsumo::VAR_PERSON_NUMBER)));
  const bool stands = (whole(results, libsumo::VAR_STOPSTATE) & kStopped) != 0;
  if (v.stands && !stands) {
    ++v.stops_done;
    next_stop(v);
  }
  v.stands = stands;
  v.seen.at_stop = stands;
}

void Street::Impl::pass_gates(const Tracked& v, const LinkId& before_link, double before_along,
                              UtcTime now) {
  const auto tell = [&](const GatePlace& g) {
    view.passages.push_back(
        {g.id, now, v.seen.id, v.seen.plate, v.seen.kind, g.link, v.seen.speed_mps});
  };
  const auto& link = v.seen.link;
  if (const auto here = gates.find(link); here != gates.end()) {
    for (const auto& g : here->second) {
      const bool behind = before_link != link || before_along < g.along_m;
      // A vehicle that starts beyond the gate has not passed it.
      const bool came = before_link == link || v.departed_s < time_s;
      if (behind && came && v.seen.along_m >= g.along_m) tell(g);
    }
  }
  if (before_link == link) return;
  if (const auto last = gates.find(before_link); last != gates.end()) {
    for (const auto& g : last->second) {
      if (before_along < g.along_m) tell(g);
    }
  }
}

}  // namespace dispecer::sim
