// Two signalised junctions in a row, 300 m apart, for corridors: from the west over a and b to the
// east, side streets north and south of each; a ring road joins the northern ones.
//
//            na <--ring--> nb
//             |             |
//   west ---- a ----------- b ---- east
//             |             |
//            sa            sb
#pragma once

#include "controller/emergency/corridor.h"

namespace dispecer::test {

inline constexpr UtcTime kStart{1'700'000'000'000'000};
inline UtcTime at(double s) {
  return kStart + from_seconds(s);
}

struct Row {
  Network network;
  LocalPlane plane{LonLat{23.5, 47.6}};

  Row() {
    link("west_a", {0, 0}, {290, 0}, "west", "a");
    link("a_b", {310, 0}, {590, 0}, "a", "b");
    link("b_east", {610, 0}, {900, 0}, "b", "east");
    link("a_na", {300, 10}, {300, 300}, "a", "na");
    link("na_nb", {310, 310}, {590, 310}, "na", "nb");
    link("nb_b", {600, 300}, {600, 10}, "nb", "b");
    link("sb_b", {600, -300}, {600, -10}, "sb", "b");
    link("b_nb", {604, 10}, {604, 300}, "b", "nb");
    link("a_sa", {300, -10}, {300, -300}, "a", "sa");
    move("west_a", "a_b", "a", Turn::straight, "a_ew");
    move("west_a", "a_na", "a", Turn::left, "a_ew");
    move("west_a", "a_sa", "a", Turn::right, "a_ew");
    move("a_b", "b_east", "b", Turn::straight, "b_ew");
    move("a_b", "b_nb", "b", Turn::left, "b_ew");
    move("a_na", "na_nb", "na", Turn::right, "");
    move("na_nb", "nb_b", "nb", Turn::right, "");
    move("nb_b", "b_east", "b", Turn::left, "b_ns");
    move("sb_b", "b_nb", "b", Turn::straight, "b_ns");
  }
  void link(const std::string& id, Local from, Local to, const std::string& a,
            const std::string& b) {
    Link l;
    l.id = LinkId(id);
    l.from = JunctionId(a);
    l.to = JunctionId(b);
    l.shape = {plane.to_lon_lat(from), plane.to_lon_lat(to)};
    l.length = {length_m({from, to})};
    l.lanes = 1;
    l.speed_limit = {13.9};
    l.saturation_flow = {1800};
    network.links.push_back(l);
  }
  void move(const std::string& from, const std::string& to, const std::string& junction, Turn turn,
            const std::string& group) {
    Movement m;
    m.id = MovementId(from + ">" + to);
    m.junction = JunctionId(junction);
    m.from = LinkId(from);
    m.to = LinkId(to);
    m.turn = turn;
    m.group = SignalGroupId(group);
    m.lanes = {0};
    m.saturation_flow = {1800};
    m.share = {1};
    network.movements.push_back(m);
  }
  [[nodiscard]] VehiclePosition position(const std::string& vehicle, Local p, double bearing,
                                         double s) const {
    VehiclePosition out;
    out.vehicle = VehicleId(vehicle);
    out.t = at(s);
    out.position = plane.to_lon_lat(p);
    out.bearing = Bearing{bearing};
    out.speed = MetresPerSecond{14};
    return out;
  }
  [[nodiscard]] emergency::State state(EmergencyRegister reg = {}) const {
    return emergency::make_state(network, std::move(reg));
  }
};

inline OpenCorridor request(const std::string& id, const std::string& vehicle,
                            const std::string& from, const std::string& to, double until = 600) {
  OpenCorridor r;
  r.corridor = RequestId(id);
  r.vehicle = VehicleId(vehicle);
  r.kind = EmergencyKind::ambulance;
  r.from = LinkId(from);
  r.to = LinkId(to);
  r.until = at(until);
  return r;
}

inline Actor person(Role role, const std::string& name = "ana") {
  return {PersonId(name), role, WorkplaceId("w")};
}

}  // namespace dispecer::test
