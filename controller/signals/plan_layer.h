// The plan layer: which stored plan and which offset each junction should run, by the flows of the
// last minutes. Junctions near each other that can be commanded by plan or bands form an area with
// a common cycle; an area is looked at every five minutes, one area in a second, and its offsets
// are moved by coordinate descent over platoons, a few nodes in a second.
//
// It never changes for little: another cycle or plan must save a share of what is predicted to
// wait, a shorter cycle must leave the critical junction something to spare, and the plan that the
// controller runs by itself counts like any other. What a change brought is measured; where more
// waits than the plans before would have left, they come back and stay for half an hour.
#pragma once

#include <map>
#include <vector>

#include "controller/signals/library.h"
#include "controller/signals/memory.h"
#include "controller/signals/platoon.h"
#include "controller/signals/view.h"
#include "controller/signals/wave.h"

namespace dispecer::signals {

// One junction as the layer sees it. Pointers live as long as the call.
struct PlanSubject {
  const Site* site = nullptr;
  Memory* memory = nullptr;
  const JunctionView* view = nullptr;
};

struct PlanArea {
  std::vector<std::uint32_t> members;  // indices into the subjects
  std::optional<UtcTime> planned;
  std::size_t sweep = 0;             // next node whose offset is looked at
  PlatoonNet net;                    // empty = no common cycle
  std::vector<std::uint32_t> nodes;  // members by node of `net`

  // The plans before the last change, by member, and how many waited then for each that the model
  // said would: what the change is held against at the next look.
  std::vector<std::uint32_t> before;
  double waited = 0;
  std::optional<UtcTime> locked;  // nothing is changed before
};

struct PlanLayer {
  std::map<LinkId, double> travel;  // s, of links between two junctions of one area
  std::vector<PlanArea> areas;
  std::vector<Wave> waves;  // at cycling speed, that offsets weigh too
  std::size_t next = 0;
  PlanLibrary library;
  std::optional<DayPart> part;  // that runs
};

// `subjects` stand in the same order in every call.
PlanLayer make_plan_layer(const Network& network, const std::vector<PlanSubject>& subjects,
                          const SignalParameters& parameters);

// One second: flows are averaged, one area is planned, the library is kept. Fills what
// `memory.plans` of each subject wants.
void step_plan_layer(PlanLayer& layer, const std::vector<PlanSubject>& subjects, UtcTime now,
                     const DayPart& part, const SignalParameters& parameters);

}  // namespace dispecer::signals
