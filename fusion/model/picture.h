// One picture of the city at one moment: immutable, made by fusion once a second, read by
// everybody.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fusion/model/air.h"
#include "fusion/model/geo.h"
#include "fusion/model/observation.h"
#include "fusion/model/signal_state.h"
#include "fusion/model/transit.h"

namespace dispecer {

// `substituted` = implied by others because its own source is sick; stale never looks live.
enum class Quality : std::uint8_t {
  unknown = 0,
  live = 1,
  substituted = 2,
  stale = 3,
  implausible = 4
};

constexpr auto names(Tag<Quality>) {
  using E = Quality;
  return std::array{Name<E>{E::unknown, "unknown"}, Name<E>{E::live, "live"},
                    Name<E>{E::substituted, "substituted"}, Name<E>{E::stale, "stale"},
                    Name<E>{E::implausible, "implausible"}};
}

// A value with how sure it is, how old its newest evidence is, and what kind of evidence that was.
struct Estimate {
  double value = 0;
  double sd = 0;     // standard deviation, same unit
  double age_s = 0;  // of the newest evidence
  Quality quality = Quality::unknown;
  std::uint32_t sources = 0;  // bits of Evidence

  bool operator==(const Estimate&) const = default;
  [[nodiscard]] bool usable() const {
    return quality == Quality::live || quality == Quality::substituted;
  }
};

enum Evidence : std::uint32_t {
  kLoops = 1,
  kBuses = 2,
  kCameras = 4,
  kProfile = 8,
  kConservation = 16,
  kTimetable = 32
};

struct LinkState {
  LinkId link;
  std::optional<Estimate> flow;          // veh/h, now (memory of some minutes)
  std::optional<Estimate> speed;         // m/s
  std::optional<Estimate> vehicles;      // on the link, veh
  std::optional<Estimate> queue;         // veh, all movements
  std::optional<Estimate> queue_length;  // m from the stop line
  Ratio storage;                         // share of the link's room taken, 0..1
  bool spillback = false;                // the queue reaches the junction behind
  std::optional<Estimate> flow_hour;     // veh/h, mean over the last hour, or since the start

  bool operator==(const LinkState&) const = default;
};

struct MovementState {
  MovementId movement;
  Estimate queue;                // veh that wait
  std::vector<double> arrivals;  // veh expected at the back of queue in each next 5 s
  // Since the first one that waits came, or since a call: a loop of its lanes covered at red,
  // though nobody is counted there, until its group has green. 0 = none waits and nobody called.
  Seconds waiting;
  bool demand_known = true;  // false: no healthy detector sees it, so it gets time-based service
  bool blocked = false;      // has green, but whoever stands first in its lanes cannot go

