// The way to the next signal: running, stops, and how buses run on each link.
#include <algorithm>
#include <cmath>

#include "fusion/transit/transit.h"

namespace dispecer::transit {
namespace {

constexpr double kDynamicsStep = 0.04;
constexpr double kOwnFixes = 10;  // fixes on a link that weigh as much as the city's mean share

struct Run {
  double seconds = 0;
  double speed = 0;  // at its end
};

// Over `distance`, from `speed`, towards `cruise`.
Run run(double distance, double speed, double cruise, double accelerate) {
  if (distance <= 0) return {0, speed};
  if (speed >= cruise) return {distance / std::max(0.5 * (speed + cruise), 1.0), cruise};
  const double needed = (cruise * cruise - speed * speed) / (2 * accelerate);
  if (needed >= distance) {
    const double end = std::sqrt(speed * speed + 2 * accelerate * distance);
    return {(end - speed) / accelerate, end};
  }
  return {(cruise - speed) / accelerate + (distance - needed) / cruise, cruise};
}

// It stands when its speed is no evidence of moving: then the error of a fix may have carried it
// over the line.
double over_line(const Parameters& p, const Vehicle& vehicle) {
  return vehicle.speed < p.still_mps ? 3 * p.over_line_m : p.over_line_m;
}

}  // namespace

double detail::running_speed(const State& state, std::uint32_t link) {
  const auto& p = state.parameters;
  const auto& learnt = state.learnt;
  const double limit = state.index.limits[link];
  const double share = learnt.speed_share > 0 ? learnt.speed_share : p.cruise_share;
  if (link >= learnt.speed.size() || learnt.speed_seen[link] == 0) return share * limit;
  const double own = learnt.speed_seen[link] / (learnt.speed_seen[link] + kOwnFixes);
  return own * learnt.speed[link] + (1 - own) * share * limit;
}

void detail::learn_speed(State& state, std::uint32_t link, double speed) {
  const auto& p = state.parameters;
  auto& learnt = state.learnt;
  const double limit = state.index.limits[link];
  // In a queue it does not run.
  if (speed < 0.4 * limit || speed > 1.3 * limit) return;
  const auto follow = [&](double& value, double seen, double step) {
    value += step * (seen > value ? p.speed_quantile : p.speed_quantile - 1);
  };
  if (learnt.speed_share <= 0) learnt.speed_share = p.cruise_share;
  follow(learnt.speed_share, speed / limit, 0.01);
  auto& seen = learnt.speed_seen[link];
  if (seen == 0) learnt.speed[link] = std::max(speed, learnt.speed_share * limit);
  seen = std::min(seen + 1, 1000U);
  follow(learnt.speed[link], speed, std::max(0.1, 2.0 / seen));
}

void detail::learn_dynamics(State& state, double before, double after, double dt) {
  const auto& p = state.parameters;
  if (dt <= 0 || dt > 2) return;
  const double change = (after - before) / dt;
  const auto follow = [&](double& value, double assumed) {
    if (value <= 0) value = assumed;
    const double seen = std::abs(change);
    value = std::clamp(value + kDynamicsStep * (seen > value ? 0.6 : -0.4), 0.4, 4.0);
  };
  // Setting off and braking for a stop, not the small change of running.
  if (before < 6 && after > 1 && change > 0.3) follow(state.learnt.accelerate, p.accelerate);
  if (after < 6 && before > 1 && change < -0.3) follow(state.learnt.brake, p.brake);
}

void detail::look_ahead(const State& state, Vehicle& vehicle, const TripIndex& trip) {
  const auto& p = state.parameters;
  const auto& shape = state.index.shapes[trip.shape];
  auto& out = vehicle.shown;
  vehicle.signal = kNone;
  std::size_t k = 0;
  const double over = over_line(p, vehicle);
  while (k < shape.links.size() && shape.links[k].end + over < vehicle.along) ++k;
  if (k == shape.links.size()) return;
  out.link = state.index.links[shape.links[k].link];
  out.to_stop_line = Metres{std::max(0.0, shape.links[k].end - vehicle.along)};
  std::size_t signal = k;
  while (signal < shape.links.size() && !shape.links[signal].signalised &&
         shape.links[signal].end - vehicle.along <= p.look_ahead_m) {
    ++signal;
  }
  if (signal == shape.links.size() || !shape.links[signal].signalised) return;
  const double stop_line = shape.links[signal].end;
  const double distance = std::max(0.0, stop_line - vehicle.along);
  if (distance > p.look_ahead_m) return;
  const auto movement = shape.links[signal].movement;
  vehicle.signal = static_cast<std::uint32_t>(signal);
  out.next_movement = state.index.movements[movement];
  out.to_stop_line = Metres{distance};

  const double accelerate = state.learnt.accelerate > 0 ? state.learnt.accelerate : p.accelerate;
  const double brake = state.learnt.brake > 0 ? state.learnt.brake : p.brake;
  double run_s = 0;
  double fastest = 0;
  double speed = vehicle.speed;
  double at = vehicle.along;
  double stay = 0;
  double variance = 0;
  std::uint32_t s = vehicle.next_stop;
  const auto drive = [&](double to, std::size_t i, bool halt) {
    const double limit = state.index.limits[shape.links[i].link];
    double cruise = std::max(running_speed(state, shape.links[i].link), 2.0);
    const auto link = shape.links[i].link;
    // Before the signal the queue is counted, apart from this; on the way there a jam slows what
    // runs. Where the bus stands at its stop, it may be the jam itself.
    const bool counted = i == signal && movement < state.conditions.discharge_s.size();
    const bool own = i == k && (vehicle.at_stop || vehicle.left_along > shape.links[k].begin);
    if (!counted && !own && link < state.conditions.speed.size() &&
        state.conditions.speed[link] > 0 && state.conditions.speed[link] < p.jam_share * cruise) {
      cruise = std::max(state.conditions.speed[link], 2.0);
    }
    const double piece = std::max(0.0, to - at);
    // Running now, near the place in question, its own speed tells most.
    if (i == k && vehicle.speed > 0.5 * cruise && stay == 0) {
      const double near = std::clamp(1 - distance / 300, 0.0, 1.0);
      cruise = near * std::max(cruise, std::min(vehicle.speed, limit)) + (1 - near) * cruise;
    }
    const Run r = run(piece, speed, cruise, accelerate);
    run_s += r.seconds;
    fastest += piece / std::max(1.1 * limit, vehicle.speed);
    speed = r.speed;
    if (halt) {
      run_s += speed / (2 * brake);
      speed = 0;
    }
    at = std::max(at, to);
  };
  for (std::size_t i = k; i <= signal; ++i) {
    for (; s < trip.stops.size() && trip.stops[s].along <= shape.links[i].end; ++s) {
      const auto& stop = trip.stops[s];
      if (vehicle.along > stop.along + p.passed_m) continue;
      out.stop_ahead = true;
      const Dwell dwell = dwell_of(state, stop.stop);
      const bool here = vehicle.at_stop && s == vehicle.next_stop;
      const double stood = here ? in_seconds(out.fix - vehicle.stopped_since) : 0.0;
      if (here) {
        speed = 0;
        at = std::max(at, std::min(stop.along, shape.links[i].end));
      } else {
        drive(stop.along, i, true);
      }
      const double left = here ? std::max(1.5, dwell.mean_s - stood) : dwell.mean_s;
      stay += std::max(left, hold_s(state, vehicle, stop));
      variance += dwell.variance;
    }
    drive(shape.links[i].end, i, false);
  }
  vehicle.run_s = run_s;
  vehicle.stay_s = stay;
  vehicle.stay_sd = std::sqrt(variance);
  const double mid = run_s + stay;
  const double spread = std::hypot(p.run_sd * run_s + 1, vehicle.stay_sd);
  out.eta_low = Seconds{std::min(fastest, mid)};
  out.eta = Seconds{mid};
  out.eta_high = Seconds{mid + p.high_sigmas * spread};
}

}  // namespace dispecer::transit
