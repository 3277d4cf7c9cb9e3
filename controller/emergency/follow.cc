// A vehicle on its way: which stop lines are behind it, and a new way where it left the old one.
#include <algorithm>
#include <cmath>
#include <limits>

#include "controller/emergency/internal.h"

namespace dispecer::emergency {
namespace {

constexpr double kBack = 60;  // m that noise may set a position back
constexpr double kForward =
    150;                         // m that a vehicle may be on at once, and kFastest for each second
constexpr double kFastest = 40;  // m/s
constexpr double kBearingFrom = 1.5;  // m/s, below which a device's bearing says nothing

std::vector<std::uint32_t> way_on(const State& state, const Corridor& c, std::uint32_t from) {
  return c.destination == kNoRoad ? state.roads->straight_on(from, state.parameters.straight_on_m)
                                  : state.roads->way(from, c.destination);
}

void note_standing(const State& state, Corridor& c, bool anew) {
  if (!anew && c.stood_since && std::abs(c.done - c.stood_at) <= state.parameters.stalled_m) return;
  c.stood_at = c.done;
  c.stood_since = c.fix;
}

struct OnRoute {
  std::size_t index = 0;
  double done = 0;
  double misfit = std::numeric_limits<double>::infinity();
};

OnRoute place_on_route(const State& state, const Corridor& c, Local p,
                       std::optional<double> bearing, UtcTime t) {
  OnRoute best;
  // Where it is was never told yet: it may be anywhere on its way.
  const double to = c.fix ? c.done + kForward + kFastest * in_seconds(t - *c.fix)
                          : std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < c.route.size() && c.starts[i] <= to; ++i) {
    const auto& road = state.roads->all()[c.route[i]];
    if (c.starts[i] + road.length < c.done - kBack) continue;
    const auto fit = state.roads->fit(c.route[i], p, bearing);
    const double done = c.starts[i] + fit.along;
    if (done < c.done - kBack || done > to || fit.misfit >= best.misfit) continue;
    best = {i, done, fit.misfit};
  }
  return best;
}

void follow(State& state, const RequestId& id, const VehiclePosition& p, UtcTime now) {
  auto& c = state.corridors.at(id);
  if (c.fix && p.t <= *c.fix) return;
  const auto at = state.roads->local(p.position);
  std::optional<double> bearing;
  if (p.bearing && (!p.speed || p.speed->value > kBearingFrom)) bearing = p.bearing->value;
  const auto any = state.roads->match(at, bearing);
  const auto on = place_on_route(state, c, at, bearing, p.t);
  const auto& rules = state.parameters;
  const bool near = on.misfit <= rules.reach_m;
  const bool left = any.road != kNoRoad && (!near || any.misfit + rules.off_route < on.misfit);
  if (left) {
    auto route = way_on(state, c, any.road);
    if (route.empty()) {
      detail::close(state, id, RequestState::cancelled, "no_way", nullptr, now);
      return;
    }
    if (!c.route.empty()) {
      ++c.replans;
      ++state.counters["emergency.replanned"];
    }
    c.fix = p.t;
    detail::set_route(state, c, std::move(route), now);
    c.done = any.along;
    note_standing(state, c, true);
    return;
  }
  if (!near) {
    ++state.counters["emergency.position_nowhere"];
    return;
  }
  c.fix = p.t;
  c.done = on.done;
  note_standing(state, c, false);
  while (!c.ahead.empty() && c.ahead.front().at < on.index) {
    detail::pass_first(state, c, "passed", now);
  }
  if (c.destination != kNoRoad) return;
  const auto& last = state.roads->all()[c.route.back()];
  if (c.starts.back() + last.length - c.done > rules.straight_on_m / 2) return;
  const double along = c.done - c.starts[on.index];
  detail::set_route(state, c, way_on(state, c, c.route[on.index]), now);
  c.done = along;
  note_standing(state, c, true);
}

void open_by_word(State& state, const VehiclePosition& p, UtcTime now) {
  const auto& units = state.reg.units;
  const auto unit = std::find_if(units.begin(), units.end(),
                                 [&](const EmergencyUnit& u) { return u.id == p.vehicle; });
  if (unit == units.end() || unit->kind != p.emergency) {
    ++state.counters["emergency.unit_without_right"];
    return;
  }
  OpenCorridor request;
  request.corridor = RequestId("unit/" + p.vehicle.str());
  request.vehicle = p.vehicle;
  request.kind = unit->kind;
  request.until = now + from_seconds(state.parameters.own_word_s);
  const Actor actor{PersonId("unit/" + p.vehicle.str()), Role::automaton, WorkplaceId("street")};
  if (state.corridors.count(request.corridor) != 0) return;
  if (!detail::lay(state, request, actor, now)) return;
  state.corridors.at(request.corridor).own_word = true;
  follow(state, request.corridor, p, now);
}

}  // namespace

void heard(State& state, const VehiclePosition& p, UtcTime now) {
  if (state.corridors.empty() && p.emergency == EmergencyKind::unknown) return;
  std::vector<RequestId> its;
  for (const auto& [id, c] : state.corridors) {
    if (c.asked_for.vehicle == p.vehicle && !p.vehicle.empty()) its.push_back(id);
  }
  for (const auto& id : its) {
    if (state.corridors.at(id).own_word && p.emergency == EmergencyKind::unknown) {
      detail::close(state, id, RequestState::cancelled, "ended", nullptr, now);
    } else {
      follow(state, id, p, now);
    }
  }
  if (its.empty() && p.emergency != EmergencyKind::unknown) open_by_word(state, p, now);
}

}  // namespace dispecer::emergency
