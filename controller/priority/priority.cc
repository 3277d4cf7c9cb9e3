#include "controller/priority/priority.h"

#include <algorithm>

#include "controller/priority/life.h"

namespace dispecer::priority {
namespace {

// It is not before this stop line any more.
void leave(State& state, const BusState& bus, UtcTime now, Changes& changes) {
  auto& entry = state.entries.at(bus.vehicle);
  if (is_open(entry.request.state)) {
    const bool lost = bus.phase == BusPhase::off_route || bus.phase == BusPhase::no_trip ||
                      bus.phase == BusPhase::layover || bus.phase == BusPhase::depot;
    const auto before = entry.request.fix;
    entry.request.fix = bus.fix;
    entry.request.eta.reset();
    if (lost) {
      enter(entry, RequestState::cancelled, std::string(to_name(bus.phase)), now, changes);
    } else {
      // Between two positions it passed when it was expected, as far as they leave room for that.
      const auto passed = std::clamp(arrival(entry), before, std::max(before, bus.fix));
      serve(entry, entry.request.state == RequestState::granted ? "passed" : "passed_without_grant",
            passed, now, changes);
    }
  }
  forget(state, bus.vehicle, now);
}

// What a point has opened goes on under the vehicle's own name.
void rename(State& state, const VehicleId& from, const VehicleId& to) {
  auto node = state.entries.extract(from);
  auto& there = state.at_junction[node.mapped().place.junction];
  std::erase(there, from);
  there.insert(std::upper_bound(there.begin(), there.end(), to), to);
  node.key() = to;
  state.entries.insert(std::move(node));
}

void learn_headway(State& state, const BusState& bus) {
  if (bus.line.empty() || !bus.headway_ahead) return;
  auto& line = state.headways[bus.line];
  line.samples = std::min(line.samples + 1, 10000u);
  const double share = 1.0 / std::min(line.samples, 500u);
  line.mean += share * (bus.headway_ahead->value - line.mean);
}

void update(State& state, Entry& entry, const BusState& bus, UtcTime now, Changes& changes) {
  auto& request = entry.request;
  const bool granted = request.state == RequestState::granted;
  // The same position comes again with every picture.
  if (bus.fix > entry.at) {
    entry.green_s = 0;
    entry.through.reset();
  }
  request.fix = bus.fix;
  request.vehicle = bus.vehicle;
  request.movement = bus.next_movement;
  entry.vehicle_kind = bus.kind;
  request.line = bus.line;
  request.lateness = bus.lateness ? std::optional(Seconds{bus.lateness->value}) : std::nullopt;
  request.eta = bus.eta;
  request.weight = weight(state, bus);
  request.reason.inputs = {
      {"lateness_s", bus.lateness ? whole_seconds(bus.lateness->value) : "unknown"},
      {"eta_s", bus.eta ? whole_seconds(bus.eta->value) : "unknown"},
      {"fix_age_s", whole_seconds(in_seconds(now - bus.fix))}};
  entry.at = bus.fix;
  entry.eta = bus.eta ? bus.eta->value : 0;
  entry.low = bus.eta_low ? bus.eta_low->value : entry.eta;
  entry.high = bus.eta_high ? bus.eta_high->value : entry.eta;
  entry.to_stop_line = bus.to_stop_line.value;

  const auto against = objection(state.parameters, bus, now, granted || entry.handed);
  if (!against.empty()) {
    const bool gone = bus.phase == BusPhase::layover || bus.phase == BusPhase::no_trip ||
                      bus.phase == BusPhase::off_route || bus.phase == BusPhase::depot;
    enter(entry, granted && gone ? RequestState::cancelled : RequestState::refused, against, now,
          changes);
    return;
  }
  if (entry.barred && now < *entry.barred) return;
  entry.stop = bus.stop_ahead || bus.phase == BusPhase::at_stop;
  const bool far = entry.low > state.parameters.window_s;
  entry.weighs = !entry.stop && !far;
  const bool outweighed =
      request.state == RequestState::queued && request.reason.rule == "outweighed";
  if (entry.weighs && (granted || outweighed || entry.handed)) return;
  enter(entry, RequestState::queued,
        entry.stop ? "stop_ahead"
        : far      ? "far"
                   : "weighs",
        now, changes);
}

}  // namespace

void enter(Entry& entry, RequestState state, std::string rule, UtcTime now, Changes& changes) {
  auto& request = entry.request;
  if (request.state == state && request.reason.rule == rule) return;
  if (request.state != state) request.changed = now;
  request.state = state;
  request.reason.rule = std::move(rule);
  if (!is_open(state)) entry.weighs = false;
  changes.push_back(request);
}

void serve(Entry& entry, std::string rule, UtcTime passed, UtcTime now, Changes& changes) {
  auto& request = entry.request;
  if (request.spared_from && request.spared_until) {
    const bool in_red = passed >= *request.spared_from && passed < *request.spared_until;
    request.saved = Seconds{in_red ? in_seconds(*request.spared_until - passed) : 0.0};
  }
  enter(entry, RequestState::served, std::move(rule), now, changes);
}

Entry& open_entry(State& state, const VehicleId& key, const Place& place, UtcTime now) {
  auto& there = state.at_junction[place.junction];
  there.insert(std::upper_bound(there.begin(), there.end(), key), key);
  auto& entry = state.entries[key];
  entry.place = place;
  auto& request = entry.request;
  request.id =
      RequestId(key.str() + "@" + place.junction.str() + "@" + std::to_string(now.us / 1000));
  request.kind = RequestKind::bus;
  request.junction = place.junction;
  request.group = place.group;
  request.received = now;
  return entry;
}

void withdraw(State& state, Entry& entry, UtcTime now) {
  if (!entry.handed) return;
  state.withdrawn[entry.handed->id] = {entry.place.junction, entry.request, now, std::nullopt};
  entry.handed.reset();
}

void forget(State& state, const VehicleId& key, UtcTime now) {
  const auto it = state.entries.find(key);
  if (it == state.entries.end()) return;
  withdraw(state, it->second, now);
  std::erase(state.at_junction[it->second.place.junction], key);
  state.entries.erase(it);
}

UtcTime arrival(const Entry& entry) {
  return entry.at + from_seconds(entry.eta);
}

std::string whole_seconds(double s) {
  return std::to_string(static_cast<long>(s));
}

State make_state(std::map<MovementId, Place> places, const PriorityParameters& parameters) {
  State state;
  state.places = std::move(places);
  for (const auto& [movement, place] : state.places) {
    state.of_group.emplace(std::pair{place.junction, place.group}, place);
  }
  state.parameters = parameters;
  return state;
}

double weight(const State& state, const BusState& bus) {
  const auto& p = state.parameters;
  const double people = bus.passenger_load
                            ? std::max(p.least_passengers, bus.passenger_load->value * p.places)
                            : p.passengers;
  const double late = bus.lateness ? bus.lateness->value : 0;
  double factor = 1 + std::clamp(late / p.full_lateness_s, 0.0, p.most_lateness);
  const auto line = state.headways.find(bus.line);
  if (bus.headway_ahead && line != state.headways.end() &&
      line->second.samples >= p.headway_samples && line->second.mean > 0) {
    factor *=
        std::clamp(bus.headway_ahead->value / line->second.mean, p.headway_low, p.headway_high);
  }
  return std::min(people * factor / p.people_per_vehicle, p.most_weight);
}

std::string objection(const PriorityParameters& p, const BusState& bus, UtcTime now, bool granted) {
  switch (bus.phase) {
    case BusPhase::running:
    case BusPhase::at_stop:
      break;
    case BusPhase::layover:
      return "layover";
    case BusPhase::off_route:
      return "off_route";
    case BusPhase::no_trip:
      return "no_trip";
    case BusPhase::frozen:
      return "stale";
    case BusPhase::depot:
      return "depot";
    case BusPhase::unknown:
      return "phase_unknown";
  }
  if (bus.trip.empty()) return "no_trip";
  if (!may_ask(bus.trust)) return std::string(to_name(bus.trust));
  const bool stale = in_seconds(now - bus.fix) > p.freshest_s || bus.quality == Quality::stale ||
                     bus.quality == Quality::implausible;
  if (stale && !granted) return "stale";
  if (bus.lateness && bus.lateness->value < p.late_from_s) return "early";
  if (!bus.eta) return "no_eta";
  return "";
}

std::vector<PriorityRequest> apply(State& state, const BusState& bus, UtcTime now) {
  Changes changes;
  auto it = state.entries.find(bus.vehicle);
  if (it != state.entries.end() && bus.fix < it->second.request.fix) return changes;
  if (it == state.entries.end() || bus.fix > it->second.request.fix) learn_headway(state, bus);
  const auto place = state.places.find(bus.next_movement);
  if (it != state.entries.end()) {
    const auto& entry = it->second;
    // A point tells the group, not always the movement.
    const bool here = entry.request.movement.empty()
                          ? place != state.places.end() &&
                                place->second.junction == entry.place.junction &&
                                place->second.group == entry.place.group
                          : entry.request.movement == bus.next_movement;
    if (!here) {
      leave(state, bus, now, changes);
      it = state.entries.end();
    }
  }
  if (bus.next_movement.empty() || place == state.places.end()) return changes;
  if (it == state.entries.end()) {
    if (const auto key = from_point(state, place->second, bus)) {
      rename(state, *key, bus.vehicle);
    } else {
      auto& fresh = open_entry(state, bus.vehicle, place->second, now);
      fresh.request.vehicle = bus.vehicle;
      fresh.request.line = bus.line;
      fresh.request.movement = bus.next_movement;
      fresh.request.fix = bus.fix;
      enter(fresh, RequestState::received, "position", now, changes);
    }
  }
  auto& entry = state.entries.at(bus.vehicle);
  entry.by_point = false;
  if (is_final(entry.request.state)) {
    entry.request.fix = bus.fix;
  } else {
    update(state, entry, bus, now, changes);
  }
  return changes;
}

std::vector<PriorityRequest> step(State& state, UtcTime now) {
  Changes changes;
  std::vector<VehicleId> gone;
  for (auto& [vehicle, entry] : state.entries) {
    const double silent = in_seconds(now - entry.request.fix);
    if (is_open(entry.request.state)) {
      const bool unused = entry.request.state == RequestState::granted &&
                          in_seconds(now - entry.request.changed) > state.parameters.grant_life_s;
      // It may have come as late as its interval says.
      const bool overdue = now > entry.at + from_seconds(entry.high + state.parameters.overdue_s);
      if (silent > state.parameters.silent_s && overdue) {
        enter(entry, RequestState::timed_out, "no_position", now, changes);
      } else if (unused) {
        enter(entry, RequestState::timed_out, "grant_unused", now, changes);
      } else if (entry.request.state == RequestState::queued &&
                 silent > state.parameters.freshest_s && !entry.handed && !entry.by_point) {
        enter(entry, RequestState::refused, "stale", now, changes);
      }
    }
    if (silent > 10 * state.parameters.silent_s) gone.push_back(vehicle);
  }
  for (const auto& vehicle : gone) forget(state, vehicle, now);
  return changes;
}

std::vector<PriorityRequest> decided(State& state, const JunctionId& junction,
                                     const Verdict& verdict, UtcTime now) {
  Changes changes;
  for (const auto& ask : asks(state, junction, now)) {
    auto& entry = state.entries.at(ask.vehicle);
    auto& request = entry.request;
    const bool serves = ask.group < verdict.green.size() && verdict.green[ask.group];
    if (serves && verdict.given > 0 && verdict.sent) {
      request.given = request.given + Seconds{verdict.given};
      const bool anyway = ask.group < verdict.otherwise.size() && verdict.otherwise[ask.group];
      // The first change stands: what comes after it rests on what it did.
      const bool stands = request.spared_until && now < *request.spared_until;
      if (!anyway && !stands) {
        request.spared_from = now + from_seconds(verdict.spared_from);
        request.spared_until = now + from_seconds(verdict.spared_until);
      }
    }
    if (request.state == RequestState::granted) continue;
    const bool in_window = ask.low <= verdict.ends && ask.high + 1 >= verdict.begins;
    if (serves && verdict.sent && (verdict.given > 0 || in_window)) {
      enter(entry, RequestState::granted, verdict.given > 0 ? verdict.rule : "green_on_arrival",
            now, changes);
    } else {
      enter(entry, RequestState::queued, serves ? "weighs" : "outweighed", now, changes);
    }
  }
  return changes;
}

}  // namespace dispecer::priority
