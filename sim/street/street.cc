#include "sim/street/street.h"

#include "sim/street/results.h"

namespace dispecer::sim {

void Street::Impl::close() {
  if (!open) return;
  const Undisturbed quiet;
  open = false;
  // On a dead socket the first attempt throws and only a further one lets go of the connection.
  for (int attempt = 0; attempt < 3; ++attempt) {
    try {
      api::Simulation::close();
      return;
    } catch (const std::exception&) {
      continue;
    }
  }
}

Result<> Street::Impl::step(UtcTime now) {
  const Undisturbed quiet;
  if (!open) return Error{"sumo_lost", "the street is closed", ""};
  try {
    api::Simulation::step();
    time_s += 1;
    view.now = now;
    view.passages.clear();
    const auto results = api::Simulation::getSubscriptionResults();
    arrived(texts(results, libsumo::VAR_ARRIVED_VEHICLES_IDS));
    departed(texts(results, libsumo::VAR_DEPARTED_VEHICLES_IDS));
    if (options.truth) {
      for (const auto& id : api::Simulation::getPendingVehicles()) waits[id] += 1;
    }
    parked(texts(results, libsumo::VAR_PARKING_STARTING_VEHICLES_IDS), now);
    for (const auto& id : texts(results, libsumo::VAR_PARKING_ENDING_VEHICLES_IDS)) {
      parking.leave(id);
      if (const auto it = vehicles.find(id); it != vehicles.end()) it->second.parked = false;
    }
    counts.teleported +=
        static_cast<std::uint64_t>(whole(results, libsumo::VAR_TELEPORT_STARTING_VEHICLES_NUMBER));
    counts.collisions +=
        static_cast<std::uint64_t>(whole(results, libsumo::VAR_COLLIDING_VEHICLES_NUMBER));
    expected = whole(results, libsumo::VAR_MIN_EXPECTED_VEHICLES) > 0;
    read_vehicles(now);
    read_loops();
    read_buttons();
    view.parked = parking.at(now);
  } catch (const std::exception& e) {
    std::string what = e.what();
    close();
#ifdef DISPECER_STREET_TRACI
    if (process) {
      const auto how = process->ended();
      if (!how.empty()) what += ", " + how;
    }
#endif
    return Error{"sumo_lost", what, "second " + std::to_string(static_cast<long>(time_s))};
  }
  return Ok{};
}

void Street::Impl::put(const JunctionId& junction, const std::string& text) {
  auto& last = shown[junction];
  if (last == text || !open) return;
  const Undisturbed quiet;
  try {
    api::TrafficLight::setRedYellowGreenState(city.sumo.traffic_light.at(junction), text);
    last = text;
  } catch (const std::exception&) {
    // A lost SUMO is told by the next step.
  }
}

Street::Street(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Street::~Street() = default;

Result<std::unique_ptr<Street>> Street::open(const city::City& city, StreetOptions options) {
  auto impl = std::make_unique<Impl>(city, std::move(options));
  if (auto r = impl->start(); !r) return r.error();
  return std::unique_ptr<Street>(new Street(std::move(impl)));
}

Result<> Street::step(UtcTime now) {
  return impl_->step(now);
}

void Street::show(const JunctionId& junction, const std::vector<Aspect>& aspects,
                  std::optional<std::uint32_t> stage) {
  const auto wiring = impl_->wiring.find(junction);
  const auto signals = impl_->city.signals.find(junction);
  if (wiring == impl_->wiring.end() || signals == impl_->city.signals.end()) return;
  impl_->put(junction, lamp_text(signals->second, wiring->second, aspects, stage));
}

void Street::hand_back(const JunctionId& junction) {
  const auto program = impl_->program.find(junction);
  if (program == impl_->program.end() || impl_->shown.erase(junction) == 0) return;
  const Undisturbed quiet;
  try {
    api::TrafficLight::setProgram(impl_->city.sumo.traffic_light.at(junction), program->second);
  } catch (const std::exception&) {
    // A lost SUMO is told by the next step.
  }
}

StreetView& Street::view() {
  return impl_->view;
}
const std::map<DetectorId, DetectorReading>& Street::detectors() const {
  return impl_->readings;
}
double Street::sumo_time_s() const {
  return impl_->time_s;
}
bool Street::more_to_come() const {
  return impl_->expected;
}
const StreetCounts& Street::counts() const {
  return impl_->counts;
}
const std::vector<Journey>& Street::journeys() const {
  return impl_->journeys;
}
std::vector<Journey> Street::under_way() const {
  std::vector<Journey> out;
  for (const auto& [id, v] : impl_->vehicles) {
    out.push_back({id, v.seen.kind, v.departed_s, 0, v.time_loss_s, v.depart_delay_s});
  }
  for (const auto& [id, seconds] : impl_->waits) {
    if (!impl_->vehicles.contains(id)) out.push_back({id, RoadUser::car, 0, 0, 0, seconds});
  }
  return out;
}
const std::vector<LinkId>* Street::route(const std::string& vehicle) const {
  const auto it = impl_->vehicles.find(vehicle);
  return it == impl_->vehicles.end() ? nullptr : &it->second.route;
}
void Street::remove(const std::string& vehicle) {
  if (!impl_->open || impl_->vehicles.erase(vehicle) == 0) return;
  const Undisturbed quiet;
  try {
    api::Vehicle::remove(vehicle);
  } catch (const std::exception&) {
    // A lost SUMO is told by the next step.
  }
}
const std::vector<std::string>& Street::missing() const {
  return impl_->missing;
}

}  // namespace dispecer::sim
