// A junction that cannot be commanded stage by stage: its plan, offset and bands are moved instead,
// one order at a time, with what the plan layer wants and the cycle layer chooses.
//
// Rungs: bands while the traffic data is younger than `release_s`; the plan that usually ran at
// this time of day when it is older; the controller's own plan where the junction is not ours. A
// plan of ours ends by itself: at the end that the order carries, and at the controller when it has
// lost us.
#pragma once

#include "controller/signals/junction.h"

namespace dispecer::signals {

// One second of a junction whose lever is plan or bands. `word` = what an operator said, nullptr =
// nothing; only a release counts here.
JunctionOutput step_lever(const Site& site, Memory& memory, const JunctionView& view,
                          const std::vector<BusDemand>& buses, const Moment& moment,
                          const SignalParameters& parameters);

// The plan of the library for a junction that the second-by-second layer has let go because its
// traffic data is stale; and its end once the data is fresh again. Leaves `out` as it is where
// there is nothing to say.
void step_library(const Site& site, Memory& memory, const JunctionView& view, const Moment& moment,
                  const SignalParameters& parameters, JunctionOutput& out);

// Asks for a plan where another one runs, and again before the order's end, which is never after
// `until`; `rule` names the reason. False = it runs already and there is nothing to do.
bool want_plan(const Site& site, Memory& memory, const JunctionView& view, const Moment& moment,
               const SignalParameters& parameters, std::uint32_t plan, const char* rule,
               std::optional<UtcTime> until, JunctionOutput& out);

// Takes back what the plan layers set, one order at a time. False = nothing is left to take back.
bool give_back(const Site& site, Memory& memory, const JunctionView& view, const Moment& moment,
               const SignalParameters& parameters, const Actor& actor, bool confirmed,
               JunctionOutput& out);

}  // namespace dispecer::signals
