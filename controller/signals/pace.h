// Where more waits on conflicting approaches than one cycle can let go, stages keep the order and
// about the lengths of the local plan: a free choice would then change too often, and each change
// costs seconds of which there are none to spare.
#pragma once

#include "controller/signals/memory.h"
#include "controller/signals/view.h"

namespace dispecer::signals {

// Do queues that no single stage can serve fill their approaches? The least share of an approach
// that counts as filled is `parameters.full_approach`.
bool overfull(const Site& site, const JunctionView& view, const SignalParameters& parameters);

// Moves the memory's judgement on by `seconds`: saturated after `saturated_after_s` of overfull
// approaches, no longer so after `unsaturated_after_s` without.
void judge_saturation(Memory& memory, bool overfull, double seconds,
                      const SignalParameters& parameters);

// What the order of the plan leaves to choose. `next` is the next stage of the ring that somebody
// wants and that leads into no full link, kNone = none.
struct Pace {
  std::uint32_t next = kNone;
  double least = 0;  // s that the running stage still runs while it has a queue
  double most = 0;   // s until it must end for `next`
};

// `blocked` by stage; `ran` = s that the running stage has run.
Pace pace(const Site& site, const JunctionView& view, const Memory& memory,
          const std::vector<char>& blocked, double ran, const SignalParameters& parameters);

}  // namespace dispecer::signals
