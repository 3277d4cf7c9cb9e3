#include "sim/controller/sequencer.h"

#include <algorithm>

namespace dispecer::sim {
namespace {

bool has(const Stage& stage, std::size_t g) {
  return std::binary_search(stage.green.begin(), stage.green.end(), static_cast<std::uint32_t>(g));
}

bool on_foot(const State& state, std::size_t g) {
  return state.own.groups[g].kind == GroupKind::pedestrian;
}

double between_s(const IntergreenMatrix& matrix, const Stage* from, const Stage& to) {
  return from == nullptr ? 0.0 : matrix.between(*from, to);
}

// First moment at which every gaining group of `to` is clear of all that ended.
UtcTime clear_at(const State& state, const IntergreenMatrix& matrix, const Stage& to, UtcTime now) {
  UtcTime at = now;
  for (const auto g : to.green) {
    const auto& gaining = state.lamps[g];
    if (is_green(gaining.aspect)) continue;
    if (gaining.aspect == Aspect::amber) {
      at = std::max(at, gaining.since + from_seconds(state.own.groups[g].amber.time.value));
    }
    for (std::size_t h = 0; h < state.lamps.size(); ++h) {
      const auto& losing = state.lamps[h];
      const auto least = matrix.at(h, g);
      if (least && losing.green_ended && !is_green(losing.aspect)) {
        at = std::max(at, *losing.green_ended + from_seconds(*least));
      }
    }
  }
  return at;
}

void end_greens(State& state, const Stage& to, UtcTime now) {
  for (std::size_t g = 0; g < state.lamps.size(); ++g) {
    if (!is_green(state.lamps[g].aspect) || has(to, g)) continue;
    // People on foot get red at once; their clearance is part of the intergreen.
    const bool amber = !on_foot(state, g) && state.own.groups[g].amber.time.value > 0;
    show(state, g, amber ? Aspect::amber : Aspect::red, now);
  }
}

bool against_green(const State& state, const IntergreenMatrix& matrix, std::size_t g) {
  for (std::size_t h = 0; h < state.lamps.size(); ++h) {
    if (h != g && is_green(state.lamps[h].aspect) && matrix.conflict(h, g)) return true;
  }
  return false;
}

void run_change(State& state, const IntergreenMatrix& matrix, UtcTime now) {
  auto& change = *state.change;
  const auto& to = *find_stage(state.own, change.to);
  const Stage* from = change.from ? find_stage(state.own, *change.from) : nullptr;
  if (!change.green_ended && now >= change.start - from_seconds(between_s(matrix, from, to))) {
    end_greens(state, to, now);
    change.green_ended = true;
  }
  change.start = std::max(change.start, clear_at(state, matrix, to, change.start));
  for (const auto g : to.green) {
    const auto aspect = state.lamps[g].aspect;
    if (is_green(aspect) || aspect == Aspect::amber || against_green(state, matrix, g)) continue;
    const auto red_amber = from_seconds(state.own.groups[g].red_amber.time.value);
    if (now >= change.start) {
      show(state, g, Aspect::green, now);
    } else if (red_amber.count() > 0 && now >= change.start - red_amber) {
      show(state, g, Aspect::red_amber, now);
    }
  }
  if (now >= change.start) {
    state.stage = change.to;
    state.change.reset();
  }
}

}  // namespace

void show(State& state, std::size_t group, Aspect aspect, UtcTime now) {
  auto& lamp = state.lamps[group];
  if (lamp.aspect == aspect) return;
  if (is_green(lamp.aspect) && !is_green(aspect)) lamp.green_ended = now;
  if (!is_green(lamp.aspect) && is_green(aspect)) lamp.green_began = now;
  lamp.aspect = aspect;
  lamp.since = now;
}

IntergreenMatrix sequencing_matrix(const State& state) {
  if (!state.faults.contains(Fault::wrong_matrix)) return IntergreenMatrix(state.own);
  JunctionSignals wrong;
  wrong.groups = state.own.groups;
  return IntergreenMatrix(wrong);
}

double lead_s(const State& state, const IntergreenMatrix& matrix, const Stage* from,
              const Stage& to) {
  double lead = between_s(matrix, from, to);
  for (const auto g : to.green) {
    if (from == nullptr || !has(*from, g))
      lead = std::max(lead, state.own.groups[g].red_amber.time.value);
  }
  return lead;
}

double min_green_left_s(const State& state, const Stage& to, UtcTime now) {
  double left = 0;
  for (std::size_t g = 0; g < state.lamps.size(); ++g) {
    const auto& lamp = state.lamps[g];
    if (!is_green(lamp.aspect) || has(to, g) || !lamp.green_began) continue;
    left = std::max(left,
                    state.own.groups[g].min_green.time.value - in_seconds(now - *lamp.green_began));
  }
  return left;
}

void sequence(State& state, const std::optional<Wish>& wish, UtcTime now) {
  const auto matrix = sequencing_matrix(state);
  for (std::size_t g = 0; g < state.lamps.size(); ++g) {
    const auto amber = from_seconds(state.own.groups[g].amber.time.value);
    if (state.lamps[g].aspect == Aspect::amber && now >= state.lamps[g].since + amber)
      show(state, g, Aspect::red, now);
  }
  if (!state.change && wish && wish->stage != state.stage) {
    const auto& to = *find_stage(state.own, wish->stage);
    const Stage* from = state.stage ? find_stage(state.own, *state.stage) : nullptr;
    const double lead = lead_s(state, matrix, from, to);
    const double between = between_s(matrix, from, to);
    const auto earliest = now + from_seconds(min_green_left_s(state, to, now) + between);
    const auto start = std::max({wish->start, earliest, clear_at(state, matrix, to, now)});
    if (start <= now + from_seconds(lead)) {
      state.change = Change{state.stage, wish->stage, now + from_seconds(lead), false};
      // On time for the plan even when the tick comes a little early.
      state.change->start = std::max(state.change->start, start);
      state.stage.reset();
    }
  }
  if (state.change) run_change(state, matrix, now);
}

}  // namespace dispecer::sim
