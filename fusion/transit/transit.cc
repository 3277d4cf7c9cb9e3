#include "fusion/transit/transit.h"

#include <algorithm>
#include <cmath>

namespace dispecer::transit {
namespace {

constexpr double kDrivenKept_s = 48 * 3600.0;  // a service day and its night

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
  // Of a vehicle that tells it stands, a few metres are the error of the fix.
  const double moved = vehicle.speed < p.still_mps ? 4 * p.moved_m : p.moved_m;
  if (!known || distance_m(vehicle.moved_from, position.position) > moved) {
    vehicle.moved = position.t;
    vehicle.moved_from = position.position;
  }
  const bool stands = vehicle.speed < p.still_mps || vehicle.moved < position.t - from_seconds(10);
  if (stands && !vehicle.stands) vehicle.stands_since = position.t;
  vehicle.stands = stands;
  if (!known || distance_m(vehicle.parked_at, position.position) > 50) {
    vehicle.parked_at = position.position;
    vehicle.parked_since = position.t;
  }
}

Quality quality_at(const State& state, UtcTime fix) {
  return in_seconds(state.now - fix) <= state.parameters.live_s ? Quality::live : Quality::stale;
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
  bus.headway_behind.reset();
  bus.pass_low.reset();
  bus.pass.reset();
  bus.pass_high.reset();
  bus.trust = Trust::unconfirmed;
}

void park(const Parameters& p, Vehicle& vehicle, UtcTime t) {
  if (in_seconds(t - vehicle.parked_since) >= p.depot_s) vehicle.shown.phase = BusPhase::depot;
}

// Puts the vehicle on its trip; false = it cannot be on it.
bool place(State& state, Vehicle& vehicle, const Vehicle& before, const TripIndex& trip,
           const VehiclePosition& position) {
  const auto& p = state.parameters;
  auto& bus = vehicle.shown;
  if (!vehicle.matched) detail::find_day(state, vehicle, trip, position);
  const auto along = detail::match(state, vehicle, trip, position);
  if (!along) {
    vehicle.matched = vehicle.at_stop = false;
    vehicle.signal = kNone;
    vehicle.trail_last = -1;
    bus.fix = position.t;
    bus.phase = BusPhase::off_route;
    park(p, vehicle, position.t);
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
    const double trip_sd = vehicle.inferred ? p.inferred_sd_s : p.timetable_sd_s;
    bus.lateness =
        Estimate{late, std::hypot(trip_sd, place_sd), 0, Quality::live, kBuses | kTimetable};
  }
  detail::follow_stops(state, vehicle, trip, position);
  if (bus.lateness) {
    bus.lateness->value =
        detail::lateness_of(vehicle, trip, in_seconds(position.t - vehicle.service_start));
  }
  bus.fix = position.t;
  detail::look_ahead(state, vehicle, trip);
  if (before.matched && before.trip == vehicle.trip) {
    detail::keep_trail(vehicle, before.along, before.shown.fix);
  }
  detail::headway(state, vehicle, trip);
  if (bus.phase != BusPhase::layover && in_seconds(position.t - vehicle.moved) >= p.frozen_s) {
    bus.phase = BusPhase::frozen;
  }
  detail::judge_trust(state, vehicle, before, trip, position);
  detail::remember_trust(state, vehicle, before, position);
  detail::settle_told(state, vehicle, before);
  detail::expect_pass(state, vehicle, std::max(position.t, state.started ? state.now : position.t));
  return true;
}

}  // namespace

State make_state(const Timetable& timetable, const Network& network,
                 const std::map<JunctionId, JunctionSignals>& signals,
                 const std::map<std::uint32_t, UtcTime>& day_starts, const Parameters& parameters) {
  State state;
  state.parameters = parameters;
  state.index = make_index(timetable, network, signals, day_starts);
  state.learnt.speed.resize(state.index.links.size());
  state.learnt.speed_seen.resize(state.index.links.size());
  state.learnt.pace.resize(state.index.movements.size());
  state.learnt.queue_share.resize(state.index.movements.size(), kQueueBefore);
  for (const auto& [id, row] : signals) {
    state.lamps.push_back({std::vector<LampHistory>(row.groups.size()), 0});
  }
  return state;
}

void set_days(State& state, const std::map<std::uint32_t, UtcTime>& day_starts) {
  state.index.days.clear();
  for (const auto& [date, start] : day_starts) state.index.days.push_back({start, date});
}

namespace {

// Nothing of where it was on its way holds any more.
void forget_place(Vehicle& vehicle) {
  vehicle.matched = vehicle.at_stop = false;
  vehicle.next_stop = 0;
  vehicle.left_along = 0;
  vehicle.signal = kNone;
  vehicle.trail_last = -1;
  vehicle.evidence = Support{};
}

}  // namespace