  bool operator==(const MovementState&) const = default;
};

struct CrossingState {
  CrossingId crossing;
  bool called = false;
  Seconds waiting;  // since the call
  bool operator==(const CrossingState&) const = default;
};

struct DetectorState {
  DetectorId detector;
  Quality quality = Quality::unknown;
  bool occupied = false;
  std::string fault;  // "", "no_hits", "chatter", "locked_on", "no_change", "spike", "forced",
                      // "impossible_hits", "wrong_time", "lane_disagrees", "conservation"
  Seconds faulty_for;
  bool operator==(const DetectorState&) const = default;
};

enum class BusPhase : std::uint8_t {
  unknown = 0,
  running = 1,
  at_stop = 2,
  layover = 3,
  off_route = 4,
  no_trip = 5,
  frozen = 6,
  depot = 7  // parked away from every shape, or without a trip
};

constexpr auto names(Tag<BusPhase>) {
  using E = BusPhase;
  return std::array{Name<E>{E::unknown, "unknown"},     Name<E>{E::running, "running"},
                    Name<E>{E::at_stop, "at_stop"},     Name<E>{E::layover, "layover"},
                    Name<E>{E::off_route, "off_route"}, Name<E>{E::no_trip, "no_trip"},
                    Name<E>{E::frozen, "frozen"},       Name<E>{E::depot, "depot"}};
}

// May what the feed says of a vehicle be believed? Only a trusted one may ask for priority (unknown
// = written before this was told). `inferred`: the trip was found by us, the feed told none that
// fits.
enum class Trust : std::uint8_t {
  unknown = 0,
  trusted = 1,
  unconfirmed = 2,  // has not yet moved along its trip
  duplicate = 3,    // another vehicle is on that trip
  wrong_trip = 4,   // it moves against its trip, or far off its timetable
  frozen = 5,       // its position stands still though it cannot
  inferred = 6
};

constexpr auto names(Tag<Trust>) {
  using E = Trust;
  return std::array{Name<E>{E::unknown, "unknown"},         Name<E>{E::trusted, "trusted"},
                    Name<E>{E::unconfirmed, "unconfirmed"}, Name<E>{E::duplicate, "duplicate"},
                    Name<E>{E::wrong_trip, "wrong_trip"},   Name<E>{E::frozen, "frozen"},
                    Name<E>{E::inferred, "inferred"}};
}
constexpr bool may_ask(Trust t) {
  return t == Trust::unknown || t == Trust::trusted;
}

struct BusState {
  VehicleId vehicle;
  LineId line;
  TripId trip;
  UtcTime fix;  // moment of the position
  LonLat position;
  BusPhase phase = BusPhase::unknown;
  std::optional<Estimate> lateness;  // s, positive = late
  LinkId link;
  Metres to_stop_line;             // of the next signal ahead, of `link` where there is none
  MovementId next_movement;        // through the next signal, empty = none ahead on this link
  std::optional<Seconds> eta_low;  // from `fix` to the stop line, whatever its lamps show
  std::optional<Seconds> eta;
  std::optional<Seconds> eta_high;
  bool stop_ahead = false;  // a stop to serve before the stop line
  std::optional<Ratio> passenger_load;
  std::optional<Seconds> headway_ahead;
  Quality quality = Quality::unknown;
  // From `fix` until it passes the stop line, by what its lamps are expected to do; absent where
  // nothing is known of them. [pass_low, pass_high] holds nine passings of ten.
  std::optional<Seconds> pass_low;
  std::optional<Seconds> pass;
  std::optional<Seconds> pass_high;
  Trust trust = Trust::unknown;
  VehicleKind kind = VehicleKind::unknown;
  std::optional<Seconds> headway_behind;
  VehicleId blocked_by;  // stands before it on the wire or rail that it cannot leave

  bool operator==(const BusState&) const = default;
};

struct ParkingState {
  ParkingId parking;
  std::optional<Estimate> occupied;       // bays
  std::optional<std::uint32_t> free_low;  // lower 90 % bound of free bays
  std::uint32_t capacity = 0;
  bool operator==(const ParkingState&) const = default;
};

struct AirState {
  StationId station;
  Pollutant pollutant = Pollutant::unknown;
  std::optional<Estimate> mean_1h;  // ug/m3
  Ratio validity;                   // share of the hour with valid data
  bool operator==(const AirState&) const = default;
};

// One feed as a whole. A silent feed is one alarm, not a thousand sick devices.
struct SourceState {
  std::string source;
  Quality quality = Quality::unknown;
  Seconds age;
  std::uint32_t devices = 0;
  std::uint32_t devices_live = 0;
  bool operator==(const SourceState&) const = default;
};

struct CityPicture {
  UtcTime t;
  std::uint32_t epoch = 0;
  std::vector<LinkState> links;
  std::vector<MovementState> movements;
  std::vector<CrossingState> crossings;
  std::vector<SignalObservation> signals;
  std::vector<DetectorState> detectors;  // only those that are not live
  std::vector<BusState> buses;
  std::vector<ParkingState> parking;
  std::vector<AirState> air;
  std::vector<SignReport> signs;
  std::vector<SourceState> sources;

