// A proposal of the signal layers: who, when, resting on what, until when.
#pragma once

#include "controller/signals/junction.h"

namespace dispecer::signals {

Actor ourselves();

// One of ours. Its id is a function of epoch, second, junction and count.
Proposal make_proposal(const Site& site, Memory& memory, const JunctionView& view,
                       const Moment& moment, const SignalParameters& parameters, FieldWrite write);

// Fills `out.proposal` and names it in the decision; it carries the decision's reason as it stands.
void propose(const Site& site, Memory& memory, const JunctionView& view, const Moment& moment,
             const SignalParameters& parameters, FieldWrite write, const Actor& actor,
             bool confirmed, JunctionOutput& out);

}  // namespace dispecer::signals
