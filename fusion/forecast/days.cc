// What a new day brings: the old one goes into the history, and the usual days of today and
// tomorrow are learnt from all of them.
#include <algorithm>
#include <array>
#include <span>

#include "fusion/forecast/engine.h"
#include "fusion/forecast/forecast.h"

namespace dispecer::forecast {
namespace {

constexpr Eigen::Index kPlacesAtOnce = 64;  // bounds what is unpacked of the history

// Mean z over the newest `most` days that `in` accepts, smoothed over about half an hour.
template <class In>
Grid deviation(const Profile& profile, std::span<const Day> history, std::int32_t step_s,
               std::size_t most, In in) {
  const auto& like = profile.value[0];
  Grid sum = Grid::Zero(like.rows(), like.cols());
  Grid weight = sum;
  std::size_t found = 0;
  for (const auto& day : history) {
    if (found == most) break;
    if (!in(day.kind)) continue;
    ++found;
    const auto k = profile.at(day.kind);
    sum += day.known * ((day.value - profile.value[k]) / profile.scale[k]).max(-6.0F).min(6.0F);
    weight += day.known;
  }
  const Grid zero = Grid::Zero(like.rows(), like.cols());
  return smooth(sum / weight.max(1.0F), weight, 30.0 * 60.0 / step_s, zero);
}

std::array<DayKind, 2> kinds_in_use(const State& state) {
  return {state.today.kind, kind_of_day(state.calendar, state.today.day + 1)};
}

// Grids of the kinds that are used from now on; those of others go.
void make_room(State& state) {
  const auto n = static_cast<Eigen::Index>(state.places);
  const auto use = kinds_in_use(state);
  auto& profile = state.profile;
  for (std::size_t k = 0; k < kDayKinds; ++k) {
    const bool used = std::find(use.begin(), use.end(), static_cast<DayKind>(k)) != use.end();
    if (!used) {
      profile.value[k] = profile.scale[k] = Grid();
    } else if (profile.value[k].size() == 0) {
      profile.value[k] = Grid::Zero(n, state.slots);
      profile.scale[k] = Grid::Ones(n, state.slots);
    }
  }
  for (auto* grid :
       {&state.recent.yesterday, &state.recent.last_alike, &state.recent.three_alike}) {
    if (grid->size() == 0) *grid = Grid::Zero(n, state.slots);
  }
}

void learn_places(State& state, Eigen::Index first, Eigen::Index count) {
  const auto days = state.history.days(first, count);
  const auto kind = state.today.kind;
  const auto step_s = state.parameters.step_s;
  Profile part =
      make_profile(static_cast<std::size_t>(count), static_cast<std::size_t>(state.slots));
  learn(part, days, state.parameters);
  for (const auto used : kinds_in_use(state)) {
    const auto k = static_cast<std::size_t>(used);
    state.profile.value[k].middleRows(first, count) = part.value[k];
    state.profile.scale[k].middleRows(first, count) = part.scale[k];
  }
  state.profile.days = part.days;
  state.recent.yesterday.middleRows(first, count) =
      deviation(part, days, step_s, 1, [](DayKind) { return true; });
  state.recent.last_alike.middleRows(first, count) =
      deviation(part, days, step_s, 1, [&](DayKind k) { return k == kind; });
  state.recent.three_alike.middleRows(first, count) = deviation(
      part, days, step_s, 3, [&](DayKind k) { return is_workday(k) == is_workday(kind); });
}

void begin_learning(State& state, bool new_day) {
  state.learning = {};
  if (state.history.size() == 0) return;
  make_room(state);
  state.learning.active = true;
  state.learning.days = new_day;
}

}  // namespace

void go_on(State& state, std::size_t places) {
  auto& work = state.learning;
  const auto all = static_cast<Eigen::Index>(state.places);
  auto left = static_cast<Eigen::Index>(places);
  const bool to_the_end = places >= state.places;
  while (work.active && (to_the_end || left > 0)) {
    if (work.next_place < all) {
      const auto count =
          std::min({kPlacesAtOnce, all - work.next_place, to_the_end ? kPlacesAtOnce : left});
      learn_places(state, work.next_place, count);
      work.next_place += count;
      left -= count;
      if (work.next_place < all) continue;
      state.profile.ready = true;
    }
    if (!work.days || work.next_block == state.network.blocks.size()) {
      work.active = false;
      break;
    }
    left -= state.network.blocks[work.next_block].size;
    solve(state.network, work.next_block++);
  }
}

void learn_days(State& state) {
  begin_learning(state, false);
  go_on(state, state.places);
  state.learning.active = false;
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
  if (heard) {
    begin_day(state.fast, state.history, kind);
    begin_day(state.slow, state.history, kind);
  }
  begin_learning(state, heard);
}

}  // namespace dispecer::forecast
