// The controller's own fixed-time plan on the UTC cycle reference, and the way back to it through
// allowed transitions after somebody else had the stages.
#pragma once

#include "sim/controller/sequencer.h"

namespace dispecer::sim {

// Second of the cycle, 0 <= p < cycle: (UNIX time - offset) mod cycle.
double plan_position_s(const SignalPlan& plan, UtcTime own_clock);

// First stage on a shortest way through allowed transitions; nullopt = no way. `to` itself when
// `from` may be followed by it, or when there is no stage before it.
std::optional<std::uint32_t> first_hop(const JunctionSignals& own,
                                       const std::optional<std::uint32_t>& from, std::uint32_t to);

// What the running plan wants next: nullopt = stay. Out of step with the plan, the stage is chosen
// with which step is found again soonest.
std::optional<Wish> follow_plan(const State& state, UtcTime now);

}  // namespace dispecer::sim
