// May what the feed says of a vehicle be believed? A trip is believed once the vehicle has moved
// along it, and no more once it moves against it, is far before its time, serves stops that the
// trip does not have, or another vehicle fits the trip better. A position is not believed when it
// stands still though its own speed, the brakes of a bus, or a green lamp say it cannot.
#include <algorithm>
#include <cmath>

#include "fusion/transit/transit.h"

namespace dispecer::transit {
namespace {

constexpr double kStandFix_s = 3;

// Lower fits the trip better, s.
double misfit(const Vehicle& vehicle) {
  const double off = vehicle.shown.lateness ? std::abs(vehicle.shown.lateness->value) : 0.0;
  return off + (vehicle.evidence.confirmed ? 0 : 300) + (vehicle.evidence.against ? 3600 : 0) +
         (vehicle.inferred ? 7200 : 0);
}

bool has_better_rival(const State& state, const Vehicle& vehicle) {
  for (const auto& [id, other] : state.vehicles) {
    if (id == vehicle.shown.vehicle || other.trip != vehicle.trip || !other.matched) continue;
    if (other.service_start != vehicle.service_start) continue;
    if (in_seconds(vehicle.shown.fix - other.shown.fix) > state.parameters.rival_s) continue;
    if (other.shown.trust == Trust::frozen || other.shown.phase == BusPhase::frozen) continue;
    const double ours = misfit(vehicle);
    const double theirs = misfit(other);
    if (theirs < ours || (theirs == ours && id < vehicle.shown.vehicle)) return true;
  }
  return false;
}

// The trip was driven past this place already.
bool was_driven(const State& state, const Vehicle& vehicle) {
  const auto it = state.driven.find(vehicle.trip);
  if (it == state.driven.end()) return false;
  const auto& d = it->second;
  const auto& p = state.parameters;
  return d.vehicle != vehicle.shown.vehicle && d.service_start == vehicle.service_start &&
         d.furthest > vehicle.along + p.driven_m && d.misfit <= misfit(vehicle) + p.driven_s;
}

// Where positions of buses that stand never repeat to the last digit, one that does is frozen. By
// the rule of succession (Laplace), so that it takes many stands to be sure.
bool repeats(const State& state, const Vehicle& vehicle) {
  const auto& p = state.parameters;
  const auto& l = state.learnt;
  return vehicle.evidence.same_fixes >= p.same_fixes &&
         (l.stands_same + 1.0) / (l.stands + 2.0) < p.same_rare;
}

bool odd_stop(const Parameters& p, const Vehicle& vehicle, const TripIndex& trip,
              const VehiclePosition& position) {
  if (position.stop_status != StopStatus::stopped || vehicle.speed >= p.still_mps) return false;
  return std::none_of(trip.stops.begin(), trip.stops.end(), [&](const StopPoint& stop) {
    return std::abs(stop.along - vehicle.along) <= p.odd_stop_m;
  });
}

void gather(const State& state, Vehicle& vehicle, const Vehicle& before, const TripIndex& trip,
            const VehiclePosition& position) {
  const auto& p = state.parameters;
  auto& e = vehicle.evidence;
  if (!before.matched || before.trip != vehicle.trip) {
    const bool was_off = before.trip == vehicle.trip && before.shown.phase == BusPhase::off_route;
    const bool at_begin =
        !trip.stops.empty() && vehicle.along <= trip.stops.front().along + 2 * p.terminus_m;
    const bool against = e.against && before.trip == vehicle.trip;
    e = Support{};
    e.against = against;
    e.begun = e.furthest = vehicle.along;
    e.needs_m = at_begin && !was_off ? p.confirm_m : p.confirm_midway_m;
  }
  e.furthest = std::max(e.furthest, vehicle.along);
  if (vehicle.along - e.begun >= e.needs_m) e.confirmed = true;
  if (e.furthest - vehicle.along > p.against_m) e.against = true;
  e.against_fixes = detail::heads_against(state, vehicle, trip, position) ? e.against_fixes + 1 : 0;
  if (e.against_fixes >= p.against_fixes) e.against = true;
  const bool odd = odd_stop(p, vehicle, trip, position);
  if (odd && !e.at_odd_stop && ++e.odd_stops >= 2) e.against = true;
  e.at_odd_stop = odd;

  const bool same = before.matched && before.shown.position == position.position;
  if (vehicle.moved == position.t) e.had_same = false;
  e.same_fixes = same ? e.same_fixes + 1 : 0;
  e.had_same = e.had_same || e.same_fixes >= 2;
  const double dt = in_seconds(position.t - before.shown.fix);
  if (vehicle.moved == position.t || dt <= 0) {
    e.told_m = e.idle_green_s = 0;
    e.braked_too_hard = false;
  } else {
    if (position.speed && dt <= 60) {
      e.told_m += std::min(before.speed, position.speed->value) * dt;
    }
    const double gone = distance_m(before.shown.position, position.position);
    const double stop_in = before.speed * before.speed / (2 * p.hardest_brake);
    if (dt <= 3 && before.speed * dt > 5 && gone < std::min(stop_in, before.speed * dt) * 0.3) {
      e.braked_too_hard = true;
    }
  }
}

}  // namespace

bool detail::heads_against(const State& state, const Vehicle& vehicle, const TripIndex& trip,
                           const VehiclePosition& position) {
  if (!position.bearing || vehicle.speed < 3) return false;
  const double way = bearing_deg(state.index.shapes[trip.shape], vehicle.along);
  const double apart = std::abs(std::remainder(position.bearing->value - way, 360.0));
  return apart > state.parameters.against_deg;
}

void detail::judge_trust(const State& state, Vehicle& vehicle, const Vehicle& before,
                         const TripIndex& trip, const VehiclePosition& position) {
  const auto& p = state.parameters;
  auto& bus = vehicle.shown;
  gather(state, vehicle, before, trip, position);
  const auto& e = vehicle.evidence;
  const double stood = in_seconds(position.t - vehicle.stopped_since);
  bool at_stop_too_long = false;
  if (vehicle.at_stop && vehicle.next_stop < trip.stops.size() && vehicle.next_stop > 0 &&
      bus.phase == BusPhase::at_stop) {
    at_stop_too_long =
        stood > p.dwell_most_s + early_s(state, vehicle, trip.stops[vehicle.next_stop]);
  }
  const double queue_s = p.queue_pace * bus.to_stop_line.value;
  if (bus.phase == BusPhase::frozen || e.told_m > p.told_m || e.braked_too_hard ||
      at_stop_too_long || repeats(state, vehicle) || e.idle_green_s > p.idle_green_s + queue_s) {
    bus.trust = Trust::frozen;
  } else if (e.against || (bus.lateness && bus.lateness->value < -p.early_trip_s &&
                           bus.phase == BusPhase::running)) {
    bus.trust = Trust::wrong_trip;
  } else if (has_better_rival(state, vehicle) || was_driven(state, vehicle)) {
    bus.trust = Trust::duplicate;
  } else {
    bus.trust = vehicle.inferred ? Trust::inferred
                : e.confirmed    ? Trust::trusted
                                 : Trust::unconfirmed;
  }
}

void detail::remember_trust(State& state, const Vehicle& vehicle, const Vehicle& before,
                            const VehiclePosition& position) {
  if (vehicle.shown.trust == Trust::wrong_trip || vehicle.shown.trust == Trust::frozen) {
    // It was not the one that drove it after all.
    const auto it = state.driven.find(vehicle.trip);
    if (it != state.driven.end() && it->second.vehicle == vehicle.shown.vehicle &&
        vehicle.shown.trust == Trust::wrong_trip) {
      state.driven.erase(it);
    }
    return;
  }
  if (vehicle.shown.trust != Trust::trusted) return;
  auto& row = state.driven[vehicle.trip];
  const bool own =
      row.vehicle == vehicle.shown.vehicle && row.service_start == vehicle.service_start;
  row = {vehicle.shown.vehicle, vehicle.service_start,
         own ? std::max(row.furthest, vehicle.along) : vehicle.along, misfit(vehicle)};
  const double stood = in_seconds(position.t - before.moved);
  if (vehicle.moved == position.t && before.stands && stood >= 3 * kStandFix_s) {
    ++state.learnt.stands;
    if (before.evidence.had_same) ++state.learnt.stands_same;
  }
}

void detail::watch_standing(State& state, double dt) {
  const auto& p = state.parameters;
  for (auto& [id, vehicle] : state.vehicles) {
    if (!vehicle.matched || !vehicle.stands || vehicle.at_stop) continue;
    if (in_seconds(state.now - vehicle.shown.fix) > p.live_s) continue;
    const auto* lamps = lamps_ahead(state, vehicle);
    if (lamps == nullptr || !lamps->known || !lamps->green ||
        in_seconds(state.now - lamps->seen) > p.lamp_gap_s) {
      continue;
    }
    vehicle.evidence.idle_green_s += dt;
    const bool begins = in_seconds(state.now - lamps->since) <= 1.5;
    if (begins && stands_in_queue(state, vehicle)) {
      vehicle.queued_m = std::max(0.1, vehicle.shown.to_stop_line.value);
      vehicle.green_at = lamps->since;
    }
  }
}

}  // namespace dispecer::transit
