// Requests for priority of buses: who may ask, how much it weighs, and what became of it.
//
// A request begins with the first position that has a signal ahead and lives until the bus has
// passed the stop line: one per vehicle and junction.
//
//   received -> queued    it may ask; it waits for its moment, or for a stop ahead of the signal
//   received -> refused   early, layover, no trip, stale position, ...: the rule says which
//   refused  -> queued    the cause is gone (a bus that was early has become late)
//   queued   -> granted   the decision serves its group in its window
//   queued, granted -> refused    a cause came up on the way (a grant outlives a position that
//   ages) granted  -> queued    a stop turned up before the signal after all queued, granted ->
//   served     the bus has passed the stop line queued, granted -> timed_out  no position any more,
//   or a grant long unused queued, granted -> cancelled  trip ended, layover or off its route
//
// served, timed_out and cancelled are final; the last two are remembered until the bus has moved
// on, so that it does not ask again at the same signal.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "controller/priority/parameters.h"
#include "fusion/model/decision.h"
#include "fusion/model/picture.h"

namespace dispecer::priority {

// Where a movement asks.
struct Place {
  JunctionId junction;
  SignalGroupId group;
  std::uint32_t index = 0;  // of the group in JunctionSignals::groups
};

struct Entry {
  PriorityRequest request;
  bool weighs = false;  // it is time, and nothing stands against it
  UtcTime at;           // moment from which the seconds below count: the fix
  double low = 0;       // s to the stop line
  double eta = 0;
  double high = 0;
  double to_stop_line = 0;  // m
};

struct HeadwayMean {
  double mean = 0;  // s
  unsigned samples = 0;
};

struct State {
  PriorityParameters parameters;
  std::map<MovementId, Place> places;
  std::map<VehicleId, Entry> entries;
  std::map<JunctionId, std::vector<VehicleId>> at_junction;  // ascending
  std::map<LineId, HeadwayMean> headways;
};

State make_state(std::map<MovementId, Place> places, const PriorityParameters& parameters = {});

// Takes in one position; its seconds to the stop line count from its fix. Returns the requests that
// changed, each new state once.
std::vector<PriorityRequest> apply(State& state, const BusState& bus, UtcTime now);
// Ends what has waited too long.
std::vector<PriorityRequest> step(State& state, UtcTime now);

// A request that weighs now; seconds count from `now`.
struct Ask {
  VehicleId vehicle;
  std::uint32_t group = 0;
  double low = 0;
  double eta = 0;
  double high = 0;
  double to_stop_line = 0;
  double weight = 0;
};
std::vector<Ask> asks(const State& state, const JunctionId& junction, UtcTime now);

// What the decision at a junction means for the requests there.
struct Verdict {
  std::vector<bool> green;  // by group: does the chosen stage serve it?
  double begins = 0;        // s until its green begins
  double ends = 0;          // s until its green is expected to end
  double given = 0;         // s added or cut for the requests that it serves, 0 = none
  std::string rule;         // of the decision
  bool sent = false;        // the street was told
};
std::vector<PriorityRequest> decided(State& state, const JunctionId& junction,
                                     const Verdict& verdict, UtcTime now);

// Weight in ordinary vehicles: people x (1 + lateness share) x headway factor.
double weight(const State& state, const BusState& bus);
// Why the bus may not ask now, "" = it may. `granted`: a grant survives a position that grows old.
std::string objection(const PriorityParameters& parameters, const BusState& bus, UtcTime now,
                      bool granted);

}  // namespace dispecer::priority
