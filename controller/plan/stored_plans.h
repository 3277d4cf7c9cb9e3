// Plans that a controller stores beside its local plan so that the levers "plan" and "bands" have
// something to choose from: the ring of the local plan at several cycle times. They are a proposal
// to the office that signs the junction's file, and what benches give to their virtual controllers.
#pragma once

#include <vector>

#include "controller/plan/junction_signals.h"

namespace dispecer {

// For the lever "bands": one plan for each cycle, in which every stage but the last has its least
// green and the last one the rest, so that bands can reach any split. For "plan": for each cycle
// the split of the local plan, and one with twice the spare green for each stage in turn. Others:
// none. Cycle times are those of practice, 40 to 120 s in steps of 10, and the delivered one.
// Numbers follow the highest that is taken; every plan keeps the rules of validate(), and where the
// ring cannot be made to keep them there is none.
std::vector<SignalPlan> stored_plans(const JunctionSignals& signals, Lever lever);

}  // namespace dispecer
