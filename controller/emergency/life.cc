// What ends a corridor, what it leaves behind, and routes that controllers hold themselves.
#include <algorithm>
#include <cstdio>

#include "controller/emergency/internal.h"

namespace dispecer::emergency {
namespace detail {
namespace {

std::string one_decimal(double v) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", v);
  return text;
}

// Vehicles that wait at the junction for anything but the vehicle's own green.
std::optional<double> queue_left(const State& state, const CityPicture& picture,
                                 const PriorityRequest& request) {
  std::optional<double> all;
  std::map<MovementId, const MovementState*> rows;
  for (const auto& m : picture.movements) rows[m.movement] = &m;
  for (const auto& road : state.roads->all()) {
    for (const auto& t : road.turns) {
      if (t.junction != request.junction || t.group == request.group) continue;
      const auto row = rows.find(t.movement);
      if (row == rows.end() || row->second->queue.quality == Quality::unknown) continue;
      all = all.value_or(0) + std::max(0.0, row->second->queue.value);
    }
  }
  return all;
}

}  // namespace

void order_own_route(State& state, const Corridor& corridor, Leg& leg, bool active, UtcTime now) {
  leg.own_route_set = active;
  Proposal p;
  p.junction = leg.request.junction;
  p.write = EmergencyRouteOrder{leg.own_route, active};
  p.decided = now;
  p.based_on = now;
  p.actor = corridor.actor;
  p.operator_confirmed = true;
  p.reason.rule = active ? "emergency_route" : "emergency_route_over";
  p.reason.inputs.push_back({"corridor", corridor.asked_for.corridor.str()});
  if (active) p.until = corridor.asked_for.until;
  state.orders.push_back(std::move(p));
}

void pass_first(State& state, Corridor& corridor, const std::string& rule, UtcTime now) {
  auto leg = std::move(corridor.ahead.front());
  corridor.ahead.erase(corridor.ahead.begin());
  if (leg.own_route_set) order_own_route(state, corridor, leg, false, now);
  leg.request.eta.reset();
  enter(state, corridor, leg.request, RequestState::served,
        leg.request.state == RequestState::granted ? rule : "passed_without_grant", now);
  corridor.passed.push_back(std::move(leg.request));
}

void close(State& state, const RequestId& id, RequestState to, const std::string& rule,
           const CityPicture* picture, UtcTime now) {
  auto corridor = std::move(state.corridors.at(id));
  state.corridors.erase(id);
  for (auto& leg : corridor.ahead) {
    if (leg.own_route_set) order_own_route(state, corridor, leg, false, now);
    leg.request.eta.reset();
    enter(state, corridor, leg.request, to, rule, now);
  }
  for (auto& request : corridor.passed) {
    std::vector<NamedValue> inputs{{"ended_by", rule}};
    const auto left =
        picture != nullptr ? queue_left(state, *picture, request) : std::optional<double>();
    if (left) inputs.push_back({"queue_left_veh", one_decimal(*left)});
    enter(state, corridor, request, RequestState::served, "corridor_over", now, std::move(inputs));
  }
  ++state.counters["emergency.ended_" + rule];
}

}  // namespace detail

namespace {

// Why it ends now, "" = it goes on.
std::pair<RequestState, std::string> over(const State& state, const Corridor& c, UtcTime now) {
  if (now >= c.asked_for.until) return {RequestState::cancelled, "end_time"};
  if (!c.asked_for.vehicle.empty() &&
      in_seconds(now - c.fix.value_or(c.asked)) > state.parameters.silent_s) {
    return {RequestState::timed_out, "no_position"};
  }
  if (!c.route.empty() && c.ahead.empty()) return {RequestState::served, "passed"};
  return {RequestState::unknown, ""};
}

void follow_unseen(State& state, Corridor& c, UtcTime now) {
  while (!c.ahead.empty() &&
         detail::seconds_to(state, c, c.ahead.front(), state.parameters.slow, now) <= 0) {
    detail::pass_first(state, c, "assumed_passed", now);
  }
}

void ask_own_routes(State& state, Corridor& c, UtcTime now) {
  for (auto& leg : c.ahead) {
    if (leg.own_route == 0 || leg.own_route_set) continue;
    if (c.actor.role == Role::automaton) continue;  // the guard wants a person behind it
    const double eta = detail::seconds_to(state, c, leg, state.parameters.fast, now);
    if (eta <= state.parameters.own_route_s) detail::order_own_route(state, c, leg, true, now);
  }
}

}  // namespace

StepOut step(State& state, const CityPicture* picture, UtcTime now, std::uint32_t epoch) {
  std::vector<RequestId> ids;
  for (const auto& [id, c] : state.corridors) ids.push_back(id);
  for (const auto& id : ids) {
    auto& c = state.corridors.at(id);
    if (c.asked_for.vehicle.empty()) follow_unseen(state, c, now);
    const auto [to, rule] = over(state, c, now);
    if (!rule.empty()) {
      detail::close(state, id, to, rule, picture, now);
      continue;
    }
    ask_own_routes(state, c, now);
  }
  StepOut out;
  out.requests = std::exchange(state.changes, {});
  out.orders = std::exchange(state.orders, {});
  const auto second = now.us / 1'000'000;
  if (second != state.order_second) state.order_counter = 0;
  state.order_second = second;
  for (auto& p : out.orders) {
    p.id = ProposalId(std::to_string(epoch) + "-" + std::to_string(second) + "-" +
                      p.junction.str() + "-e" + std::to_string(state.order_counter++));
    p.epoch = epoch;
    p.expires = now + from_seconds(3);
  }
  return out;
}

}  // namespace dispecer::emergency
