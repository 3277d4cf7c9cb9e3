// The controller that runs letter patterns: for tests of protocols, never for a street. Its
// conflict monitor is off, because such a pattern keeps no intergreens; nothing else of it may be
// trusted.
#pragma once

#include "sim/controller/state.h"

namespace dispecer::sim {

// `own` holds the groups; plans are made from the patterns (cycle = their length). Causes:
// no_groups, no_plans, bad_pattern (a text of another length, a letter that is none of S0001, a
// number twice, a missing local plan); `where` names plan and group.
Result<State> make_pattern_controller(JunctionSignals own, std::vector<PatternPlan> patterns,
                                      Settings settings = {});

// Letter of a group in the running plan at that moment. A cycle longer than the pattern holds its
// last second; a shorter one leaves its end out.
char pattern_letter(const State& state, std::size_t group, UtcTime own_clock);

// Shows the running pattern.
void show_pattern(State& state, UtcTime now);

// What a letter of S0001 shows; unknown = no letter of the list.
Aspect letter_aspect(char letter);

}  // namespace dispecer::sim
