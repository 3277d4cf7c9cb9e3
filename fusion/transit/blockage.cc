// Vehicles that cannot leave their wire or rail and stand on it are a blockage of their line: those
// behind that cannot overtake either are stuck.
#include <algorithm>

#include "fusion/transit/transit.h"

namespace dispecer::transit {
namespace {

bool blocks(const State& state, const Vehicle& vehicle) {
  const auto& p = state.parameters;
  const auto& bus = vehicle.shown;
  if (!vehicle.matched || limits_of(bus.kind).leaves_way || bus.link.empty()) return false;
  if (in_seconds(state.now - bus.fix) > p.rival_s) return false;
  const bool phase = bus.phase == BusPhase::running || bus.phase == BusPhase::frozen;
  if (!phase || !vehicle.stands || in_seconds(state.now - vehicle.stands_since) < p.block_s) {
    return false;
  }
  // At a red lamp, or in the queue before it, it stands with good reason.
  const auto* lamps = detail::lamps_ahead(state, vehicle);
  const bool lamps_known =
      lamps != nullptr && lamps->known && in_seconds(state.now - lamps->seen) <= p.lamp_gap_s;
  const double queue_s = p.queue_pace * bus.to_stop_line.value;
  return !lamps_known || vehicle.evidence.idle_green_s > p.idle_green_s + queue_s;
}

// Does the way of `vehicle` still lead over the link on which `stopped` stands, and not past it?
bool behind(const State& state, const Vehicle& vehicle, const Vehicle& stopped) {
  if (!vehicle.matched || vehicle.trip == kNone || vehicle.shown.link.empty()) return false;
  const auto& shape = state.index.shapes[state.index.trips[vehicle.trip].shape];
  for (const auto& link : shape.links) {
    if (link.end < vehicle.along || state.index.links[link.link] != stopped.shown.link) continue;
    if (vehicle.shown.link != stopped.shown.link) return true;
    const auto& other = state.index.shapes[state.index.trips[stopped.trip].shape];
    for (const auto& row : other.links) {
      if (row.link == link.link && row.end >= stopped.along) {
        return link.end - vehicle.along > row.end - stopped.along;
      }
    }
  }
  return false;
}

}  // namespace

std::vector<AlarmEvent> detail::find_blockages(State& state) {
  std::vector<AlarmEvent> out;
  std::map<VehicleId, LinkId> found;
  for (const auto& [id, vehicle] : state.vehicles) {
    if (blocks(state, vehicle)) found.emplace(id, vehicle.shown.link);
  }
  const auto tell = [&](const VehicleId& id, const LinkId& link, bool active) {
    const auto it = state.vehicles.find(id);
    const std::string line = it == state.vehicles.end() ? "" : it->second.shown.line.str();
    out.push_back({"line_blocked", id.str(), AlarmPriority::high, active, state.now,
                   "line " + line + " on " + link.str()});
  };
  for (const auto& [id, link] : state.blockages) {
    if (!found.contains(id)) tell(id, link, false);
  }
  for (const auto& [id, link] : found) {
    if (!state.blockages.contains(id)) tell(id, link, true);
  }
  state.blockages = std::move(found);
  for (auto& [id, vehicle] : state.vehicles) {
    vehicle.shown.blocked_by = VehicleId();
    if (limits_of(vehicle.shown.kind).overtakes) continue;
    for (const auto& [by, link] : state.blockages) {
      if (by != id && behind(state, vehicle, state.vehicles.at(by))) vehicle.shown.blocked_by = by;
    }
  }
  return out;
}

}  // namespace dispecer::transit
