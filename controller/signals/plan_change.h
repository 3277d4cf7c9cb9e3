// When one signal plan may follow another without a stage left out or a red that lasts too long.
#pragma once

#include <vector>

#include "controller/signals/memory.h"
#include "controller/signals/ring.h"
#include "controller/signals/view.h"

namespace dispecer::signals {

// A plan that is to run next, as the controller would run it.
struct NextPlan {
  const Ring& ring;
  double offset = 0;       // s
  std::vector<int> bands;  // as in Ring::green
};

// Is the next plan in the green of the stage that runs now, and long enough for the least green of
// that stage to be over before the plan ends it? Then none is left out.
bool meets_stage(const Site& site, const Memory& memory, const NextPlan& next, UtcTime now,
                 const SignalParameters& parameters);

// Would everybody who waits get green within the maximum red of their group if the next plan began
// now? A stage that the plan would have begun already, and that cannot be reached early enough for
// its least green, is taken to come a cycle later.
bool keeps_reds(const Site& site, const Memory& memory, const JunctionView& view,
                const NextPlan& next, UtcTime now, const SignalParameters& parameters);

}  // namespace dispecer::signals
