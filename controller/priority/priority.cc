#include "controller/priority/priority.h"

#include <algorithm>

namespace dispecer::priority {
namespace {

using Changes = std::vector<PriorityRequest>;

bool is_open(RequestState s) {
  return s == RequestState::queued || s == RequestState::granted;
}

void enter(Entry& entry, RequestState state, std::string rule, UtcTime now, Changes& changes) {
  auto& request = entry.request;
  if (request.state == state && request.reason.rule == rule) return;
  if (request.state != state) request.changed = now;
  request.state = state;
  request.reason.rule = std::move(rule);
  if (!is_open(state)) entry.weighs = false;
  changes.push_back(request);
}

std::string seconds(double s) {
  return std::to_string(static_cast<long>(s));
}

void forget(State& state, const VehicleId& vehicle) {
  const auto it = state.entries.find(vehicle);
  if (it == state.entries.end()) return;
  auto& there = state.at_junction[it->second.request.junction];
  std::erase(there, vehicle);
  state.entries.erase(it);
}

Entry& begin(State& state, const BusState& bus, const Place& place, UtcTime now, Changes& changes) {
  auto& there = state.at_junction[place.junction];
  there.insert(std::upper_bound(there.begin(), there.end(), bus.vehicle), bus.vehicle);
  auto& entry = state.entries[bus.vehicle];
  auto& request = entry.request;
  request.id = RequestId(bus.vehicle.str() + "@" + place.junction.str() + "@" +
                         std::to_string(now.us / 1000));
  request.kind = RequestKind::bus;
  request.vehicle = bus.vehicle;
  request.line = bus.line;
  request.junction = place.junction;
  request.movement = bus.next_movement;
  request.group = place.group;
  request.received = now;
  request.fix = bus.fix;
  enter(entry, RequestState::received, "position", now, changes);
  return entry;
}

// The bus is not before this stop line any more.
void leave(State& state, const BusState& bus, UtcTime now, Changes& changes) {
  auto& entry = state.entries.at(bus.vehicle);
  if (is_open(entry.request.state)) {
    const bool lost = bus.phase == BusPhase::off_route || bus.phase == BusPhase::no_trip ||
                      bus.phase == BusPhase::layover || bus.phase == BusPhase::depot;
    entry.request.fix = bus.fix;
    entry.request.eta.reset();
    if (lost) {
      enter(entry, RequestState::cancelled, std::string(to_name(bus.phase)), now, changes);
    } else {
      enter(entry, RequestState::served,
            entry.request.state == RequestState::granted ? "passed" : "passed_without_grant", now,
            changes);
    }
  }
  forget(state, bus.vehicle);
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
  request.fix = bus.fix;
  request.line = bus.line;
  request.lateness = bus.lateness ? std::optional(Seconds{bus.lateness->value}) : std::nullopt;
  request.eta = bus.eta;
  request.weight = weight(state, bus);
  request.reason.inputs = {{"lateness_s", bus.lateness ? seconds(bus.lateness->value) : "unknown"},
                           {"eta_s", bus.eta ? seconds(bus.eta->value) : "unknown"},
                           {"fix_age_s", seconds(in_seconds(now - bus.fix))}};
  entry.at = bus.fix;
  entry.eta = bus.eta ? bus.eta->value : 0;
  entry.low = bus.eta_low ? bus.eta_low->value : entry.eta;
  entry.high = bus.eta_high ? bus.eta_high->value : entry.eta;
  entry.to_stop_line = bus.to_stop_line.value;

  const auto against = objection(state.parameters, bus, now, granted);
  if (!against.empty()) {
    const bool gone = bus.phase == BusPhase::layover || bus.phase == BusPhase::no_trip ||
                      bus.phase == BusPhase::off_route || bus.phase == BusPhase::depot;
    enter(entry, granted && gone ? RequestState::cancelled : RequestState::refused, against, now,
          changes);
    return;
  }
  const bool stop = bus.stop_ahead || bus.phase == BusPhase::at_stop;
  const bool far = entry.low > state.parameters.window_s;
  entry.weighs = !stop && !far;
  const bool outweighed =
      request.state == RequestState::queued && request.reason.rule == "outweighed";
  if (entry.weighs && (granted || outweighed)) return;
  enter(entry, RequestState::queued, stop ? "stop_ahead" : far ? "far" : "weighs", now, changes);
}

}  // namespace

State make_state(std::map<MovementId, Place> places, const PriorityParameters& parameters) {
  State state;
  state.places = std::move(places);
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
  if (it != state.entries.end() && it->second.request.movement != bus.next_movement) {
    leave(state, bus, now, changes);
    it = state.entries.end();
  }
  const auto place = state.places.find(bus.next_movement);
  if (bus.next_movement.empty() || place == state.places.end()) return changes;
  auto& entry =
      it != state.entries.end() ? it->second : begin(state, bus, place->second, now, changes);
  const auto s = entry.request.state;
  if (s != RequestState::timed_out && s != RequestState::cancelled) {
    update(state, entry, bus, now, changes);
  } else {
    entry.request.fix = bus.fix;
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
      if (silent > state.parameters.silent_s) {
        enter(entry, RequestState::timed_out, "no_position", now, changes);
      } else if (unused) {
        enter(entry, RequestState::timed_out, "grant_unused", now, changes);
      } else if (entry.request.state == RequestState::queued &&
                 silent > state.parameters.freshest_s) {
        enter(entry, RequestState::refused, "stale", now, changes);
      }
    }
    if (silent > 10 * state.parameters.silent_s) gone.push_back(vehicle);
  }
  for (const auto& vehicle : gone) forget(state, vehicle);
  return changes;
}

std::vector<Ask> asks(const State& state, const JunctionId& junction, UtcTime now) {
  std::vector<Ask> out;
  const auto there = state.at_junction.find(junction);
  if (there == state.at_junction.end()) return out;
  for (const auto& vehicle : there->second) {
    const auto& entry = state.entries.at(vehicle);
    if (!entry.weighs || !is_open(entry.request.state)) continue;
    const double passed = in_seconds(now - entry.at);
    out.push_back({vehicle, state.places.at(entry.request.movement).index,
                   std::max(0.0, entry.low - passed), std::max(0.0, entry.eta - passed),
                   std::max(0.0, entry.high - passed), entry.to_stop_line, entry.request.weight});
  }
  return out;
}

std::vector<PriorityRequest> decided(State& state, const JunctionId& junction,
                                     const Verdict& verdict, UtcTime now) {
  Changes changes;
  for (const auto& ask : asks(state, junction, now)) {
    auto& entry = state.entries.at(ask.vehicle);
    auto& request = entry.request;
    const bool serves = ask.group < verdict.green.size() && verdict.green[ask.group];
    if (serves && verdict.given > 0 && verdict.sent)
      request.given = request.given + Seconds{verdict.given};
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
