// Headway: seconds between a bus and the one before or behind it at the same place of their shape.
// From the moments at which the one ahead was at each 100 m; where it was not seen there, from the
// timetable's running time between the two.
#include <algorithm>
#include <cmath>

#include "fusion/transit/transit.h"

namespace dispecer::transit {
namespace {

std::optional<UtcTime> was_at(const Vehicle& vehicle, double along) {
  const double place = along / kTrailStep_m;
  const auto low = static_cast<std::int64_t>(std::floor(place));
  if (low < vehicle.trail_first || low > vehicle.trail_last) return std::nullopt;
  const auto at = [&](std::int64_t i) {
    return vehicle.trail[static_cast<std::size_t>(i) % kTrail];
  };
  if (low == vehicle.trail_last) return at(low);
  const double share = place - static_cast<double>(low);
  return at(low) + from_seconds(share * in_seconds(at(low + 1) - at(low)));
}

bool on_its_way(const BusState& bus) {
  const bool believed =
      bus.trust != Trust::duplicate && bus.trust != Trust::wrong_trip && bus.trust != Trust::frozen;
  return believed && bus.phase != BusPhase::layover && bus.phase != BusPhase::frozen;
}

double gap_s(const TripIndex& trip, const Vehicle& behind, const Vehicle& ahead) {
  if (const auto t = was_at(ahead, behind.along)) return in_seconds(behind.shown.fix - *t);
  const double run = scheduled_s(trip, ahead.along) - scheduled_s(trip, behind.along);
  return run + in_seconds(behind.shown.fix - ahead.shown.fix);
}

}  // namespace

void detail::keep_trail(Vehicle& vehicle, double before_along, UtcTime before) {
  const double span = vehicle.along - before_along;
  if (span <= 0) return;
  auto next = static_cast<std::int64_t>(std::floor(std::max(0.0, before_along) / kTrailStep_m)) + 1;
  const auto last = static_cast<std::int64_t>(std::floor(vehicle.along / kTrailStep_m));
  if (last - next >= static_cast<std::int64_t>(kTrail)) {
    next = last - static_cast<std::int64_t>(kTrail) + 1;
  }
  if (vehicle.trail_last >= 0 && next <= vehicle.trail_last) next = vehicle.trail_last + 1;
  const double whole = in_seconds(vehicle.shown.fix - before);
  for (; next <= last; ++next) {
    const double share =
        std::clamp((static_cast<double>(next) * kTrailStep_m - before_along) / span, 0.0, 1.0);
    if (vehicle.trail_last + 1 != next || vehicle.trail_last < 0) vehicle.trail_first = next;
    vehicle.trail[static_cast<std::size_t>(next) % kTrail] = before + from_seconds(share * whole);
    vehicle.trail_last = next;
    vehicle.trail_first =
        std::max(vehicle.trail_first, next - static_cast<std::int64_t>(kTrail) + 1);
  }
}

void detail::headway(const State& state, Vehicle& vehicle, const TripIndex& trip) {
  const auto& p = state.parameters;
  const Vehicle* ahead = nullptr;
  const Vehicle* behind = nullptr;
  for (const auto& [id, other] : state.vehicles) {
    if (id == vehicle.shown.vehicle || !other.matched || other.trip == kNone) continue;
    if (state.index.trips[other.trip].shape != trip.shape || !on_its_way(other.shown)) continue;
    if (in_seconds(vehicle.shown.fix - other.shown.fix) > 6 * p.live_s) continue;
    if (other.along > vehicle.along) {
      if (ahead == nullptr || other.along < ahead->along) ahead = &other;
    } else if (other.along < vehicle.along) {
      if (behind == nullptr || other.along > behind->along) behind = &other;
    }
  }
  if (ahead != nullptr) {
    const double gap = gap_s(trip, vehicle, *ahead);
    if (gap >= 0) vehicle.shown.headway_ahead = Seconds{gap};
  }
  if (behind != nullptr) {
    const double gap = gap_s(trip, *behind, vehicle);
    if (gap >= 0) vehicle.shown.headway_behind = Seconds{gap};
  }
}

}  // namespace dispecer::transit
