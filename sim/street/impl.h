// What a street consists of. Private to this folder; compiled once against each of SUMO's clients.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#ifdef DISPECER_STREET_TRACI
#include <libsumo/libtraci.h>
namespace api = libtraci;
#else
#include <libsumo/libsumo.h>
namespace api = libsumo;
#endif

#include "sim/street/lamps.h"
#include "sim/street/parking_life.h"
#include "sim/street/plane.h"
#include "sim/street/street.h"
#include "sim/street/sumo_process.h"

namespace dispecer::sim {

inline bool public_transport(RoadUser kind) {
  return kind == RoadUser::bus || kind == RoadUser::trolleybus;
}

struct TypeInfo {
  RoadUser kind = RoadUser::car;
  std::size_t loop_class = 0;  // as DetectorReading::classes counts them
  std::uint32_t places = 0;
};

struct Tracked {
  StreetVehicle seen;
  std::size_t loop_class = 0;
  bool parked = false;
  bool stands = false;  // at a stop
  std::uint32_t stops_done = 0;
  double departed_s = 0;
  double depart_delay_s = 0;
  double time_loss_s = 0;
  std::vector<LinkId> route;  // truth only
};

struct GatePlace {
  GateId id;
  LinkId link;
  double along_m = 0;
};

// Where people wait for a crossing.
struct CrossingPlace {
  std::string edge;
  std::vector<std::string> waiting_areas;
};

struct Street::Impl {
  const city::City& city;
  StreetOptions options;
#ifdef DISPECER_STREET_TRACI
  std::optional<SumoProcess> process;
#endif
  ParkingLife parking;
  std::optional<SumoPlane> plane;
  StreetView view;
  std::map<std::string, Tracked> vehicles;
  std::map<std::string, TypeInfo> types;
  std::map<std::string, LinkId> link_of;
  std::map<LinkId, std::vector<GatePlace>> gates;
  std::map<JunctionId, LampWiring> wiring;
  std::map<JunctionId, std::string> program;
  std::map<JunctionId, std::string> shown;
  std::map<DetectorId, DetectorReading> readings;
  std::map<DetectorId, std::string> loops;
  std::set<DetectorId> bus_loops;  // that see public transport only
  std::map<DetectorId, std::set<std::string>> over_loop;
  std::map<DetectorId, std::vector<CrossingPlace>> buttons;
  StreetCounts counts;
  std::vector<Journey> journeys;
  std::map<std::string, double> waits;  // before entering, s (truth only)
  std::vector<std::string> missing;
  double time_s = 0;
  bool expected = true;
  bool open = false;

  Impl(const city::City& c, StreetOptions o)
      : city(c), options(std::move(o)), parking(c, options.seed) {}
  ~Impl() {
    close();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void close();
  [[nodiscard]] std::string config() const;
  Result<> start();
  void prepare();
  void prepare_links();
  void prepare_signals();
  void prepare_detectors();
  void prepare_button(const Detector& d, const std::vector<std::string>& edges);
  Result<> step(UtcTime now);
  const TypeInfo& type(const std::string& vehicle);
  void departed(const std::vector<std::string>& ids);
  void next_stop(Tracked& v);
  void arrived(const std::vector<std::string>& ids);
  void parked(const std::vector<std::string>& ids, UtcTime now);
  void read_vehicles(UtcTime now);
  void read_bus(Tracked& v, const libsumo::TraCIResults& results);
  void pass_gates(const Tracked& v, const LinkId& before_link, double before_along, UtcTime now);
  void read_loops();
  // A person who waits in front of a crossing has pressed its button.
  void read_buttons();
  void put(const JunctionId& junction, const std::string& text);
};

}  // namespace dispecer::sim
