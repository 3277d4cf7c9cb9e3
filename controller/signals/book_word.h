// A junction that the city's book gives a plan, or leaves on its own, for a while (works, events,
// night operation). An operator's word and an emergency corridor stand before it.
#pragma once

#include "controller/signals/junction.h"

namespace dispecer::signals {

// One second under the book's word. True = it decided; false = no word holds, and what an earlier
// one set has been taken back. A junction that is ours by its stage lever is released first.
bool step_book(const Site& site, Memory& memory, const JunctionView& view, const Moment& moment,
               const SignalParameters& parameters, JunctionOutput& out);

}  // namespace dispecer::signals
