// What really happened to the buses of a street: when each passed a stop line, when it came to and
// left its stops.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fusion/model/network.h"
#include "sim/devices/device.h"

namespace dispecer::bench {

struct Passing {
  VehicleId vehicle;
  MovementId movement;
  UtcTime t;  // its front over the stop line, between two seconds of the street
};

struct StopEvent {
  VehicleId vehicle;
  TripId trip;
  std::uint32_t sequence = 0;
  bool arrival = true;  // else it left
  UtcTime t;
};

class Truth {
 public:
  explicit Truth(const Network& network);

  // All public transport on the road at `now`, once a second.
  void add(const std::vector<sim::StreetVehicle>& vehicles, UtcTime now);
  // Of this second. A passing is known when the bus has reached the next link, some seconds later.
  [[nodiscard]] const std::vector<Passing>& passings() const { return passings_; }
  [[nodiscard]] const std::vector<StopEvent>& stops() const { return stops_; }
  // Does the way of the vehicle so far, or one step on, contain that movement?
  [[nodiscard]] bool took(const VehicleId& vehicle, const MovementId& movement) const;

 private:
  struct Track {
    LinkId link;       // last one that was named
    double along = 0;  // of it
    double speed = 0;
    UtcTime seen;
    std::optional<UtcTime> left;  // its stop line
    bool at_stop = false;
    std::uint32_t sequence = 0;
  };
  struct Way {
    MovementId movement;
    bool signalised = false;
  };
  std::map<LinkId, double> length_;
  std::map<std::pair<LinkId, LinkId>, Way> way_;
  std::map<std::string, Track> tracks_;
  std::map<VehicleId, std::set<MovementId>> took_;
  std::vector<Passing> passings_;
  std::vector<StopEvent> stops_;
};

}  // namespace dispecer::bench
