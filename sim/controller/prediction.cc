#include "sim/controller/prediction.h"

#include <algorithm>

#include "sim/controller/local_plan.h"
#include "sim/controller/pattern.h"
#include "sim/controller/virtual_controller.h"

namespace dispecer::sim {
namespace {

// Seconds from `position` to the next `moment` of the cycle, more than 0, at most one cycle.
double ahead_s(double moment, double position, double cycle) {
  double left = moment - position;
  while (left <= 0) left += cycle;
  while (left > cycle) left -= cycle;
  return left;
}

std::optional<Prediction> predict_pattern(const State& state, std::size_t group, UtcTime clock) {
  const auto& plan = state.running_plan();
  const auto cycle = static_cast<std::int64_t>(plan.cycle.value);
  const auto position = plan_position_s(plan, clock);
  const auto begin =
      clock - from_seconds(position - static_cast<double>(static_cast<std::int64_t>(position)));
  Prediction out{std::nullopt, std::nullopt, 100};
  auto before = letter_aspect(pattern_letter(state, group, begin));
  for (std::int64_t s = 1; s <= 2 * cycle; ++s) {
    const auto t = begin + std::chrono::seconds{s};
    const auto aspect = letter_aspect(pattern_letter(state, group, t));
    if (is_green(aspect) && !is_green(before) && !out.green) out.green = t;
    if (aspect == Aspect::red && before != Aspect::red && !out.red) out.red = t;
    before = aspect;
  }
  return out;
}

}  // namespace

std::optional<Prediction> predict(const State& state, std::size_t group, UtcTime now) {
  if (state.mode != ControlMode::control || group >= state.lamps.size()) return std::nullopt;
  const auto clock = state.own_clock(now);
  if (!state.patterns.empty()) return predict_pattern(state, group, clock);
  const auto& plan = state.running_plan();
  const auto greens = plan_greens(state.own, plan);
  const double cycle = plan.cycle.value;
  const double position = plan_position_s(plan, clock);
  std::optional<double> green;
  std::optional<double> red;
  for (const auto& g : greens[group]) {
    if (g.end - g.begin >= cycle) continue;  // green for ever
    const double amber = state.own.groups[group].kind == GroupKind::pedestrian
                             ? 0
                             : state.own.groups[group].amber.time.value;
    const double to_green = ahead_s(g.begin, position, cycle);
    const double to_red = ahead_s(g.end + amber, position, cycle);
    green = std::min(green.value_or(to_green), to_green);
    red = std::min(red.value_or(to_red), to_red);
  }
  const bool disturbed =
      !demanded_stages(state).empty() || state.priority_group || state.emergency_stage;
  Prediction out{std::nullopt, std::nullopt, disturbed ? 30 : 100};
  if (green) out.green = clock + from_seconds(*green);
  if (red) out.red = clock + from_seconds(*red);
  return out;
}

}  // namespace dispecer::sim