  bool operator==(const CityPicture&) const = default;
};

constexpr auto fields(Tag<Estimate>) {
  using P = Estimate;
  return std::tuple{field(1, "value", &P::value), field(2, "sd", &P::sd, "", {0, 1e12}),
                    field(3, "age_s", &P::age_s, "s", {0, 1e12}), field(4, "quality", &P::quality),
                    field(5, "sources", &P::sources)};
}
constexpr auto fields(Tag<LinkState>) {
  using P = LinkState;
  return std::tuple{field(1, "link", &P::link),
                    field(2, "flow", &P::flow, "veh/h"),
                    field(3, "speed", &P::speed, "m/s"),
                    field(4, "vehicles", &P::vehicles, "veh"),
                    field(5, "queue", &P::queue, "veh"),
                    field(6, "queue_length", &P::queue_length, "m"),
                    field(7, "storage", &P::storage, "1", {0, 1}),
                    field(8, "spillback", &P::spillback),
                    field(9, "flow_hour", &P::flow_hour, "veh/h", {}, 2)};
}
constexpr auto fields(Tag<MovementState>) {
  using P = MovementState;
  return std::tuple{field(1, "movement", &P::movement),
                    field(2, "queue", &P::queue, "veh"),
                    field(3, "arrivals", &P::arrivals, "veh", {0, 1000}),
                    field(4, "waiting", &P::waiting, "s", {0, 1e6}),
                    field(5, "demand_known", &P::demand_known),
                    field(6, "blocked", &P::blocked)};
}
constexpr auto fields(Tag<CrossingState>) {
  using P = CrossingState;
  return std::tuple{field(1, "crossing", &P::crossing), field(2, "called", &P::called),
                    field(3, "waiting", &P::waiting, "s", {0, 1e6})};
}
constexpr auto fields(Tag<DetectorState>) {
  using P = DetectorState;
  return std::tuple{field(1, "detector", &P::detector), field(2, "quality", &P::quality),
                    field(3, "occupied", &P::occupied), field(4, "fault", &P::fault),
                    field(5, "faulty_for", &P::faulty_for, "s", {0, 1e9})};
}
constexpr auto fields(Tag<BusState>) {
  using P = BusState;
  return std::tuple{field(1, "vehicle", &P::vehicle),
                    field(2, "line", &P::line),
                    field(3, "trip", &P::trip),
                    field(4, "fix", &P::fix),
                    field(5, "position", &P::position),
                    field(6, "phase", &P::phase),
                    field(7, "lateness", &P::lateness, "s"),
                    field(8, "link", &P::link),
                    field(9, "to_stop_line", &P::to_stop_line, "m"),
                    field(10, "next_movement", &P::next_movement),
                    field(11, "eta_low", &P::eta_low, "s", {0, 1e6}),
                    field(12, "eta", &P::eta, "s", {0, 1e6}),
                    field(13, "eta_high", &P::eta_high, "s", {0, 1e6}),
                    field(14, "stop_ahead", &P::stop_ahead),
                    field(15, "passenger_load", &P::passenger_load, "1", {0, 3}),
                    field(16, "headway_ahead", &P::headway_ahead, "s", {0, 1e6}),
                    field(17, "quality", &P::quality),
                    field(18, "pass_low", &P::pass_low, "s", {0, 1e6}, 2),
                    field(19, "pass", &P::pass, "s", {0, 1e6}, 2),
                    field(20, "pass_high", &P::pass_high, "s", {0, 1e6}, 2),
                    field(21, "trust", &P::trust, "", {}, 2),
                    field(22, "kind", &P::kind, "", {}, 2),
                    field(23, "headway_behind", &P::headway_behind, "s", {0, 1e6}, 2),
                    field(24, "blocked_by", &P::blocked_by, "", {}, 2)};
}
constexpr auto fields(Tag<ParkingState>) {
  using P = ParkingState;
  return std::tuple{field(1, "parking", &P::parking), field(2, "occupied", &P::occupied, "bays"),
                    field(3, "free_low", &P::free_low, "bays"),
                    field(4, "capacity", &P::capacity, "bays")};
}
constexpr auto fields(Tag<AirState>) {
  using P = AirState;
  return std::tuple{field(1, "station", &P::station), field(2, "pollutant", &P::pollutant),
                    field(3, "mean_1h", &P::mean_1h, "ug/m3"),
                    field(4, "validity", &P::validity, "1", {0, 1})};
}
constexpr auto fields(Tag<SourceState>) {
  using P = SourceState;
  return std::tuple{field(1, "source", &P::source), field(2, "quality", &P::quality),
                    field(3, "age", &P::age, "s", {0, 1e12}), field(4, "devices", &P::devices),
                    field(5, "devices_live", &P::devices_live)};
}
constexpr auto fields(Tag<CityPicture>) {
  using P = CityPicture;
  return std::tuple{field(1, "t", &P::t),
                    field(2, "epoch", &P::epoch),
                    field(3, "links", &P::links),
                    field(4, "movements", &P::movements),
                    field(5, "crossings", &P::crossings),
                    field(6, "signals", &P::signals),
                    field(7, "detectors", &P::detectors),
                    field(8, "buses", &P::buses),
                    field(9, "parking", &P::parking),
                    field(10, "air", &P::air),
                    field(11, "signs", &P::signs),
                    field(12, "sources", &P::sources)};
}

}  // namespace dispecer
