// People on foot: is the longest wait that the city promises at a crossing kept? Watched live at
// every crossing with signals, by what the picture tells of it.
//
// At a crossing with a button a wait lasts from the call to green; at one without, where nobody is
// seen to come, a whole red counts, as if somebody had come when it began. Each wait is a
// PriorityRequest of kind `pedestrian`:
//
//   queued "walk_called" (buttons only), queued "walk_promise_broken" at the moment at which it
//   breaks, served "walk_promise_kept" or "walk_promise_broken", cancelled "no_signal" where lamps
//   went out
//
// with `crossing`, `promise_s`, `wait_s`, and of this crossing since the start `waits`, `kept_pct`
// and `longest_wait_s`.
#pragma once

#include <map>
#include <vector>

#include "controller/plan/junction_signals.h"
#include "controller/signals/parameters.h"
#include "fusion/model/decision.h"
#include "fusion/model/picture.h"

namespace dispecer::walk {

struct Row {
  CrossingId crossing;
  JunctionId junction;
  SignalGroupId group;
  std::uint32_t group_index = 0;  // in JunctionSignals::groups
  bool push_button = false;
  double promise = 0;  // s

  bool waits = false;
  bool broken = false;  // this wait
  UtcTime since;
  RequestId request;
  std::uint64_t served = 0;
  std::uint64_t kept = 0;
  double longest = 0;  // s
};

struct State {
  std::vector<Row> rows;  // in the order of the network
};

// Crossings without signals are left out.
State make_state(const Network& network, const std::map<JunctionId, JunctionSignals>& signals,
                 const signals::SignalParameters& parameters);

// One picture. Returns what changed.
std::vector<PriorityRequest> apply(State& state, const CityPicture& picture);

// Of a new epoch nothing is known.
void forget(State& state);

}  // namespace dispecer::walk
