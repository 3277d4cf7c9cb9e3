// Vehicles that announce themselves at a point: a loop, a telegram, a door that has closed.
#include <algorithm>
#include <cmath>

#include "controller/priority/life.h"

namespace dispecer::priority {
namespace {

struct Expected {
  double low = 0;  // s to the stop line, from the moment at the point
  double eta = 0;
  double high = 0;
};

Expected expected(const PriorityPoint& point, const PriorityParameters& p) {
  if (point.eta) {
    const double eta = point.eta->value;
    return {0.7 * eta, eta, 1.3 * eta + 2};
  }
  if (!point.to_stop_line) return {0, p.point_eta_s, 2 * p.point_eta_s};
  const double d = point.to_stop_line->value;
  return {d / p.point_speed_high, d / p.point_speed, d / p.point_speed_low};
}

// Seconds by which the arrivals lie apart, beyond what both intervals leave open.
double apart(const Entry& entry, UtcTime at, const Expected& e) {
  const double mine = in_seconds(at - entry.at);
  const double between = std::max(mine + e.low - entry.high, entry.low - mine - e.high);
  return std::max(0.0, between);
}

// Which request is this vehicle's? A name that both tell decides; otherwise the nearest in time,
// of the same line where both tell one.
std::optional<VehicleId> match(const State& state, const PriorityPoint& point, const Expected& e) {
  std::optional<VehicleId> best;
  double least = state.parameters.same_s;
  const auto there = state.at_junction.find(point.junction);
  if (there == state.at_junction.end()) return best;
  for (const auto& key : there->second) {
    const auto& entry = state.entries.at(key);
    const auto& request = entry.request;
    if (request.group != point.group || is_final(request.state)) continue;
    if (!point.vehicle.empty() && !request.vehicle.empty()) {
      if (request.vehicle == point.vehicle) return key;
      continue;
    }
    if (!point.line.empty() && !request.line.empty() && point.line != request.line) continue;
    const double gap = apart(entry, point.t, e);
    if (gap > least || (best && gap == least)) continue;
    least = gap;
    best = key;
  }
  return best;
}

void pass(State& state, const VehicleId& key, UtcTime t, UtcTime now, Changes& changes) {
  auto& entry = state.entries.at(key);
  entry.request.fix = std::max(entry.request.fix, t);
  if (is_open(entry.request.state)) serve(entry, "passed_point", t, now, changes);
  withdraw(state, entry, now);
  if (entry.by_point) forget(state, key, now);
}

std::string against(const State& state, const Entry& entry) {
  const auto& late = entry.request.lateness;
  if (late && late->value < state.parameters.late_from_s) return "early";
  // What a position said of it stands; its age and its missing arrival are what the point mends.
  const auto& rule = entry.request.reason.rule;
  const bool mended = rule == "stale" || rule == "no_eta" || rule == "early";
  return entry.request.state == RequestState::refused && !mended ? rule : "";
}

}  // namespace

std::optional<VehicleId> from_point(const State& state, const Place& place, const BusState& bus) {
  const auto there = state.at_junction.find(place.junction);
  if (there == state.at_junction.end() || !bus.eta) return std::nullopt;
  const double eta = bus.eta->value;
  const Expected e{bus.eta_low ? bus.eta_low->value : eta, eta,
                   bus.eta_high ? bus.eta_high->value : eta};
  std::optional<VehicleId> best;
  double least = state.parameters.same_s;
  for (const auto& key : there->second) {
    const auto& entry = state.entries.at(key);
    if (!entry.by_point || entry.place.group != place.group) continue;
    const auto& known = entry.request;
    if (!known.vehicle.empty() && known.vehicle != bus.vehicle) continue;
    if (!known.line.empty() && !bus.line.empty() && known.line != bus.line) continue;
    const double gap = known.vehicle == bus.vehicle ? 0 : apart(entry, bus.fix, e);
    if (gap > least || (best && gap == least)) continue;
    least = gap;
    best = key;
  }
  return best;
}

std::vector<PriorityRequest> apply(State& state, const PriorityPoint& point, UtcTime now) {
  Changes changes;
  const auto& p = state.parameters;
  const auto place = state.of_group.find({point.junction, point.group});
  if (place == state.of_group.end() || point.kind == PointKind::unknown) {
    ++state.points_unknown;
    return changes;
  }
  if (in_seconds(now - point.t) > p.freshest_s) {
    ++state.points_old;
    return changes;
  }
  const bool gone = point.kind == PointKind::deregistration;
  const auto e = gone ? Expected{} : expected(point, p);
  auto key = match(state, point, e);
  if (gone) {
    if (key) pass(state, *key, point.t, now, changes);
    return changes;
  }
  if (!key) {
    key = point.vehicle.empty()
              ? VehicleId("@" + point.source + "@" + std::to_string(point.t.us / 1000))
              : point.vehicle;
    if (state.entries.count(*key) != 0) return changes;  // told twice, or waits at another signal
    auto& fresh = open_entry(state, *key, place->second, now);
    fresh.by_point = true;
    fresh.request.vehicle = point.vehicle;
    fresh.vehicle_kind = point.vehicle_kind;
    enter(fresh, RequestState::received, "point", now, changes);
  }
  auto& entry = state.entries.at(*key);
  auto& request = entry.request;
  if (point.t < request.fix) return changes;  // a newer position knows better
  request.fix = point.t;
  if (request.line.empty()) request.line = point.line;
  if (point.lateness) request.lateness = point.lateness;
  request.eta = Seconds{e.eta};
  if (entry.by_point) {
    BusState as_bus;
    as_bus.line = request.line;
    if (request.lateness)
      as_bus.lateness = Estimate{request.lateness->value, 30, 0, Quality::live, 0};
    request.weight = weight(state, as_bus);
  }
  request.reason.inputs = {{"point", point.source},
                           {"point_kind", std::string(to_name(point.kind))},
                           {"eta_s", whole_seconds(e.eta)}};
  entry.at = point.t;
  entry.low = e.low;
  entry.eta = e.eta;
  entry.high = e.high;
  entry.green_s = 0;
  entry.through.reset();
  if (point.to_stop_line) entry.to_stop_line = point.to_stop_line->value;
  if (point.kind == PointKind::door_closed) entry.stop = false;
  if (const auto rule = against(state, entry); !rule.empty()) {
    enter(entry, RequestState::refused, rule, now, changes);
    return changes;
  }
  if (entry.barred && now < *entry.barred) return changes;
  const bool far = e.low > p.window_s;
  entry.weighs = !entry.stop && !far;
  if (entry.weighs && (request.state == RequestState::granted || entry.handed)) return changes;
  enter(entry, RequestState::queued,
        entry.stop ? "stop_ahead"
        : far      ? "far"
                   : "weighs",
        now, changes);
  return changes;
}

}  // namespace dispecer::priority
