#include <algorithm>

#include "fusion/forecast/engine.h"

namespace dispecer::forecast {
namespace {

std::size_t index(DayKind kind) {
  return static_cast<std::size_t>(kind);
}

// Mean z over the newest `most` days that `in` accepts, smoothed over about half an hour.
template <class In>
Grid deviation(const State& state, std::size_t most, In in) {
  const auto& like = state.profile.value[0];
  Grid sum = Grid::Zero(like.rows(), like.cols());
  Grid weight = sum;
  std::size_t found = 0;
  for (std::size_t n = 0; n < state.history.size() && found < most; ++n) {
    const auto& day = state.history.ago(n);
    if (!in(day.kind)) continue;
    ++found;
    const auto k = index(day.kind);
    sum += day.known *
           ((day.value - state.profile.value[k]) / state.profile.scale[k]).max(-6.0F).min(6.0F);
    weight += day.known;
  }
  const Grid zero = Grid::Zero(like.rows(), like.cols());
  return smooth(sum / weight.max(1.0F), weight, 30.0 * 60.0 / state.parameters.step_s, zero);
}

}  // namespace

void learn_days(State& state) {
  const auto kind = state.today.kind;
  if (state.history.size() > 0) learn(state.profile, state.history, state.parameters);
  state.recent.yesterday = deviation(state, 1, [](DayKind) { return true; });
  state.recent.last_alike = deviation(state, 1, [&](DayKind k) { return k == kind; });
  state.recent.three_alike =
      deviation(state, 3, [&](DayKind k) { return is_workday(k) == is_workday(kind); });
}

void begin_day(State& state, std::int32_t day) {
  const auto kind = kind_of_day(state.calendar, day);
  const bool heard = state.today.known.sum() > 0;
  if (heard) {
    state.history.push(state.today);
    state.known = state.known.max(state.today.known.rowwise().maxCoeff());
  }
  state.today.day = day;
  state.today.kind = kind;
  state.today.value.setZero();
  state.today.known.setZero();
  learn_days(state);
  if (heard) {
    begin_day(state.fast, state.history, kind);
    begin_day(state.slow, state.history, kind);
    solve(state.network);
  }
}

}  // namespace dispecer::forecast
