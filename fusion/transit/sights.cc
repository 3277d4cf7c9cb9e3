// What a bus shows of the traffic around it.
#include "fusion/transit/transit.h"

namespace dispecer::transit {

std::optional<GroundSpeed> detail::ground_speed(const State& state, const Vehicle& before,
                                                const Vehicle& after, const TripIndex& trip) {
  const auto& p = state.parameters;
  const double dt = in_seconds(after.shown.fix - before.shown.fix);
  const double ds = after.along - before.along;
  if (!before.matched || before.trip != after.trip || dt <= 0 || dt > 30 || ds < 0 ||
      before.at_stop || after.at_stop || after.shown.link.empty() ||
      after.shown.link != before.shown.link || after.shown.phase != BusPhase::running ||
      after.shown.to_stop_line.value < 40) {
    return std::nullopt;
  }
  for (const auto& stop : trip.stops) {
    if (stop.along > before.along - p.stop_zone_m && stop.along < after.along + p.stop_zone_m) {
      return std::nullopt;
    }
  }
  return GroundSpeed{after.shown.link, MetresPerSecond{ds / dt}, after.shown.fix};
}

std::optional<InTraffic> detail::in_traffic(const State& state, const Vehicle& vehicle,
                                            const TripIndex& trip) {
  const auto& p = state.parameters;
  const auto& bus = vehicle.shown;
  if (vehicle.signal == kNone || bus.trust != Trust::trusted || bus.phase != BusPhase::running ||
      vehicle.at_stop) {
    return std::nullopt;
  }
  const auto& approach = state.index.shapes[trip.shape].links[vehicle.signal];
  if (state.index.links[approach.link] != bus.link || state.index.bus_lane[approach.link]) {
    return std::nullopt;
  }
  // Standing, it may wait for another bus at the stop before it; driving, it may brake for its own.
  for (const auto& stop : trip.stops) {
    if (stop.along > vehicle.along - p.stop_zone_m &&
        stop.along < vehicle.along + 2 * p.stop_zone_m) {
      return std::nullopt;
    }
  }
  return InTraffic{bus.next_movement, bus.to_stop_line, MetresPerSecond{vehicle.speed},
                   vehicle.stands && vehicle.speed < p.still_mps, bus.fix};
}

}  // namespace dispecer::transit
