// The street network: places, directed links between them, movements across places, detectors,
// crossings.
#pragma once

#include <string>
#include <vector>

#include "fusion/model/geo.h"
#include "fusion/model/provenance.h"

namespace dispecer {

struct Junction {
  JunctionId id;
  std::string name;
  LonLat position;
  bool signalised = false;
  Provenance provenance = Provenance::unknown;

  bool operator==(const Junction&) const = default;
};

// Directed road segment between junctions.
struct Link {
  LinkId id;
  std::string name;  // of the street
  JunctionId from;
  JunctionId to;
  std::vector<LonLat> shape;  // from start to stop line, at least two points
  Metres length;
  std::uint32_t lanes = 1;  // for motor traffic
  MetresPerSecond speed_limit;
  Flow saturation_flow;  // all lanes together, per hour of green
  bool bus_lane = false;
  bool cycle_lane = false;
  bool sidewalk = false;
  Provenance provenance = Provenance::unknown;

  bool operator==(const Link&) const = default;
};

enum class Turn : std::uint8_t { unknown = 0, straight = 1, left = 2, right = 3, u_turn = 4 };

constexpr auto names(Tag<Turn>) {
  using E = Turn;
  return std::array{Name<E>{E::unknown, "unknown"}, Name<E>{E::straight, "straight"},
                    Name<E>{E::left, "left"}, Name<E>{E::right, "right"},
                    Name<E>{E::u_turn, "u_turn"}};
}

// From one approach to one exit across a junction.
struct Movement {
  MovementId id;
  JunctionId junction;
  LinkId from;
  LinkId to;
  Turn turn = Turn::unknown;
  SignalGroupId group;               // empty where no signal governs it
  std::vector<std::uint32_t> lanes;  // of `from`, 0 = rightmost, that may be used
  Flow saturation_flow;              // of the lanes it may use, as if it had them alone
  Ratio share;                       // of the traffic of `from`, before anything was learnt

  bool operator==(const Movement&) const = default;
};

enum class DetectorKind : std::uint8_t {
  unknown = 0,
  stop_line = 1,
  advance = 2,
  entry = 3,
  push_button = 4,
  bus = 5,
  cycle = 6,
  door_closed = 7  // told by a bus at its stop that it is about to leave
};

constexpr auto names(Tag<DetectorKind>) {
  using E = DetectorKind;
  return std::array{Name<E>{E::unknown, "unknown"},
                    Name<E>{E::stop_line, "stop_line"},
                    Name<E>{E::advance, "advance"},
                    Name<E>{E::entry, "entry"},
                    Name<E>{E::push_button, "push_button"},
                    Name<E>{E::bus, "bus"},
                    Name<E>{E::cycle, "cycle"},
                    Name<E>{E::door_closed, "door_closed"}};
}
// A point at which vehicles of public transport announce themselves; traffic is not counted there.
constexpr bool announces(DetectorKind kind) {
  return kind == DetectorKind::bus || kind == DetectorKind::door_closed;
}

struct Detector {
  DetectorId id;
  DetectorKind kind = DetectorKind::unknown;
  JunctionId junction;       // whose controller reads it
  LinkId link;               // empty for push buttons
  std::uint32_t lane = 0;    // of the link, 0 = rightmost
  Metres to_stop_line;       // from its downstream edge
  std::uint32_t number = 0;  // detector logic inside the controller, 1-based
  SignalGroupId group;       // whose demand it carries, empty = none
  Provenance provenance = Provenance::unknown;

  bool operator==(const Detector&) const = default;
};

struct Crossing {
  CrossingId id;
  JunctionId junction;
  SignalGroupId group;  // empty = not signalised
  Metres length;
  bool push_button = false;
  bool cycle = false;  // also for cycles
  std::vector<LonLat> shape;
  Provenance provenance = Provenance::unknown;
  Seconds promised_wait = {};  // longest wait that the city promises here, 0 = as everywhere
  bool slow_walk = false;    // many cross here who walk slowly: school, hospital, home for the old
  Seconds early_start = {};  // green before the turning traffic that gives way to it, 0 = none

  bool operator==(const Crossing&) const = default;
};

// A street along which signals follow one another at the speed of those whom the city wants to keep
// moving: a green wave at cycling speed.
struct Progression {
  std::string id;
  std::vector<LinkId> links;  // in order of travel
  MetresPerSecond speed{5};   // of cycles: 18 km/h
  Flow flow{100};             // who ride there; not counted by loops
  double weight = 1;          // vehicles that one of them weighs
  Provenance provenance = Provenance::unknown;

