// When a bus passes the stop line: arrival, queue and lamps together; and how good that was.
//
// The median and the interval are read from 5 quantiles of the arrival times up to 6 futures of the
// lamps. On line, per class of time ahead: a shift follows the median error (stochastic
// approximation of the median, Robbins and Monro 1951), and each side of the interval follows its
// misses (adaptive conformal inference, Gibbs and Candes 2021) so that 90 % of the passings lie in.
#include <algorithm>
#include <cmath>

#include "fusion/transit/transit.h"

namespace dispecer::transit {
namespace {

constexpr std::array<double, 5> kSigmas{-1.28, -0.52, 0, 0.52, 1.28};
constexpr std::array<double, 5> kQueueShare{0.6, 0.85, 1, 1.15, 1.5};
constexpr double kShiftStep_s = 0.1;
constexpr double kShiftMost_s = 2;
constexpr double kSideStep = 0.3;
constexpr double kLeast_s = 1.5;
constexpr double kQueue_s = 3;  // a shorter queue is none
constexpr double kHeld_s = 3;
constexpr double kQueueStep = 0.25;
constexpr double kPaceShare = 0.2;  // of the newest queue, for its movement
constexpr double kMiss = 0.05;      // share on each side

}  // namespace

const LampHistory* detail::lamps_ahead(const State& state, const Vehicle& vehicle) {
  if (vehicle.signal == kNone || vehicle.trip == kNone) return nullptr;
  const auto& shape = state.index.shapes[state.index.trips[vehicle.trip].shape];
  const auto movement = shape.links[vehicle.signal].movement;
  const auto [junction, group] = state.index.lamps[movement];
  return junction == kNone ? nullptr : &state.lamps[junction].groups[group];
}

void detail::expect_pass(const State& state, Vehicle& vehicle, UtcTime now) {
  const auto& p = state.parameters;
  auto& out = vehicle.shown;
  out.pass_low.reset();
  out.pass.reset();
  out.pass_high.reset();
  const auto* lamps = lamps_ahead(state, vehicle);
  if (lamps == nullptr || in_seconds(now - lamps->seen) > p.lamp_gap_s) return;
  const auto ahead = futures(*lamps, now);
  if (ahead.count == 0) return;
  const auto& shape = state.index.shapes[state.index.trips[vehicle.trip].shape];
  const auto& link = shape.links[vehicle.signal];
  const double age = std::max(0.0, in_seconds(now - out.fix));
  const double distance = out.to_stop_line.value;
  const auto& learnt = state.learnt;
  const double all = learnt.queue_pace > 0 ? learnt.queue_pace : p.queue_pace;
  const double pace = learnt.pace[link.movement] > 0 ? learnt.pace[link.movement] : all;
  // Nobody queues behind the bus's own place; where it stands without reason, up to there.
  double queue = pace * distance;
  const bool queues = vehicle.stands && !vehicle.at_stop && !out.stop_ahead;
  if (!queues) {
    const double counted =
        link.movement < state.conditions.discharge_s.size()
            ? state.conditions.discharge_s[link.movement] * learnt.queue_share[link.movement]
            : 0.0;
    queue = state.index.bus_lane[link.link] ? 0.0 : std::min(queue, counted);
  }
  vehicle.queue_counted = !queues && queue > kQueue_s;
  // It stands at green longer than the queue before it takes: something beyond the line holds it,
  // and will for about as long again (Lindy's law).
  const double held = vehicle.evidence.idle_green_s - p.start_loss_s - pace * distance;
  const double blocked = queues && lamps->green ? std::max(0.0, held - kHeld_s) : 0.0;
  std::array<double, kSigmas.size() * kFutures> samples{};
  std::size_t n = 0;
  for (std::size_t i = 0; i < kSigmas.size(); ++i) {
    const double run = vehicle.run_s + kSigmas[i] * p.run_sd * (vehicle.run_s + age);
    const double stay =
        vehicle.stay_s > 0 ? std::max(1.0, vehicle.stay_s + kSigmas[i] * vehicle.stay_sd) : 0.0;
    Discharge d;
    d.arrive = std::max(0.0, run + stay - age);
    d.before = queue * kQueueShare[i] + blocked;
    d.start_loss = p.start_loss_s;
    d.amber = p.amber_s;
    for (std::size_t f = 0; f < ahead.count; ++f) samples[n++] = pass_s(ahead.row[f], d);
  }
  std::sort(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(n));
  const double mid = samples[n / 2];
  const auto& score = state.learnt.passes[ahead_of(mid)];
  const double shift = std::clamp(score.shift_s, -mid, kShiftMost_s);
  const double told = mid + shift;
  const double low = told - score.below * (mid - samples.front() + kLeast_s);
  const double high = told + score.above * (samples[n - 1] - mid + kLeast_s);
  out.pass_low = Seconds{age + std::max(0.0, low)};
  out.pass = Seconds{age + std::max(0.0, told)};
  out.pass_high = Seconds{age + std::max(0.0, high)};
}

void detail::remember_told(Vehicle& vehicle, UtcTime now) {
  const auto& out = vehicle.shown;
  if (!out.pass) return;
  const double age = std::max(0.0, in_seconds(now - out.fix));
  const double pass = out.pass->value - age;
  auto& told = vehicle.told[ahead_of(pass)];
  if (told.open) return;
  told = {true,
          now,
          pass,
          out.pass_low->value - age,
          out.pass_high->value - age,
          vehicle.queue_counted};
}

void detail::settle_told(State& state, Vehicle& vehicle, const Vehicle& before) {
  const auto& p = state.parameters;
  if (before.signal == kNone) return;
  const bool same = before.matched && before.trip == vehicle.trip && vehicle.matched;
  if (same && vehicle.signal == before.signal) return;
  const auto close = [&] {
    vehicle.told.fill(Told{});
    vehicle.queued_m = 0;
  };
  const double dt = in_seconds(vehicle.shown.fix - before.shown.fix);
  const auto& shape = state.index.shapes[state.index.trips[before.trip].shape];
  const double line = shape.links[before.signal].end;
  if (!same || dt <= 0 || dt > p.settle_gap_s || vehicle.along < line ||
      vehicle.shown.trust != Trust::trusted) {
    return close();
  }
  const double share =
      std::clamp((line - before.along) / std::max(vehicle.along - before.along, 0.1), 0.0, 1.0);
  const UtcTime passed = before.shown.fix + from_seconds(share * dt);
  const auto movement = shape.links[before.signal].movement;
  if (before.queued_m > 0 && dt <= p.learn_gap_s) {
    const double pace = (in_seconds(passed - before.green_at) - p.start_loss_s) / before.queued_m;
    auto& all = state.learnt.queue_pace;
    auto& own = state.learnt.pace[movement];
    // Who waited for a second green was held by more than its queue.
    if (pace > 0.1 && pace < 0.8) {
      if (all <= 0) all = p.queue_pace;
      if (own <= 0) own = all;
      all += 0.05 * (pace - all);
      own += kPaceShare * (pace - own);
    }
  }
  vehicle.queued_m = 0;
  for (std::size_t i = 0; i < kAheads; ++i) {
    const auto& told = vehicle.told[i];
    if (!told.open) continue;
    auto& score = state.learnt.passes[i];
    const double truth = in_seconds(passed - told.at);
    const double error = truth - told.pass;
    if (dt <= p.learn_gap_s) {
      score.shift_s = std::clamp(score.shift_s + (error > 0 ? kShiftStep_s : -kShiftStep_s),
                                 -kShiftMost_s, kShiftMost_s);
    }
    score.below *= std::exp(kSideStep * ((truth < told.low ? 1.0 : 0.0) - kMiss));
    score.above *= std::exp(kSideStep * ((truth > told.high ? 1.0 : 0.0) - kMiss));
    score.below = std::clamp(score.below, 0.1, 10.0);
    score.above = std::clamp(score.above, 0.1, 10.0);
    if (told.queue && i > 0 && dt <= p.learn_gap_s && std::abs(error) > 2) {
      auto& held = state.learnt.queue_share[movement];
      held = std::clamp(held + (error > 0 ? kQueueStep : -kQueueStep), 0.0, 1.5);
    }
    ++score.seen;
    const double weight = std::max(0.01, 1.0 / score.seen);
    score.mae_s += weight * (std::abs(error) - score.mae_s);
    const bool inside = told.low <= truth && truth <= told.high;
    score.covered += weight * ((inside ? 1.0 : 0.0) - score.covered);
  }
  close();
}

}  // namespace dispecer::transit
