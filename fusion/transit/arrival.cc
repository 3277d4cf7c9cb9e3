// Stops, dwell, and the way to the next signal.
#include <algorithm>
#include <cmath>

#include "fusion/transit/transit.h"

namespace dispecer::transit {
namespace {

Dwell dwell_of(const State& state, std::uint32_t stop) {
  const auto& p = state.parameters;
  const auto it = state.dwells.find(stop);
  if (it == state.dwells.end()) return {p.dwell_mean_s, p.dwell_sd_s * p.dwell_sd_s, 0};
  return it->second;
}

void learn(State& state, std::uint32_t stop, double seconds) {
  const auto& p = state.parameters;
  if (stop == kNone || seconds < 1 || seconds > p.dwell_most_s) return;
  Dwell dwell = dwell_of(state, stop);
  const double off = seconds - dwell.mean_s;
  dwell.mean_s += p.dwell_memory * off;
  dwell.variance = (1 - p.dwell_memory) * (dwell.variance + p.dwell_memory * off * off);
  ++dwell.seen;
  state.dwells[stop] = dwell;
}

// Where early, a bus waits at a time point for its time.
double hold_s(const State& state, const Vehicle& vehicle, const StopPoint& stop) {
  if (!stop.timepoint || !vehicle.shown.lateness) return 0;
  return std::clamp(-vehicle.shown.lateness->value, 0.0, state.parameters.hold_most_s);
}

struct Spread {
  double low = 0;
  double mid = 0;
  double high = 0;
};

Spread run_time(const State& state, const Vehicle& vehicle, double distance, double limit,
                double known_speed) {
  const auto& p = state.parameters;
  double cruise = known_speed > 0 ? std::min(known_speed, limit) : p.cruise_share * limit;
  // Near the stop line its own speed tells most.
  if (vehicle.speed > 3) {
    const double near = std::clamp(1 - distance / 300, 0.0, 1.0);
    cruise = near * std::min(vehicle.speed, limit) + (1 - near) * cruise;
  }
  cruise = std::max(cruise, 2.0);
  const double start = vehicle.speed < p.still_mps ? p.start_s : 0.0;
  return {distance / std::max(1.1 * limit, vehicle.speed), distance / cruise + start,
          distance / (p.slow_share * cruise) + start};
}

}  // namespace

void detail::follow_stops(State& state, Vehicle& vehicle, const TripIndex& trip,
                          const VehiclePosition& position) {
  const auto& p = state.parameters;
  const bool told = position.stop_status == StopStatus::stopped;
  const bool still = told || vehicle.speed < p.still_mps;
  const auto finish = [&](std::uint32_t upto) {
    if (vehicle.at_stop) {
      learn(state, trip.stops[vehicle.next_stop].stop,
            in_seconds(position.t - vehicle.stopped_since));
    }
    vehicle.at_stop = false;
    vehicle.next_stop = upto;
  };
  std::uint32_t passed = vehicle.next_stop;
  while (passed < trip.stops.size() && vehicle.along > trip.stops[passed].along + p.passed_m) {
    ++passed;
  }
  if (passed != vehicle.next_stop) finish(passed);
  const auto count = static_cast<std::uint32_t>(trip.stops.size());
  if (vehicle.next_stop < count) {
    const auto& stop = trip.stops[vehicle.next_stop];
    const double zone = told ? p.stop_zone_told_m : p.stop_zone_m;
    const bool here = still && std::abs(vehicle.along - stop.along) <= zone;
    if (here && !vehicle.at_stop) {
      vehicle.at_stop = true;
      vehicle.stopped_since = position.t;
    } else if (vehicle.at_stop && !still && vehicle.along > stop.along - 10) {
      finish(vehicle.next_stop + 1);
    } else if (vehicle.at_stop && !here) {
      vehicle.at_stop = false;  // it only crept towards the stop
    } else if (vehicle.at_stop && !told && hold_s(state, vehicle, stop) <= 0 &&
               vehicle.next_stop + 1 < count && vehicle.next_stop > 0) {
      // Longer than any dwell there: it is done and something else holds it.
      const Dwell dwell = dwell_of(state, stop.stop);
      const double stood = in_seconds(position.t - vehicle.stopped_since);
      if (stood > dwell.mean_s + 3 * std::sqrt(dwell.variance)) {
        vehicle.at_stop = false;
        vehicle.next_stop += 1;
      }
    }
  }
  auto& phase = vehicle.shown.phase;
  phase = vehicle.at_stop ? BusPhase::at_stop : BusPhase::running;
  if (trip.stops.empty()) return;
  const double s = in_seconds(position.t - vehicle.service_start);
  const bool at_begin = vehicle.along <= trip.stops.front().along + p.terminus_m &&
                        vehicle.next_stop == 0 &&
                        (!vehicle.dated || s < trip.stops.front().departure);
  const bool at_end = vehicle.along >= trip.stops.back().along - p.stop_zone_m;
  if (still && (at_begin || at_end)) phase = BusPhase::layover;
}

void detail::look_ahead(const State& state, Vehicle& vehicle, const TripIndex& trip) {
  const auto& p = state.parameters;
  const auto& shape = state.index.shapes[trip.shape];
  auto& out = vehicle.shown;
  std::size_t k = 0;
  while (k < shape.links.size() && shape.links[k].end < vehicle.along) ++k;
  if (k == shape.links.size()) return;
  out.link = state.index.links[shape.links[k].link];
  out.to_stop_line = Metres{shape.links[k].end - vehicle.along};
  std::size_t signal = k;
  while (signal < shape.links.size() && !shape.links[signal].signalised &&
         shape.links[signal].end - vehicle.along <= p.look_ahead_m) {
    ++signal;
  }
  if (signal == shape.links.size() || !shape.links[signal].signalised) return;
  const double stop_line = shape.links[signal].end;
  const double distance = stop_line - vehicle.along;
  if (distance > p.look_ahead_m) return;
  const auto movement = shape.links[signal].movement;
  out.next_movement = state.index.movements[movement];
  out.to_stop_line = Metres{distance};

  Spread eta;
  double at = vehicle.along;
  for (std::size_t i = k; i <= signal; ++i) {
    const auto link = shape.links[i].link;
    const double piece = std::max(0.0, shape.links[i].end - at);
    at = shape.links[i].end;
    const double known = link < state.conditions.speed.size() ? state.conditions.speed[link] : 0.0;
    // What was lost by starting is lost once, on the first piece.
    const Spread run = run_time(state, vehicle, piece, state.index.limits[link], known);
    const double start = i == k || vehicle.speed >= p.still_mps ? 0.0 : p.start_s;
    eta.low += run.low;
    eta.mid += run.mid - start;
    eta.high += run.high - start;
  }
  double variance = 0;
  for (std::uint32_t s = vehicle.next_stop; s < trip.stops.size(); ++s) {
    const auto& stop = trip.stops[s];
    if (stop.along > stop_line) break;
    if (vehicle.along > stop.along + p.passed_m) continue;
    out.stop_ahead = true;
    const Dwell dwell = dwell_of(state, stop.stop);
    const bool here = vehicle.at_stop && s == vehicle.next_stop;
    const double stood = here ? in_seconds(out.fix - vehicle.stopped_since) : 0.0;
    const double left = here ? std::max(2.0, dwell.mean_s - stood) : dwell.mean_s + p.stop_cost_s;
    const double stay = std::max(left, hold_s(state, vehicle, stop));
    eta.mid += stay;
    eta.high += stay;
    variance += dwell.variance;
  }
  const double queue =
      movement < state.conditions.discharge_s.size() ? state.conditions.discharge_s[movement] : 0.0;
  // The queue stands before the bus already while it is on its way.
  eta.mid = std::max(eta.mid, queue);
  eta.high = std::max(eta.high, eta.mid) + 0.5 * queue + p.high_sigmas * std::sqrt(variance);
  out.eta_low = Seconds{std::min(eta.low, eta.mid)};
  out.eta = Seconds{eta.mid};
  out.eta_high = Seconds{eta.high};
}

void detail::headway(const State& state, Vehicle& vehicle, const TripIndex& trip) {
  const auto& p = state.parameters;
  const Vehicle* ahead = nullptr;
  for (const auto& [id, other] : state.vehicles) {
    if (id == vehicle.shown.vehicle || !other.matched || other.trip == kNone) continue;
    if (state.index.trips[other.trip].shape != trip.shape) continue;
    if (other.along <= vehicle.along || other.shown.phase == BusPhase::layover) continue;
    if (in_seconds(vehicle.shown.fix - other.shown.fix) > 6 * p.live_s) continue;
    if (ahead == nullptr || other.along < ahead->along) ahead = &other;
  }
  if (ahead == nullptr) return;
  // When will it be where the other one was at its fix?
  const double run = scheduled_s(trip, ahead->along) - scheduled_s(trip, vehicle.along);
  const double gap = run + in_seconds(vehicle.shown.fix - ahead->shown.fix);
  if (gap >= 0) vehicle.shown.headway_ahead = Seconds{gap};
}

}  // namespace dispecer::transit
