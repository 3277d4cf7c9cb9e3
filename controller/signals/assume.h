// Service without knowledge: what movements that no healthy detector sees are taken to hold.
#pragma once

#include "controller/signals/memory.h"
#include "controller/signals/view.h"

namespace dispecer::signals {

// A trickle since their green ended, until they had the green that the local plan would give.
void assume_unknown(const Site& site, const Memory& memory, UtcTime now,
                    const SignalParameters& parameters, JunctionView& view);

}  // namespace dispecer::signals