void set_timetable(State& state, const Timetable& timetable, const Network& network,
                   const std::map<JunctionId, JunctionSignals>& signals,
                   const std::map<std::uint32_t, UtcTime>& day_starts) {
  const auto before =
      std::exchange(state.index, make_index(timetable, network, signals, day_starts));
  const auto shape = [](const Index& index, std::uint32_t trip) {
    return index.shapes[index.trips[trip].shape].id;
  };
  std::erase_if(state.driven, [&](const auto& row) {
    return shape(before, row.first) != shape(state.index, row.first);
  });
  for (auto& [id, vehicle] : state.vehicles) {
    if (vehicle.trip == kNone || shape(before, vehicle.trip) == shape(state.index, vehicle.trip)) {
      continue;
    }
    // It is the same bus on the same trip: what spoke for it still does.
    const bool confirmed = vehicle.evidence.confirmed;
    forget_place(vehicle);
    vehicle.evidence.confirmed = confirmed;
    for (auto& told : vehicle.told) told.open = false;
  }
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
  const bool inferred = trip == kNone;
  if (inferred) trip = detail::infer_trip(state, vehicle, position);
  if (trip != vehicle.trip) {
    vehicle.trip = trip;
    forget_place(vehicle);
  }
  vehicle.inferred = inferred && trip != kNone;
  if (vehicle.inferred) ++state.counters["transit.inferred_trip"];
  auto& bus = vehicle.shown;
  blank(bus);
  bus.vehicle = position.vehicle;
  bus.line = position.line;
  bus.trip = vehicle.inferred ? state.index.trips[trip].id : position.trip;
  bus.position = position.position;
  bus.passenger_load = position.passenger_load;
  const auto kind = state.index.kind_of.find(bus.line);
  bus.kind = kind == state.index.kind_of.end() ? VehicleKind::unknown : kind->second;
  bus.phase = BusPhase::no_trip;
  const bool off = before.shown.phase == BusPhase::off_route;
  if (trip != kNone) {
    const auto& row = state.index.trips[trip];
    if (bus.line.empty()) bus.line = row.line;
    if (const auto of_trip = state.index.kind_of.find(row.line);
        of_trip != state.index.kind_of.end()) {
      bus.kind = of_trip->second;
    }
    if (off && !before.matched) vehicle.next_stop = 0;
    if (!place(state, vehicle, before, row, position)) {
      blank(bus);
      bus.phase = BusPhase::no_trip;
      bus.trust = Trust::wrong_trip;
      vehicle.matched = vehicle.at_stop = false;
      vehicle.next_stop = 0;
      vehicle.signal = kNone;
    }
  }
  if (bus.phase == BusPhase::no_trip) park(state.parameters, vehicle, position.t);
  bus.fix = position.t;
  bus.quality = state.started ? quality_at(state, bus.fix) : Quality::live;
  Update update{bus, std::nullopt};
  if (update.bus.lateness) {
    update.bus.lateness->quality = bus.quality;
    update.bus.lateness->age_s =
        state.started ? std::max(0.0, in_seconds(state.now - bus.fix)) : 0.0;
  }
  if (trip != kNone && vehicle.matched) {
    update.ground = detail::ground_speed(state, before, vehicle, state.index.trips[trip]);
    update.traffic = detail::in_traffic(state, vehicle, state.index.trips[trip]);
    if (bus.trust == Trust::trusted && before.matched && position.speed) {
      detail::learn_dynamics(state, before.speed, vehicle.speed,
                             in_seconds(bus.fix - before.shown.fix));
    }
    if (update.ground && bus.trust == Trust::trusted) {
      const auto& shape = state.index.shapes[state.index.trips[trip].shape];
      for (const auto& link : shape.links) {
        if (state.index.links[link.link] != update.ground->link) continue;
        detail::learn_speed(state, link.link, update.ground->speed.value);
        break;
      }
    }
  }
  return update;
}

void apply(State& state, const SignalObservation& observation) {
  const auto it = state.index.junction_of.find(observation.junction);
  if (it == state.index.junction_of.end()) return;
  auto& junction = state.lamps[it->second];
  auto& groups = junction.groups;
  const bool shown = observation.link == CommLink::connected &&
                     observation.mode == ControlMode::control &&
                     observation.groups.size() == groups.size();
  const bool by_plan = shown && observation.holder == Holder::local_plan && observation.plan;
  const PlanLamps* plan = nullptr;
  if (by_plan && observation.cycle_second) {
    for (const auto& row : state.index.plans[it->second]) {
      if (row.number == *observation.plan) plan = &row;
    }
  }
  const std::uint32_t number = by_plan ? *observation.plan : 0;
  if (number != 0 && number != junction.plan) {
    for (auto& lamps : groups) forget(lamps);
  }
  junction.plan = number;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const bool first = !groups[g].known;
    if (shown && observation.groups[g] != Aspect::unknown &&
        observation.groups[g] != Aspect::dark) {
      note(groups[g], is_green(observation.groups[g]), observation.t, state.parameters.lamp_gap_s);
      if (first && plan != nullptr) {
        seed(groups[g], plan->groups[g], plan->cycle,
             static_cast<double>(*observation.cycle_second), is_green(observation.groups[g]),
             observation.t);
      }
    } else {
      forget(groups[g]);
    }
  }
}

std::vector<AlarmEvent> step(State& state, UtcTime now) {
  const double dt = state.started ? std::clamp(in_seconds(now - state.now), 0.0, 5.0) : 0.0;
  state.now = now;
  state.started = true;
  std::erase_if(state.vehicles, [&](const auto& row) {
    return in_seconds(now - row.second.shown.fix) > state.parameters.forget_s;
  });
  std::erase_if(state.driven, [&](const auto& row) {
    return in_seconds(now - row.second.service_start) > kDrivenKept_s;
  });
  detail::watch_standing(state, dt);
  for (auto& [id, vehicle] : state.vehicles) {
    if (!vehicle.matched || vehicle.signal == kNone) continue;
    detail::expect_pass(state, vehicle, std::max(now, vehicle.shown.fix));
    detail::remember_told(vehicle, std::max(now, vehicle.shown.fix));
  }
  return detail::find_blockages(state);
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
