// Induction loops and push buttons.
#include <algorithm>

#include "sim/street/results.h"

namespace dispecer::sim {

void Street::Impl::read_loops() {
  const auto all = api::InductionLoop::getAllSubscriptionResults();
  for (const auto& [id, loop] : loops) {
    const auto it = all.find(loop);
    if (it == all.end()) continue;
    auto& reading = readings[id];
    auto& over = over_loop[id];
    std::set<std::string> now;
    reading.count = 0;
    auto& classes = reading.classes.emplace();
    const bool buses_only = bus_loops.contains(id);
    for (auto& vehicle : texts(it->second, libsumo::LAST_STEP_VEHICLE_ID_LIST)) {
      const auto seen = vehicles.find(vehicle);
      const bool bus = seen != vehicles.end() && public_transport(seen->second.seen.kind);
      if (buses_only && !bus) continue;
      if (!over.contains(vehicle)) {
        ++reading.count;
        const auto known = vehicles.find(vehicle);
        ++classes[known == vehicles.end() ? 0 : known->second.loop_class];
      }
      now.insert(std::move(vehicle));
    }
    over = std::move(now);
    reading.occupancy =
        std::clamp(number(it->second, libsumo::LAST_STEP_OCCUPANCY) / 100.0, 0.0, 1.0);
    reading.occupied = number(it->second, libsumo::LAST_STEP_TIME_SINCE_DETECTION, 1) <= 0;
    const double speed = number(it->second, libsumo::LAST_STEP_MEAN_SPEED, -1);
    reading.speed_mps = speed >= 0 ? std::optional(speed) : std::nullopt;
    if (!buses_only) continue;
    // What others do over it is not seen.
    reading.occupied = reading.occupied && !over.empty();
    if (over.empty()) reading.occupancy = 0;
    reading.speed_mps.reset();
  }
}

void Street::Impl::read_buttons() {
  if (buttons.empty()) return;
  const auto all = api::Edge::getAllSubscriptionResults();
  std::map<std::string, std::string> next;  // of each person, asked once
  for (const auto& [id, crossings] : buttons) {
    std::uint32_t waiting = 0;
    for (const auto& crossing : crossings) {
      for (const auto& area : crossing.waiting_areas) {
        const auto it = all.find(area);
        if (it == all.end()) continue;
        for (const auto& person : texts(it->second, libsumo::LAST_STEP_PERSON_ID_LIST)) {
          auto [known, fresh] = next.try_emplace(person);
          if (fresh && api::Person::getWaitingTime(person) > 0)
            known->second = api::Person::getNextEdge(person);
          if (known->second == crossing.edge) ++waiting;
        }
      }
    }
    auto& reading = readings[id];
    reading.count = waiting > 0 && !reading.occupied ? 1 : 0;
    reading.occupied = waiting > 0;
    reading.occupancy = waiting > 0 ? 1 : 0;
  }
}

}  // namespace dispecer::sim
