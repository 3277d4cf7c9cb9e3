// Candidates that run beside the live decision, at the junctions of the centre. Private to this
// room.
#pragma once

#include "controller/app/core.h"

namespace dispecer::controller {

// What each candidate would do at a junction, before the live layers decide; absent = it does not
// look at it now.
std::vector<std::optional<signals::Choice>> ask_shadows(
    ControllerState& state, const JunctionId& junction, Place& place, const signals::Moment& moment,
    const std::vector<signals::BusDemand>& buses);

// Holds those against the live choice.
void score_shadows(ControllerState& state, const Place& place, const signals::Moment& moment,
                   const std::vector<signals::BusDemand>& buses,
                   const std::vector<std::optional<signals::Choice>>& candidates,
                   const signals::Choice& live);

// Each minute their counters; with each hour of the clock the hour's score is closed.
void tell_shadows(ControllerState& state, UtcTime now);

}  // namespace dispecer::controller
