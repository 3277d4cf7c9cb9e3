#include "fusion/transit/transit.h"

#include <algorithm>
#include <cmath>

namespace dispecer::transit {
namespace {

bool possible(LonLat p) {
  return std::isfinite(p.lon) && std::isfinite(p.lat) && std::abs(p.lon) <= 180 &&
         std::abs(p.lat) <= 90 && !(p.lon == 0 && p.lat == 0);
}

// What brings nothing new; nullptr = take it.
const char* refuse(const State& state, const VehiclePosition& position) {
  if (position.vehicle.empty()) return "transit.no_vehicle_id";
  if (!possible(position.position)) return "transit.bad_position";
  if (state.started && in_seconds(position.t - state.now) > state.parameters.future_s) {
    return "transit.future";
  }
  const auto it = state.vehicles.find(position.vehicle);
  if (it == state.vehicles.end()) return nullptr;
  if (position.t < it->second.shown.fix) return "transit.older";
  if (position.t == it->second.shown.fix) return "transit.repeated";
  return nullptr;
}

void move(const State& state, Vehicle& vehicle, const VehiclePosition& position, bool known) {
  const auto& p = state.parameters;
  const double dt = in_seconds(position.t - vehicle.shown.fix);
  const double gone = known ? distance_m(vehicle.shown.position, position.position) : 0.0;
  if (position.speed) {
    vehicle.speed = position.speed->value;
  } else {
    vehicle.speed = known && dt > 0 && dt <= 60 ? gone / dt : 0.0;
  }
  if (!known || distance_m(vehicle.moved_from, position.position) > p.moved_m) {
    vehicle.moved = position.t;
    vehicle.moved_from = position.position;
  }
}

Quality quality_at(const State& state, UtcTime fix) {
  return in_seconds(state.now - fix) <= state.parameters.live_s ? Quality::live : Quality::stale;
}

std::optional<GroundSpeed> ground_speed(const State& state, const Vehicle& before,
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

// Clears what only a matched vehicle has.
void blank(BusState& bus) {
  bus.lateness.reset();
  bus.link = {};
  bus.to_stop_line = {};
  bus.next_movement = {};
  bus.eta_low.reset();
  bus.eta.reset();
  bus.eta_high.reset();
  bus.stop_ahead = false;
  bus.headway_ahead.reset();
}

// Puts the vehicle on its trip; false = it cannot be on it.
bool place(State& state, Vehicle& vehicle, const TripIndex& trip, const VehiclePosition& position) {
  const auto& p = state.parameters;
  auto& bus = vehicle.shown;
  if (!vehicle.matched) detail::find_day(state, vehicle, trip, position);
  const auto along = detail::match(state, vehicle, trip, position);
  bus.fix = position.t;
  if (!along) {
    vehicle.matched = vehicle.at_stop = false;
    bus.phase = BusPhase::off_route;
    ++state.counters["transit.off_route"];
    return true;
  }
  if (!position.speed && vehicle.matched && *along < vehicle.along) vehicle.speed = 0;
  vehicle.along = *along;
  vehicle.matched = true;
  if (vehicle.dated && !trip.control.empty()) {
    const double late = lateness_s(trip, *along, in_seconds(position.t - vehicle.service_start));
    if (std::abs(late) > p.wrong_trip_s) {
      ++state.counters["transit.wrong_trip"];
      return false;
    }
    const double place_sd = p.position_sd_m / std::max(vehicle.speed, 5.0);
    bus.lateness = Estimate{late, std::hypot(p.timetable_sd_s, place_sd), 0, Quality::live,
                            kBuses | kTimetable};
  }
  detail::follow_stops(state, vehicle, trip, position);
  detail::look_ahead(state, vehicle, trip);
  detail::headway(state, vehicle, trip);
  if (bus.phase != BusPhase::layover && in_seconds(position.t - vehicle.moved) >= p.frozen_s) {
    bus.phase = BusPhase::frozen;
  }
  return true;
}

}  // namespace

State make_state(const Timetable& timetable, const Network& network,
                 const std::map<std::uint32_t, UtcTime>& day_starts, const Parameters& parameters) {
  State state;
  state.parameters = parameters;
  state.index = make_index(timetable, network, day_starts);
  return state;
}

void set_days(State& state, const std::map<std::uint32_t, UtcTime>& day_starts) {
  state.index.days.clear();
  for (const auto& [date, start] : day_starts) state.index.days.push_back({start, date});
}

std::optional<Update> apply(State& state, const VehiclePosition& position) {
  if (const char* cause = refuse(state, position)) {
    ++state.counters[cause];
    return std::nullopt;
  }
  const auto [it, fresh] = state.vehicles.try_emplace(position.vehicle);
  Vehicle& vehicle = it->second;
  const Vehicle before = vehicle;
  move(state, vehicle, position, !fresh);

  std::uint32_t trip = kNone;
  if (!position.trip.empty()) {
    const auto found = state.index.trip_of.find(position.trip);
    if (found != state.index.trip_of.end()) trip = found->second;
    if (trip == kNone) ++state.counters["transit.unknown_trip"];
  }
  if (trip != vehicle.trip) {
    vehicle.trip = trip;
    vehicle.matched = vehicle.at_stop = false;
    vehicle.next_stop = 0;
  }
  auto& bus = vehicle.shown;
  blank(bus);
  bus.vehicle = position.vehicle;
  bus.line = position.line;
  bus.trip = position.trip;
  bus.position = position.position;
  bus.passenger_load = position.passenger_load;
  bus.phase = BusPhase::no_trip;
  const bool off = before.shown.phase == BusPhase::off_route;
  if (trip != kNone) {
    const auto& row = state.index.trips[trip];
    if (bus.line.empty()) bus.line = row.line;
    if (off && !before.matched) vehicle.next_stop = 0;
    if (!place(state, vehicle, row, position)) {
      blank(bus);
      bus.phase = BusPhase::no_trip;
      vehicle.matched = vehicle.at_stop = false;
      vehicle.next_stop = 0;
    }
  }
  bus.fix = position.t;
  bus.quality = state.started ? quality_at(state, bus.fix) : Quality::live;
  Update update{bus, std::nullopt};
  if (update.bus.lateness) {
    update.bus.lateness->quality = bus.quality;
    update.bus.lateness->age_s =
        state.started ? std::max(0.0, in_seconds(state.now - bus.fix)) : 0.0;
  }
  if (trip != kNone && vehicle.matched) {
    update.ground = ground_speed(state, before, vehicle, state.index.trips[trip]);
  }
  return update;
}

void step(State& state, UtcTime now) {
  state.now = now;
  state.started = true;
  std::erase_if(state.vehicles, [&](const auto& row) {
    return in_seconds(now - row.second.shown.fix) > state.parameters.forget_s;
  });
}

void picture(const State& state, CityPicture& out) {
  for (const auto& [id, vehicle] : state.vehicles) {
    BusState bus = vehicle.shown;
    const double age = std::max(0.0, in_seconds(state.now - bus.fix));
    bus.quality = quality_at(state, bus.fix);
    if (bus.lateness) {
      bus.lateness->age_s = age;
      bus.lateness->quality = bus.quality;
    }
    out.buses.push_back(std::move(bus));
  }
}

bool service_runs(const State& state, UtcTime t, double margin_s) {
  for (const auto& day : state.index.days) {
    const double s = in_seconds(t - day.start);
    if (s < -margin_s || s > 60 * 3600.0) continue;
    for (const auto& trip : state.index.trips) {
      if (trip.stops.empty() || trip.service == kNone) continue;
      if (s < trip.stops.front().departure - margin_s || s > trip.stops.back().arrival) continue;
      const auto& dates = state.index.service_days[trip.service];
      if (std::binary_search(dates.begin(), dates.end(), day.date)) return true;
    }
  }
  return false;
}

}  // namespace dispecer::transit
