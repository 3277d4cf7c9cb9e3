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
  double left = 0;  // s until it should have green, less the margin; negative = late
  double firm = 0;  // the same until its maximum red ends, whatever else was promised
};

// Keeps up GroupMemory::nobody, from second to second: what bounds how long somebody has waited
// where the picture does not tell it.
void note_waits(const Site& site, const JunctionView& view, UtcTime now, Memory& memory);

// Seconds for which the first at the group's red has waited: as seen, or as long as somebody can
// have been there. Negative = nobody waits. Only for groups with red.
double waited(const Site& site, const JunctionView& view, const Memory& memory, std::uint32_t group,
              UtcTime now);

// Groups with red that want green, by urgency: by demand, by a call, because nobody sees them, or
// because a stage of theirs may not be left out. A maximum red counts as the guard counts it: from
// when the first came who waits; where that is not seen, from when the first can have come.
std::vector<Need> needs(const Site& site, const JunctionView& view, const Memory& memory,
                        UtcTime now, const SignalParameters& parameters);

// The same with nothing but maximum reds.
std::vector<Need> firm(std::vector<Need> needs);

// Seconds from now until a stage begun now, out of `from`, could be left again.
double until_left(const Site& site, std::uint32_t from, std::uint32_t stage,
                  const SignalParameters& parameters);

struct Schedule {
  bool keeps = true;            // every need gets green in time
  std::uint32_t stage = kNone;  // that the most urgent need calls for; kNone = no need
  std::uint32_t group = 0;      // the one that fails, else the most urgent
  double left = 0;              // s, of that group
};

// The needs served one after the other, beginning `start` seconds from now out of stage `from`,
// which itself serves what it can.
Schedule schedule(const Site& site, const std::vector<Need>& needs, std::uint32_t from,
                  double start);

}  // namespace dispecer::signals
