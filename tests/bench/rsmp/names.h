// What both sides of the load know of a site.
#pragma once

#include "controller/plan/junction_signals.h"
#include "sim/rsmp_site/settings.h"

namespace dispecer::bench {

// A crossroads of two stages; inputs 3 and 4 ask for them. Junction "j<number>".
JunctionSignals load_junction(std::size_t number);
// Site "S<number>" of RSMP 3.2.2 and signal list 1.2.1, which buffers the state of its lamps.
sim::SiteSettings load_settings(std::size_t number);

}  // namespace dispecer::bench
