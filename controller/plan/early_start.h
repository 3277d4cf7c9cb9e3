// Early start (leading pedestrian or cycle interval): a crossing has green for some seconds before
// the turning traffic that gives way to it. No field protocol of ours carries a delay of one group
// inside a stage; the centre can do it only where the controller has a stage that leads: the same
// greens without those who give way.
#pragma once

#include <optional>
#include <vector>

#include "controller/plan/junction_signals.h"

namespace dispecer {

// Index of the stage to run before `stage` so that `groups` (indices, all of them green in it) have
// green first: all of them are green in it, nothing is that is not green in `stage`, nobody who
// gives way in `stage` is, and the change from it to `stage` is allowed. Of several the one with
// most greens, so that as little as possible waits; then the lowest. Absent = there is none.
std::optional<std::uint32_t> lead_stage(const JunctionSignals& signals, std::uint32_t stage,
                                        const std::vector<std::uint32_t>& groups);

// A stage in which these groups have green together with traffic that gives way to somebody.
bool needs_lead(const Stage& stage, const std::vector<std::uint32_t>& groups);

// Groups of `crossings` that the city gives an early start, with its seconds: the longest of each
// group. Crossings of other junctions are left out.
struct EarlyGroup {
  std::uint32_t group = 0;
  double seconds = 0;
};
std::vector<EarlyGroup> early_groups(const JunctionSignals& signals,
                                     const std::vector<const Crossing*>& crossings);

// Numbers of the stages in which one of them would have to start early and cannot.
std::vector<std::uint32_t> stages_without_lead(const JunctionSignals& signals,
                                               const std::vector<EarlyGroup>& early);

// Those of `early` that are green in the stage.
std::vector<std::uint32_t> early_in(const Stage& stage, const std::vector<EarlyGroup>& early);

}  // namespace dispecer
