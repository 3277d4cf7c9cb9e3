// Carries out changes of stage lamp by lamp: losing groups end, amber, clearance, red-amber, green.
// All gaining groups of a stage start together, as JunctionSignals' plan_greens() counts.
#pragma once

#include "sim/controller/state.h"

namespace dispecer::sim {

// A stage that somebody wants next, with green not before `start`.
struct Wish {
  std::uint32_t stage = 0;
  UtcTime start;
};

// The matrix that the sequencer believes (the wrong_matrix fault empties it).
IntergreenMatrix sequencing_matrix(const State& state);

// From the end of `from` (or from all red) to the green of `to`, s: intergreens and red-amber.
double lead_s(const State& state, const IntergreenMatrix& matrix, const Stage* from,
              const Stage& to);
// Longest time until the minimum green of every green group that `to` does not have has run, s.
double min_green_left_s(const State& state, const Stage& to, UtcTime now);

// Moves lamps and the running change on to `now`; starts the change to `wish` once its groups may
// end. Without a wish the stage is held.
void sequence(State& state, const std::optional<Wish>& wish, UtcTime now);

void show(State& state, std::size_t group, Aspect aspect, UtcTime now);

}  // namespace dispecer::sim