  bool operator==(const Progression&) const = default;
};

struct Network {
  std::vector<Junction> junctions;
  std::vector<Link> links;
  std::vector<Movement> movements;
  std::vector<Detector> detectors;
  std::vector<Crossing> crossings;
  std::vector<Progression> progressions = {};

  bool operator==(const Network&) const = default;
};

constexpr auto fields(Tag<Junction>) {
  using P = Junction;
  return std::tuple{field(1, "id", &P::id), field(2, "name", &P::name),
                    field(3, "position", &P::position), field(4, "signalised", &P::signalised),
                    field(5, "provenance", &P::provenance)};
}
constexpr auto fields(Tag<Link>) {
  using P = Link;
  return std::tuple{field(1, "id", &P::id),
                    field(2, "name", &P::name),
                    field(3, "from", &P::from),
                    field(4, "to", &P::to),
                    field(5, "shape", &P::shape),
                    field(6, "length", &P::length, "m", {0.1, 100000}),
                    field(7, "lanes", &P::lanes, "", {0, 20}),
                    field(8, "speed_limit", &P::speed_limit, "m/s", {0.1, 60}),
                    field(9, "saturation_flow", &P::saturation_flow, "veh/h", {0, 50000}),
                    field(10, "bus_lane", &P::bus_lane),
                    field(11, "cycle_lane", &P::cycle_lane),
                    field(12, "sidewalk", &P::sidewalk),
                    field(13, "provenance", &P::provenance)};
}
constexpr auto fields(Tag<Movement>) {
  using P = Movement;
  return std::tuple{field(1, "id", &P::id),
                    field(2, "junction", &P::junction),
                    field(3, "from", &P::from),
                    field(4, "to", &P::to),
                    field(5, "turn", &P::turn),
                    field(6, "group", &P::group),
                    field(7, "lanes", &P::lanes, "", {0, 20}),
                    field(8, "saturation_flow", &P::saturation_flow, "veh/h", {0, 50000}),
                    field(9, "share", &P::share, "1", {0, 1})};
}
constexpr auto fields(Tag<Detector>) {
  using P = Detector;
  return std::tuple{field(1, "id", &P::id),
                    field(2, "kind", &P::kind),
                    field(3, "junction", &P::junction),
                    field(4, "link", &P::link),
                    field(5, "lane", &P::lane, "", {0, 20}),
                    field(6, "to_stop_line", &P::to_stop_line, "m", {0, 100000}),
                    field(7, "number", &P::number, "", {0, 4096}),
                    field(8, "group", &P::group),
                    field(9, "provenance", &P::provenance)};
}
constexpr auto fields(Tag<Crossing>) {
  using P = Crossing;
  return std::tuple{field(1, "id", &P::id),
                    field(2, "junction", &P::junction),
                    field(3, "group", &P::group),
                    field(4, "length", &P::length, "m", {0, 200}),
                    field(5, "push_button", &P::push_button),
                    field(6, "cycle", &P::cycle),
                    field(7, "shape", &P::shape),
                    field(8, "provenance", &P::provenance),
                    field(9, "promised_wait", &P::promised_wait, "s", {0, 600}, 2),
                    field(10, "slow_walk", &P::slow_walk, "", {}, 2),
                    field(11, "early_start", &P::early_start, "s", {0, 10}, 4)};
}
constexpr auto fields(Tag<Progression>) {
  using P = Progression;
  return std::tuple{field(1, "id", &P::id),
                    field(2, "links", &P::links),
                    field(3, "speed", &P::speed, "m/s", {1, 30}),
                    field(4, "flow", &P::flow, "veh/h", {0, 5000}),
                    field(5, "weight", &P::weight, "1", {0, 10}),
                    field(6, "provenance", &P::provenance)};
}
constexpr auto fields(Tag<Network>) {
  using P = Network;
  return std::tuple{
      field(1, "junctions", &P::junctions), field(2, "links", &P::links),
      field(3, "movements", &P::movements), field(4, "detectors", &P::detectors),
      field(5, "crossings", &P::crossings), field(6, "progressions", &P::progressions, "", {}, 4)};
}

}  // namespace dispecer
