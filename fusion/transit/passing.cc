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
constexpr double kHeldOn = 0.41;   // of the time held so far: median of a Pareto law of exponent 2
constexpr double kJam_m = 7.5;     // from front to front in a standing queue
constexpr double kFollow_s = 1.2;  // and so much more by speed, s (Newell 2002)
constexpr double kFirst_m = 10;    // nearer to the line nobody stands before it
constexpr double kLossMost_s = 8;
constexpr double kLossStep = 0.1;
constexpr double kQueueStep = 0.25;
constexpr double kShareSure_s = 2;
constexpr double kPaceShare = 0.2;  // of the newest queue, for its movement
constexpr double kMiss = 0.05;      // share on each side

double pace_of(const State& state, std::uint32_t movement) {
  const auto& learnt = state.learnt;
  if (learnt.pace[movement] > 0) return learnt.pace[movement];
  return learnt.queue_pace > 0 ? learnt.queue_pace : state.parameters.queue_pace;
}

double start_loss(const State& state) {
  return state.learnt.start_seen ? state.learnt.start_loss_s : state.parameters.start_loss_s;
}

// Seconds of green, from `now` or from its beginning, that those before the bus need.
double queue_s(const State& state, const Vehicle& vehicle, const ShapeLink& link,
               const LampHistory& lamps, bool queues, UtcTime now) {
  const double pace = pace_of(state, link.movement);
  const double distance = vehicle.shown.to_stop_line.value;
  // Nobody stands behind the bus's own place. Those who stood at the beginning of green leave one
  // by one from then on, so that what is gone of it counts for them.
  double most = pace * (lamps.green ? std::max(distance, vehicle.queued_m) : distance);
  if (lamps.green) {
    most = std::max(0.0, start_loss(state) + most - in_seconds(now - lamps.since));
    // Who drives at green has before it those who drive likewise, the further apart the faster.
    const double apart = kJam_m + kFollow_s * vehicle.speed;
    if (!queues) most = std::min(most, pace * distance * kJam_m / apart);
  }
  if (queues || vehicle.queued_m > 0) return most;
  if (state.index.bus_lane[link.link] || link.movement >= state.conditions.discharge_s.size()) {
    return 0;
  }
  return std::min(
      most, state.conditions.discharge_s[link.movement] * state.learnt.queue_share[link.movement]);
}

// A bus stands at green for longer than the queue before it takes, by as many seconds: something
// beyond the line holds it.
double held_s(const State& state, const Vehicle& vehicle, const LampHistory& lamps, double pace,
              UtcTime now) {
  const double stood = vehicle.evidence.idle_green_s - pace * vehicle.shown.to_stop_line.value;
  // In a queue that creeps it does not stand, but should have passed as well.
  const double crept =
      vehicle.queued_m > 0 ? in_seconds(now - lamps.since) - pace * vehicle.queued_m : 0.0;
  return std::max(0.0, std::max(stood, crept) - start_loss(state) - kHeld_s);
}

// A bus that stood `queued` metres before the line passed `after_s` after green began.
void learn_discharge(State& state, std::uint32_t movement, double queued, double after_s) {
  auto& learnt = state.learnt;
  if (queued <= kFirst_m) {
    const double accelerate =
        learnt.accelerate > 0 ? learnt.accelerate : state.parameters.accelerate;
    const double loss = after_s - std::sqrt(2 * queued / accelerate);
    // Who took longer was held by something else.
    if (loss > kLossMost_s) return;
    if (!learnt.start_seen) learnt.start_loss_s = state.parameters.start_loss_s;
    learnt.start_seen = true;
    learnt.start_loss_s += kLossStep * (std::max(loss, 0.0) - learnt.start_loss_s);
    return;
  }
  const double pace = (after_s - start_loss(state)) / queued;
  // Who waited for a second green was held by more than its queue.
  if (pace <= 0.1 || pace >= 0.8) return;
  auto& all = learnt.queue_pace;
  auto& own = learnt.pace[movement];
  if (all <= 0) all = state.parameters.queue_pace;
  if (own <= 0) own = all;
  all += 0.05 * (pace - all);
  own += kPaceShare * (pace - own);
}

// How much of a counted queue did hold the bus: less where it passed sooner, more where it stood in
// it for longer, or came later than it would have on an empty road. By the green in which it
// passed.
void learn_share(State& state, const Vehicle& before, std::uint32_t movement, const Told& told,
                 UtcTime passed) {
  const auto* lamps = detail::lamps_ahead(state, before);
  if (lamps == nullptr || !lamps->whole || lamps->count == 0) return;
  UtcTime green = lamps->since;
  if (!lamps->green) green = green - from_seconds(lamps->past[(lamps->count - 1) % kLampPast]);
  const UtcTime from = std::max(told.at, green + from_seconds(start_loss(state)));
  const double took = in_seconds(passed - from);
  auto& share = state.learnt.queue_share[movement];
  const double by_share = share * told.counted_s;
  if (took < told.before_s - kShareSure_s) {
    share = std::max(0.0, share - kQueueStep);
  } else if (took > by_share + kShareSure_s &&
             (before.queued_m > 0 || in_seconds(passed - told.at) > told.arrive + kShareSure_s)) {
    share = std::min(1.5, share + kQueueStep);
  }
}

}  // namespace

bool detail::stands_in_queue(const State& state, const Vehicle& vehicle) {
  if (!vehicle.stands || vehicle.speed >= state.parameters.still_mps || vehicle.at_stop ||
      vehicle.shown.stop_ahead) {
    return false;
  }
  // Where it has just served a stop, that holds it sooner than a queue that reaches so far.
  const double gone = vehicle.along - vehicle.left_along;
  return vehicle.left_along <= 0 || gone < -state.parameters.passed_m ||
         gone > state.parameters.passed_m;
}

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
  const double pace = pace_of(state, link.movement);
  const bool queues = detail::stands_in_queue(state, vehicle);
  const double before = queue_s(state, vehicle, link, *lamps, queues, now);
  const bool counted = !queues && vehicle.queued_m <= 0 && before > kQueue_s;
  vehicle.counted_s = counted ? state.conditions.discharge_s[link.movement] : 0.0;
  vehicle.before_s = before;
  const double blocked =
      queues && lamps->green ? kHeldOn * held_s(state, vehicle, *lamps, pace, now) : 0.0;
  std::array<double, kSigmas.size() * kFutures> samples{};
  std::size_t n = 0;
  for (std::size_t i = 0; i < kSigmas.size(); ++i) {
    const double run = vehicle.run_s + kSigmas[i] * p.run_sd * (vehicle.run_s + age);
    const double stay =
        vehicle.stay_s > 0 ? std::max(1.0, vehicle.stay_s + kSigmas[i] * vehicle.stay_sd) : 0.0;
    Discharge d;
    d.arrive = std::max(0.0, run + stay - age);
    d.before = before * kQueueShare[i] + blocked;
    d.start_loss = start_loss(state);
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
          vehicle.counted_s,
          vehicle.before_s,
          std::max(0.0, vehicle.run_s + vehicle.stay_s - age)};
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
    learn_discharge(state, movement, before.queued_m, in_seconds(passed - before.green_at));
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
    if (told.counted_s > 0 && i > 0 && dt <= p.learn_gap_s) {
      learn_share(state, before, movement, told, passed);
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
