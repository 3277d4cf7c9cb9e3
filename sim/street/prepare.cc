// Starts SUMO and finds the city's things in it.
#include <csignal>
#include <filesystem>

#include "sim/street/impl.h"

namespace dispecer::sim {
namespace {

const std::vector<int> kSimulationVariables{libsumo::VAR_DEPARTED_VEHICLES_IDS,
                                            libsumo::VAR_ARRIVED_VEHICLES_IDS,
                                            libsumo::VAR_PARKING_STARTING_VEHICLES_IDS,
                                            libsumo::VAR_PARKING_ENDING_VEHICLES_IDS,
                                            libsumo::VAR_TELEPORT_STARTING_VEHICLES_NUMBER,
                                            libsumo::VAR_COLLIDING_VEHICLES_NUMBER,
                                            libsumo::VAR_MIN_EXPECTED_VEHICLES};
const std::vector<int> kLoopVariables{libsumo::LAST_STEP_VEHICLE_ID_LIST,
                                      libsumo::LAST_STEP_OCCUPANCY, libsumo::LAST_STEP_MEAN_SPEED,
                                      libsumo::LAST_STEP_TIME_SINCE_DETECTION};

}  // namespace

Result<> Street::Impl::start() {
  const Undisturbed quiet;
  const auto file = config();
  if (file.empty() || !std::filesystem::exists(file))
    return Error{"no_config", "found no such file", file};
  std::vector<std::string> args{"-c",
                                file,
                                "--seed",
                                std::to_string(options.seed % 2147483647),
                                "--step-length",
                                "1",
                                "--no-step-log",
                                "true",
                                "--no-warnings",
                                "true",
                                "--verbose",
                                "false",
                                "--duration-log.statistics",
                                "false",
                                "--duration-log.disable",
                                "true"};
  if (options.begin_s)
    args.insert(args.end(), {"--begin", std::to_string(static_cast<long>(*options.begin_s))});
  // The configured end must not stop a street that goes on.
  args.insert(args.end(), {"--end", "1000000"});
  args.insert(args.end(), options.extra.begin(), options.extra.end());
#ifdef DISPECER_STREET_TRACI
  auto started = SumoProcess::start(args, options.log_file);
  if (!started) return started.error();
  process.emplace(std::move(*started));
  // A write to a sumo that died must come back as an error.
  ::signal(SIGPIPE, SIG_IGN);
  open = true;
  try {
    api::Simulation::init(process->port(), 5, "localhost");
  } catch (const std::exception& e) {
    close();
    return Error{"sumo_start", e.what(), file};
  }
#else
  ensure_sumo_home();
  if (!options.log_file.empty()) args.insert(args.end(), {"--log", options.log_file});
  args.insert(args.begin(), "sumo");
  try {
    if (api::Simulation::isLoaded())
      return Error{"sumo_start", "one street per process: another one is open", file};
    api::Simulation::start(args);
  } catch (const std::exception& e) {
    return Error{"sumo_start", e.what(), file};
  }
#endif
  open = true;
  try {
    prepare();
  } catch (const std::exception& e) {
    close();
    return Error{"sumo_start", e.what(), file};
  }
  return Ok{};
}

std::string Street::Impl::config() const {
  namespace fs = std::filesystem;
  const fs::path given = options.config.empty() ? city.sumo.config_file : options.config;
  if (given.empty() || given.is_absolute() || !options.config.empty()) return given.string();
  return (fs::path(city.folder) / given).string();
}

void Street::Impl::prepare() {
  time_s = api::Simulation::getTime();
  api::Simulation::subscribe(kSimulationVariables);
  prepare_links();
  prepare_signals();
  prepare_detectors();
  for (const auto& gate : city.gates)
    gates[gate.link].push_back({gate.id, gate.link, gate.along.value});
}

void Street::Impl::prepare_links() {
  const auto edges = api::Edge::getIDList();
  const std::set<std::string> known(edges.begin(), edges.end());
  std::vector<SumoPlane::Pair> pairs;
  for (const auto& link : city.network.links) {
    const auto it = city.sumo.edge.find(link.id);
    const auto edge = it == city.sumo.edge.end() ? link.id.str() : it->second;
    if (!known.contains(edge)) {
      missing.push_back("edge " + edge + " of link " + link.id.str());
      continue;
    }
    link_of[edge] = link.id;
    if (link.shape.size() < 2 || pairs.size() > 600) continue;
    const auto shape = api::Lane::getShape(edge + "_0").value;
    pairs.push_back({shape.front().x, shape.front().y, link.shape.front()});
    pairs.push_back({shape.back().x, shape.back().y, link.shape.back()});
  }
  plane.emplace(pairs, city.centre);
}

void Street::Impl::prepare_signals() {
  const auto lights = api::TrafficLight::getIDList();
  const std::set<std::string> known(lights.begin(), lights.end());
  for (const auto& [junction, light] : city.sumo.traffic_light) {
    const auto indices = city.sumo.group_indices.find(junction);
    if (!known.contains(light) || indices == city.sumo.group_indices.end()) {
      missing.push_back("traffic light " + light + " of junction " + junction.str());
      continue;
    }
    const auto size = api::TrafficLight::getRedYellowGreenState(light).size();
    LampWiring w{std::string(size, 'r'), indices->second};
    const auto idle = city.sumo.idle_state.find(junction);
    if (idle != city.sumo.idle_state.end() && idle->second.size() == size) w.idle = idle->second;
    wiring[junction] = std::move(w);
    program[junction] = api::TrafficLight::getProgram(light);
  }
}

void Street::Impl::prepare_detectors() {
  const auto ids = api::InductionLoop::getIDList();
  const std::set<std::string> known(ids.begin(), ids.end());
  const auto edges = api::Edge::getIDList();
  for (const auto& d : city.network.detectors) {
    if (d.kind == DetectorKind::push_button) {
      prepare_button(d, edges);
      continue;
    }
    if (d.kind == DetectorKind::door_closed) continue;  // the street has no doors
    const auto it = city.sumo.induction_loop.find(d.id);
    if (it == city.sumo.induction_loop.end() || !known.contains(it->second)) {
      missing.push_back("induction loop of detector " + d.id.str());
      continue;
    }
    loops[d.id] = it->second;
    if (announces(d.kind)) bus_loops.insert(d.id);
    api::InductionLoop::subscribe(it->second, kLoopVariables);
  }
}

void Street::Impl::prepare_button(const Detector& d, const std::vector<std::string>& edges) {
  for (const auto& c : city.network.crossings) {
    if (c.junction != d.junction || c.group != d.group) continue;
    const auto it = city.sumo.crossing_edge.find(c.id);
    const auto end =
        it == city.sumo.crossing_edge.end() ? std::string::npos : it->second.rfind("_c");
    if (end == std::string::npos) continue;
    CrossingPlace crossing{it->second, {}};
    const auto prefix = it->second.substr(0, end) + "_w";
    for (const auto& edge : edges) {
      if (!edge.starts_with(prefix)) continue;
      crossing.waiting_areas.push_back(edge);
      api::Edge::subscribe(edge, {libsumo::LAST_STEP_PERSON_ID_LIST});
    }
    buttons[d.id].push_back(std::move(crossing));
  }
  if (!buttons.contains(d.id)) missing.push_back("crossing of push button " + d.id.str());
}

}  // namespace dispecer::sim
