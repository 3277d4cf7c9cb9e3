// Green in time for emergency vehicles at one junction. A change for a vehicle begins when what is
// left of its way is no longer than the change, the queue before it and a margin take together;
// until then the ordinary decision goes on, but begins nothing that could not be left again in
// time.
//
// Whose green comes first, where several are due: nobody who is about to pass under its green loses
// it; then the errand's precedence; then who has green; then who comes first; then who asked first.
// Where one stage serves more of them it is taken. Only one can win: the others are told to wait.
//
// Intergreens and minimum greens are the controller's and are never cut; a maximum red that the
// guard would hold against the order is served first.
#pragma once

#include <vector>

#include "controller/signals/decide.h"

namespace dispecer::signals {

// `ordinary` is what would be done without them. `claims` is not empty. Rules: "emergency_green",
// "emergency_hold", "emergency_reserve", "max_red_before_emergency", "max_red", "min_green", or the
// ordinary one where nobody is due. Input "corridor" names who won.
Choice clear_way(const Site& site, const JunctionView& view, const Memory& memory,
                 const std::vector<Claim>& claims, const Choice& ordinary, UtcTime now,
                 const SignalParameters& parameters);

}  // namespace dispecer::signals
