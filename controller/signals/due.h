// The maximum red, and at crossings the promised wait, kept by looking ahead: groups that want
// green are put in order of their last moment, with the ways between the stages that serve them,
// and a stage may go on only while that order still works out.
#pragma once

#include <vector>

#include "controller/signals/memory.h"
#include "controller/signals/view.h"

namespace dispecer::signals {

struct Need {
  std::uint32_t group = 0;
  double left = 0;     // s until it must have green, less the margin; negative = late
  double waited = 0;   // s, by the first who waits there
  bool called = true;  // false = nobody waits there yet; who comes may be due at once
};

// Groups with red. Called are those that want green: by demand, by a call, because nobody sees
// them, or because a stage of theirs may not be left out. By urgency; of several that are late,
// whose red was long over when somebody came does not come before who has waited longer.
std::vector<Need> needs(const Site& site, const JunctionView& view, const Memory& memory,
                        UtcTime now, const SignalParameters& parameters);

struct Schedule {
  bool keeps = true;            // every need gets green in time
  std::uint32_t stage = kNone;  // that the most urgent need calls for; kNone = no need
  std::uint32_t group = 0;      // the one that fails, else the most urgent
  double left = 0;              // s, of that group
};

// The needs that are called served one after the other, beginning `start` seconds from now out of
// stage `from`, which itself serves what it can. Each keeps time for the longest detour to one that
// is not called and would have to come before it.
Schedule schedule(const Site& site, const std::vector<Need>& needs, std::uint32_t from,
                  double start);

}  // namespace dispecer::signals
