#include <algorithm>
#include <charconv>
#include <cmath>

#include "fusion/transit/transit.h"

namespace dispecer::transit {
namespace {

double second_of_day(UtcTime t, UtcTime start) {
  return in_seconds(t - start);
}

// Everywhere on the shape that is near enough; of several (a shape may pass a place twice) the one
// that fits the timetable best, 10 s weighing as much as one metre.
std::optional<double> anywhere(const State& state, const Vehicle& vehicle, const TripIndex& trip,
                               const ShapeIndex& shape, Local at, UtcTime t) {
  constexpr double kPiece_m = 100;
  std::optional<double> best;
  double best_score = 0;
  for (double from = 0; from <= shape.length(); from += kPiece_m) {
    const auto hit = project_within(shape, at, from, from + kPiece_m);
    if (hit.off_m > state.parameters.off_route_m) continue;
    double score = hit.off_m;
    if (vehicle.dated) {
      const double s = second_of_day(t, vehicle.service_start);
      score += 0.1 * std::abs(lateness_s(trip, hit.along_m, s));
    }
    if (!best || score < best_score) {
      best = hit.along_m;
      best_score = score;
    }
  }
  return best;
}

std::optional<std::uint32_t> to_date(const std::string& text) {
  std::uint32_t date = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, date);
  if (text.size() != 8 || error != std::errc{} || at != end) return std::nullopt;
  return date;
}

}  // namespace

std::optional<double> detail::match(const State& state, const Vehicle& vehicle,
                                    const TripIndex& trip, const VehiclePosition& position) {
  const auto& p = state.parameters;
  const auto& shape = state.index.shapes[trip.shape];
  if (shape.points.empty()) return std::nullopt;
  const Local at = state.index.plane.to_local(position.position);
  if (vehicle.matched) {
    const double dt = std::clamp(in_seconds(position.t - vehicle.shown.fix), 0.0, 600.0);
    const auto hit = project_within(shape, at, vehicle.along - p.back_m,
                                    vehicle.along + std::max(p.ahead_m, p.top_speed_mps * dt));
    if (hit.off_m <= p.off_route_m) return hit.along_m;
  } else if (position.stop_sequence) {
    double from = 0;
    for (const auto& stop : trip.stops) {
      if (stop.sequence < *position.stop_sequence) {
        from = stop.along;
      } else if (stop.sequence == *position.stop_sequence) {
        const auto hit =
            project_within(shape, at, from - p.stop_zone_told_m, stop.along + p.stop_zone_told_m);
        if (hit.off_m <= p.off_route_m) return hit.along_m;
      }
    }
  }
  return anywhere(state, vehicle, trip, shape, at, position.t);
}

void detail::find_day(State& state, Vehicle& vehicle, const TripIndex& trip,
                      const VehiclePosition& position) {
  const auto& days = state.index.days;
  vehicle.dated = false;
  if (days.empty() || trip.stops.empty()) return;
  if (const auto date = to_date(position.start_date)) {
    for (const auto& day : days) {
      if (day.date != *date) continue;
      vehicle.service_start = day.start;
      vehicle.dated = true;
      return;
    }
    ++state.counters["transit.unknown_service_day"];
  }
  // Of the days around now: one on which the service runs and whose trip is nearest in time.
  const double begin = trip.stops.front().departure;
  const double end = trip.stops.back().arrival;
  double best = 0;
  bool best_runs = false;
  for (const auto& day : days) {
    const double s = second_of_day(position.t, day.start);
    if (s < -12 * 3600.0 || s > 60 * 3600.0) continue;
    const double off = s < begin ? begin - s : (s > end ? s - end : 0.0);
    bool runs = false;
    if (trip.service != kNone) {
      const auto& dates = state.index.service_days[trip.service];
      runs = std::binary_search(dates.begin(), dates.end(), day.date);
    }
    const bool better = !vehicle.dated || (runs && !best_runs) || (runs == best_runs && off < best);
    if (!better) continue;
    vehicle.service_start = day.start;
    vehicle.dated = true;
    best = off;
    best_runs = runs;
  }
  if (vehicle.dated && !best_runs) ++state.counters["transit.service_not_running"];
}

}  // namespace dispecer::transit
