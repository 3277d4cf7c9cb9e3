// Stops: which one is next, dwell, layover.
#include <algorithm>
#include <cmath>

#include "fusion/transit/transit.h"

namespace dispecer::transit {
namespace {

constexpr double kOwn = 2;       // dwells at a stop that weigh as much as those of all stops
constexpr double kEarly_s = 15;  // a bus that leaves earlier than this did not wait for its time
constexpr double kHoldMemory = 0.2;
constexpr double kHeard_s = 60;
constexpr double kHolds = 0.55;  // share of early buses that waited, from which it is expected

void blend(Dwell& dwell, double seconds, double least) {
  const double share = std::max(least, 1.0 / (dwell.seen + 1.0));
  const double off = seconds - dwell.mean_s;
  dwell.mean_s += share * off;
  dwell.variance = (1 - share) * (dwell.variance + share * off * off);
  ++dwell.seen;
}

void learn(State& state, std::uint32_t stop, double seconds) {
  const auto& p = state.parameters;
  if (stop == kNone || seconds < 1 || seconds > p.dwell_most_s) return;
  auto& all = state.learnt.all_dwells;
  // What was assumed counts like some dwells of all stops.
  if (all.seen == 0) all = {p.dwell_mean_s, p.dwell_sd_s * p.dwell_sd_s, 3};
  blend(all, seconds, 0.02);
  auto [it, fresh] = state.learnt.dwells.try_emplace(stop);
  if (fresh) it->second = {seconds, 0, 0};
  blend(it->second, seconds, p.dwell_memory);
}

}  // namespace

Dwell detail::dwell_of(const State& state, std::uint32_t stop) {
  const auto& p = state.parameters;
  const auto& all = state.learnt.all_dwells;
  Dwell out = all.seen > 0 ? all : Dwell{p.dwell_mean_s, p.dwell_sd_s * p.dwell_sd_s, 0};
  const auto it = state.learnt.dwells.find(stop);
  if (it == state.learnt.dwells.end()) return out;
  const auto& own = it->second;
  const double share = own.seen / (own.seen + kOwn);
  const double apart = own.mean_s - out.mean_s;
  out.variance = share * own.variance + (1 - share) * (out.variance + share * apart * apart);
  out.mean_s += share * apart;
  out.seen = own.seen;
  return out;
}

double detail::early_s(const State& state, const Vehicle& vehicle, const StopPoint& stop) {
  if (!stop.timepoint || !vehicle.shown.lateness) return 0;
  return std::clamp(-vehicle.shown.lateness->value, 0.0, state.parameters.hold_most_s);
}

double detail::hold_s(const State& state, const Vehicle& vehicle, const StopPoint& stop) {
  return state.learnt.hold_share < kHolds ? 0.0 : early_s(state, vehicle, stop);
}

double detail::lateness_of(const Vehicle& vehicle, const TripIndex& trip, double s) {
  const auto count = static_cast<std::uint32_t>(trip.stops.size());
  const auto next = vehicle.next_stop;
  if (next == 0 || next > count) return lateness_s(trip, vehicle.along, s);
  if (vehicle.at_stop && next < count && trip.stops[next].timepoint) {
    const auto& stop = trip.stops[next];
    const double came = in_seconds(vehicle.stopped_since - vehicle.service_start);
    const double late = s - stop.departure;
    if (vehicle.came_seen && came > stop.arrival) return std::max(came - stop.arrival, late);
    return s < stop.arrival ? s - stop.arrival : std::max(0.0, late);
  }
  // Behind what it has served, before what it has not, whatever the error of the fix.
  const double low = trip.stops[next - 1].along + 0.01;
  const double high = next < count ? trip.stops[next].along : low;
  return s - scheduled_s(trip, std::clamp(vehicle.along, low, std::max(low, high)));
}

void detail::follow_stops(State& state, Vehicle& vehicle, const TripIndex& trip,
                          const VehiclePosition& position) {
  const auto& p = state.parameters;
  const bool told = position.stop_status == StopStatus::stopped;
  const bool still = told || vehicle.speed < p.still_mps;
  vehicle.tells_stops = vehicle.tells_stops || told;
  const auto count = static_cast<std::uint32_t>(trip.stops.size());
  const double second = in_seconds(position.t - vehicle.service_start);
  const bool close = in_seconds(position.t - vehicle.shown.fix) <= p.learn_gap_s;
  const auto finish = [&](std::uint32_t upto) {
    if (vehicle.at_stop) {
      const auto& stop = trip.stops[vehicle.next_stop];
      const double early = stop.departure - second;
      // A wait for its time is no dwell.
      const bool held = vehicle.early_at_stop && early < kEarly_s;
      if (close && !held) learn(state, stop.stop, in_seconds(position.t - vehicle.stopped_since));
      if (close && vehicle.early_at_stop && stop.timepoint && vehicle.next_stop > 0) {
        state.learnt.hold_share += kHoldMemory * ((held ? 1.0 : 0.0) - state.learnt.hold_share);
      }
      vehicle.left_along = vehicle.along;
    }
    vehicle.at_stop = false;
    vehicle.next_stop = upto;
  };
  std::uint32_t passed = vehicle.next_stop;
  while (passed < count && vehicle.along > trip.stops[passed].along + p.passed_m &&
         !(told && passed == vehicle.next_stop &&
           vehicle.along <= trip.stops[passed].along + p.stop_zone_m)) {
    ++passed;
  }
  if (passed != vehicle.next_stop) finish(passed);
  if (vehicle.next_stop < count) {
    const auto& stop = trip.stops[vehicle.next_stop];
    const double zone_m = vehicle.tells_stops ? p.stop_zone_told_m : 10.0;
    const double zone = told ? p.stop_zone_told_m : p.stop_zone_m;
    const bool serves = vehicle.tells_stops ? told : still;
    const bool here = serves && std::abs(vehicle.along - stop.along) <= zone;
    if (here && !vehicle.at_stop) {
      vehicle.at_stop = true;
      vehicle.stopped_since = position.t;
      vehicle.came_seen = in_seconds(position.t - vehicle.shown.fix) <= kHeard_s;
      const double stays = dwell_of(state, stop.stop).mean_s;
      vehicle.early_at_stop =
          vehicle.dated && stop.timepoint && stop.departure - second > stays + 2 * kEarly_s;
    } else if (vehicle.at_stop && (vehicle.tells_stops || !still) && !serves &&
               vehicle.along > stop.along - zone_m) {
      finish(vehicle.next_stop + 1);
    } else if (vehicle.at_stop && !here) {
      vehicle.at_stop = false;  // it only crept towards the stop
    } else if (vehicle.at_stop && !told &&
               !(stop.timepoint && vehicle.dated && second < stop.departure) &&
               vehicle.next_stop + 1 < count && vehicle.next_stop > 0) {
      // Longer than any dwell there: it is done and something else holds it.
      const Dwell dwell = dwell_of(state, stop.stop);
      const double stood = in_seconds(position.t - vehicle.stopped_since);
      if (stood > dwell.mean_s + 3 * std::sqrt(dwell.variance) + 5) {
        vehicle.at_stop = false;
        vehicle.next_stop += 1;
      }
    }
  }
  auto& phase = vehicle.shown.phase;
  phase = vehicle.at_stop ? BusPhase::at_stop : BusPhase::running;
  if (trip.stops.empty()) return;
  const bool at_begin = vehicle.along <= trip.stops.front().along + p.terminus_m &&
                        vehicle.next_stop == 0 &&
                        (!vehicle.dated || second < trip.stops.front().departure);
  const bool at_end = vehicle.along >= trip.stops.back().along - p.stop_zone_m;
  if (still && (at_begin || at_end)) phase = BusPhase::layover;
}

}  // namespace dispecer::transit
