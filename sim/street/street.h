// The road as SUMO moves it. One source, two libraries: dispecer_street_traci drives a sumo process
// of its own over a socket, dispecer_street_sumo runs SUMO inside this process (one street per
// process). A process links one of them, never both.
#pragma once

#include <memory>

#include "fusion/model/result.h"
#include "sim/controller/state.h"
#include "sim/devices/device.h"

namespace dispecer::sim {

struct StreetOptions {
  std::string config = {};  // .sumocfg; "" = the city's
  std::uint64_t seed = 1;
  std::optional<double> begin_s = {};   // SUMO's second to start at, absent = as configured
  std::string start_date = {};          // YYYYMMDD of SUMO's second 0, told with each trip
  bool truth = false;                   // keep delays of every vehicle
  std::string log_file = {};            // of SUMO, "" = none
  std::vector<std::string> extra = {};  // further options for SUMO
};

// Of one vehicle, up to now or until it left the street. Seconds lost against driving alone at the
// speed it likes, stops left out, and waiting before it could enter.
struct Journey {
  std::string vehicle;
  RoadUser kind = RoadUser::car;
  double departed_s = 0;
  double arrived_s = 0;
  double time_loss_s = 0;
  double depart_delay_s = 0;
};

struct StreetCounts {
  std::uint64_t departed = 0;
  std::uint64_t arrived = 0;
  std::uint64_t teleported = 0;
  std::uint64_t collisions = 0;
  std::size_t on_road = 0;
};

class Street {
 public:
  // Starts SUMO. What of the city's mapping does not exist in the network is left out and named in
  // `missing()`. Causes: no_config, sumo_start (with SUMO's own words).
  static Result<std::unique_ptr<Street>> open(const city::City& city, StreetOptions options);
  ~Street();
  Street(const Street&) = delete;
  Street& operator=(const Street&) = delete;

  // Moves the road by one second, to domain time `now`, and reads it. Error "sumo_lost": SUMO
  // ended or refused; the street is gone and must be opened anew.
  Result<> step(UtcTime now);
  // Shows lamps of a junction from now on. `aspects` in the order of its groups; `stage` decides
  // which greens yield. Unknown junctions are ignored. Takes effect with the next step.
  void show(const JunctionId& junction, const std::vector<Aspect>& aspects,
            std::optional<std::uint32_t> stage);
  // The junction's own SUMO program drives it again.
  void hand_back(const JunctionId& junction);

  // Of the last step. Vehicles sorted by id. `control` is not set here.
  [[nodiscard]] StreetView& view();
  // One reading for each detector that exists: loops, and push buttons by people who wait.
  [[nodiscard]] const std::map<DetectorId, DetectorReading>& detectors() const;
  [[nodiscard]] double sumo_time_s() const;
  [[nodiscard]] bool more_to_come() const;  // vehicles on the road, or still to depart
  [[nodiscard]] const StreetCounts& counts() const;
  // With `truth` only: of those that have left; of those on the road or waiting to enter it
  // (`arrived_s` 0); the links of a vehicle's way in order, nullptr = not on the road.
  [[nodiscard]] const std::vector<Journey>& journeys() const;
  [[nodiscard]] std::vector<Journey> under_way() const;
  [[nodiscard]] const std::vector<LinkId>* route(const std::string& vehicle) const;
  // Takes a vehicle off the road; what it lost is not told. Unknown ones are ignored.
  void remove(const std::string& vehicle);
  [[nodiscard]] const std::vector<std::string>& missing() const;

 private:
  struct Impl;
  explicit Street(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dispecer::sim
