#include "controller/emergency/corridor.h"

#include <algorithm>

#include "controller/emergency/internal.h"

namespace dispecer::emergency {
namespace detail {

void enter(State& state, const Corridor& corridor, PriorityRequest& request, RequestState to,
           const std::string& rule, UtcTime now, std::vector<NamedValue> inputs) {
  if (request.state == to && request.reason.rule == rule) return;
  if (request.state != to) request.changed = now;
  request.state = to;
  request.reason.rule = rule;
  request.reason.inputs = std::move(inputs);
  request.reason.inputs.push_back({"corridor", corridor.asked_for.corridor.str()});
  request.reason.inputs.push_back({"kind", std::string(to_name(corridor.asked_for.kind))});
  if (corridor.fix) request.fix = *corridor.fix;
  state.changes.push_back(request);
}

namespace {

Leg make_leg(const State& state, const Corridor& corridor, const Turning& t, UtcTime now) {
  Leg leg;
  auto& request = leg.request;
  request.id = RequestId(corridor.asked_for.corridor.str() + "@" + t.junction.str() + "@" +
                         std::to_string(now.us / 1000));
  request.kind = RequestKind::emergency;
  request.vehicle = corridor.asked_for.vehicle;
  request.junction = t.junction;
  request.movement = t.movement;
  request.group = t.group;
  request.received = now;
  for (const auto& r : state.reg.routes) {
    if (r.id == t.movement) leg.own_route = r.number;
  }
  return leg;
}

}  // namespace

void set_route(State& state, Corridor& corridor, std::vector<std::uint32_t> route, UtcTime now) {
  auto old = std::move(corridor.ahead);
  corridor.ahead.clear();
  corridor.route = std::move(route);
  corridor.starts.clear();
  double m = 0;
  for (std::size_t i = 0; i < corridor.route.size(); ++i) {
    corridor.starts.push_back(m);
    m += state.roads->all()[corridor.route[i]].length;
    if (i + 1 == corridor.route.size()) break;
    const auto* t = state.roads->turning(corridor.route[i], corridor.route[i + 1]);
    if (t == nullptr || t->group.empty()) continue;
    const auto same = std::find_if(old.begin(), old.end(),
                                   [&](const Leg& l) { return l.request.movement == t->movement; });
    Leg leg = same != old.end() ? std::move(*same) : make_leg(state, corridor, *t, now);
    if (same != old.end()) old.erase(same);
    leg.at = i;
    leg.before = m;
    if (leg.request.state == RequestState::unknown) {
      enter(state, corridor, leg.request, RequestState::received, "opened", now);
    }
    corridor.ahead.push_back(std::move(leg));
  }
  for (auto& leg : old) {
    if (leg.own_route_set) order_own_route(state, corridor, leg, false, now);
    enter(state, corridor, leg.request, RequestState::cancelled, "left_route", now);
  }
}

double seconds_to(const State& state, const Corridor& corridor, const Leg& leg, double factor,
                  UtcTime now) {
  double seconds = 0;
  for (std::size_t i = 0; i <= leg.at; ++i) {
    const auto& road = state.roads->all()[corridor.route[i]];
    const double left = std::min(road.length, corridor.starts[i] + road.length - corridor.done);
    if (left > 0) seconds += left / (road.speed * factor);
  }
  const bool moves = corridor.fix.has_value() || corridor.asked_for.vehicle.empty();
  const auto since = corridor.fix.value_or(corridor.asked);
  return moves ? seconds - std::max(0.0, in_seconds(now - since)) : seconds;
}

Result<> lay(State& state, OpenCorridor request, const Actor& actor, UtcTime asked) {
  Corridor c;
  c.actor = actor;
  c.asked = asked;
  const auto unknown = [](const LinkId& id) {
    return Error{"unknown_link", "no link '" + id.str() + "'", ""};
  };
  std::vector<std::uint32_t> route;
  for (const auto& id : request.route) {
    const auto road = state.roads->find(id);
    if (road == kNoRoad) return unknown(id);
    if (!route.empty() && state.roads->turning(route.back(), road) == nullptr) {
      return Error{"no_way", "'" + id.str() + "' does not follow the link before it", ""};
    }
    route.push_back(road);
  }
  if (!route.empty()) {
    c.destination = route.back();
  } else if (!request.to.empty()) {
    c.destination = state.roads->find(request.to);
    if (c.destination == kNoRoad) return unknown(request.to);
  }
  if (route.empty() && !request.from.empty()) {
    const auto from = state.roads->find(request.from);
    if (from == kNoRoad) return unknown(request.from);
    route = c.destination == kNoRoad
                ? state.roads->straight_on(from, state.parameters.straight_on_m)
                : state.roads->way(from, c.destination);
    if (route.empty()) {
      return Error{"no_way", "no way to '" + request.to.str() + "'", ""};
    }
  }
  if (route.empty() && request.vehicle.empty()) {
    return Error{"no_vehicle", "neither a vehicle nor a place to set out from", ""};
  }
  const auto id = request.corridor;
  c.asked_for = std::move(request);
  if (!route.empty()) {
    set_route(state, c, std::move(route), asked);
    if (c.ahead.empty()) return Error{"no_signals", "no signal stands on that way", ""};
  }
  state.corridors[id] = std::move(c);
  return Ok{};
}

}  // namespace detail

State make_state(const Network& network, EmergencyRegister reg, const Parameters& parameters) {
  State state;
  state.parameters = parameters;
  state.roads = std::make_shared<const Roads>(network, parameters);
  state.reg = std::move(reg);
  return state;
}

Result<> open(State& state, OpenCorridor request, const Actor& actor, UtcTime now) {
  if (auto r = authorise(state, actor, request); !r) return r;
  if (request.corridor.empty() || state.corridors.count(request.corridor) != 0) {
    return Error{"known", "a corridor needs a name of its own", ""};
  }
  if (request.until <= now || in_seconds(request.until - now) > state.parameters.longest_s) {
    return Error{"until", "a corridor ends in the future, within two hours", ""};
  }
  return detail::lay(state, std::move(request), actor, now);
}

Result<> end(State& state, const RequestId& id, const Actor& actor, UtcTime now) {
  const auto it = state.corridors.find(id);
  if (it == state.corridors.end()) {
    return Error{"unknown_corridor", "no corridor '" + id.str() + "' is open", ""};
  }
  const auto role = actor.role;
  const bool may = role == Role::op || role == Role::supervisor || role == Role::admin ||
                   actor.person == it->second.actor.person;
  if (!may) return Error{"right", "only who opened it, or an operator, may end it", ""};
  detail::close(state, id, RequestState::cancelled, "ended", nullptr, now);
  return Ok{};
}

std::vector<Ask> asks(const State& state, const JunctionId& junction, UtcTime now) {
  std::vector<Ask> out;
  for (const auto& [id, corridor] : state.corridors) {
    const auto leg = std::find_if(corridor.ahead.begin(), corridor.ahead.end(),
                                  [&](const Leg& l) { return l.request.junction == junction; });
    if (leg == corridor.ahead.end()) continue;
    Ask ask;
    ask.movement = leg->request.movement;
    ask.claim.corridor = id.str();
    ask.claim.precedence = precedence(corridor.asked_for.kind);
    ask.claim.asked = corridor.asked;
    ask.stalled = corridor.fix && corridor.stood_since &&
                  in_seconds(*corridor.fix - *corridor.stood_since) > state.parameters.stalled_s;
    const auto& p = state.parameters;
    ask.claim.low = std::max(0.0, detail::seconds_to(state, corridor, *leg, p.fast, now));
    ask.claim.eta = std::max(0.0, detail::seconds_to(state, corridor, *leg, 1, now));
    if (ask.claim.low <= p.ahead_s) out.push_back(std::move(ask));
  }
  return out;
}

void decided(State& state, const JunctionId& junction, const Verdict& verdict,
             const std::vector<SignalGroupId>& green, UtcTime now) {
  const bool ours = verdict.rule.starts_with("emergency_");
  for (const auto& ask : asks(state, junction, now)) {
    auto& corridor = state.corridors.at(RequestId(ask.claim.corridor));
    const auto leg = std::find_if(corridor.ahead.begin(), corridor.ahead.end(),
                                  [&](const Leg& l) { return l.request.junction == junction; });
    auto& request = leg->request;
    request.eta = Seconds{ask.claim.eta};
    const bool serves = std::find(green.begin(), green.end(), request.group) != green.end();
    const bool had = request.state == RequestState::granted;
    if (ask.stalled) {
      detail::enter(state, corridor, request, RequestState::queued, "stalled", now);
    } else if (leg->own_route_set) {
      detail::enter(state, corridor, request, RequestState::granted, "own_route", now);
    } else if (!verdict.against.empty()) {
      detail::enter(state, corridor, request, RequestState::refused, verdict.against, now);
    } else if (serves && verdict.sent && (ours || had)) {
      detail::enter(state, corridor, request, RequestState::granted,
                    ours ? verdict.rule : request.reason.rule, now);
    } else {
      detail::enter(state, corridor, request, RequestState::queued,
                    ours && !serves ? "outranked" : "ahead", now);
    }
  }
}

std::vector<KeptCorridor> kept(const State& state) {
  std::vector<KeptCorridor> out;
  for (const auto& [id, c] : state.corridors) {
    if (!c.own_word) out.push_back({c.asked_for, c.actor, c.asked});
  }
  return out;
}

void restore(State& state, const std::vector<KeptCorridor>& kept) {
  for (const auto& k : kept) {
    auto request = k.request;
    // Its vehicle has moved on since: the next position says where it is.
    if (!request.vehicle.empty() && request.route.empty()) request.from = LinkId();
    if (!detail::lay(state, std::move(request), k.actor, k.asked)) {
      ++state.counters["emergency.not_restored"];
    }
  }
}

}  // namespace dispecer::emergency
