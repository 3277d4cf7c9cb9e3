// Which trip is a vehicle on whose feed names its line, but no trip that the timetable has? One of
// that line that runs now, passes here in its direction, and is nearest to its time; nobody else is
// on it. It is a guess and is told as one (Trust::inferred). Who tells no line either may be on its
// way to the depot.
#include <algorithm>
#include <cmath>

#include "fusion/transit/transit.h"

namespace dispecer::transit {
namespace {

bool taken(const State& state, const Vehicle& vehicle, std::uint32_t trip, UtcTime t) {
  return std::any_of(state.vehicles.begin(), state.vehicles.end(), [&](const auto& row) {
    const auto& other = row.second;
    return &other != &vehicle && other.trip == trip && other.matched &&
           in_seconds(t - other.shown.fix) <= state.parameters.rival_s;
  });
}

// How far the trip is off at this place and moment, s; absent = it does not come by here.
std::optional<double> off(const State& state, const Vehicle& vehicle, const TripIndex& trip,
                          const VehiclePosition& position, UtcTime day) {
  Vehicle trial;
  trial.dated = true;
  trial.service_start = day;
  trial.speed = vehicle.speed;
  const auto along = detail::match(state, trial, trip, position);
  if (!along) return std::nullopt;
  trial.along = *along;
  if (position.bearing && detail::heads_against(state, trial, trip, position)) return std::nullopt;
  return std::abs(lateness_s(trip, *along, in_seconds(position.t - day)));
}

}  // namespace

std::uint32_t detail::infer_trip(const State& state, const Vehicle& vehicle,
                                 const VehiclePosition& position) {
  if (position.line.empty()) return kNone;
  const auto& p = state.parameters;
  // It stays on the one that was found for as long as it fits.
  if (vehicle.inferred && vehicle.trip != kNone && vehicle.matched && !vehicle.evidence.against) {
    const auto& trip = state.index.trips[vehicle.trip];
    const auto late =
        lateness_s(trip, vehicle.along, in_seconds(position.t - vehicle.service_start));
    if (std::abs(late) <= 2 * p.infer_off_s && match(state, vehicle, trip, position)) {
      return vehicle.trip;
    }
  }
  const auto wrong = vehicle.inferred && vehicle.evidence.against ? vehicle.trip : kNone;
  std::uint32_t best = kNone;
  double least = p.infer_off_s;
  for (const auto& day : state.index.days) {
    const double s = in_seconds(position.t - day.start);
    for (std::uint32_t i = 0; i < state.index.trips.size(); ++i) {
      const auto& trip = state.index.trips[i];
      if (trip.stops.empty() || trip.service == kNone || i == wrong) continue;
      if (trip.line != position.line) continue;
      if (s < trip.stops.front().departure - p.infer_off_s ||
          s > trip.stops.back().arrival + p.infer_off_s) {
        continue;
      }
      const auto& dates = state.index.service_days[trip.service];
      if (!std::binary_search(dates.begin(), dates.end(), day.date)) continue;
      if (taken(state, vehicle, i, position.t)) continue;
      const auto error = off(state, vehicle, trip, position, day.start);
      if (!error || *error >= least) continue;
      least = *error;
      best = i;
    }
  }
  return best;
}

}  // namespace dispecer::transit
