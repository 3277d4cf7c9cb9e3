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
// served, timed_out and cancelled are final; they are remembered until the bus has moved on, so
// that it does not ask again at the same signal.
//
// A request may come from a position or from a point (points.cc); a vehicle on both channels is one
// request. Where the signal controller serves priority itself, requests are handed over to it
// (hand_over.cc) and its word moves them on.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <vector>

#include "controller/plan/field_write.h"
#include "controller/priority/parameters.h"
#include "fusion/model/decision.h"
#include "fusion/model/observation.h"
#include "fusion/model/picture.h"

namespace dispecer::priority {

// Where a movement asks.
struct Place {
  JunctionId junction;
  SignalGroupId group;
  std::uint32_t index = 0;  // of the group in JunctionSignals::groups
};

// What a signal controller that serves priority itself was told of a request.
struct Handed {
  RequestId id;
  UtcTime arrival;          // as told
  std::uint32_t level = 0;  // as told, 1..14
  UtcTime ordered;          // last word to it
  bool listed = false;      // it has told of it
};

// Taken back: followed until the controller tells its end.
struct Withdrawal {
  JunctionId junction;
  PriorityRequest request;  // as it ended here
  UtcTime since;
  std::optional<UtcTime> cancelled;  // told so last
};

struct Entry {
  PriorityRequest request;
  Place place;
  VehicleKind vehicle_kind = VehicleKind::unknown;
  bool weighs = false;    // it is time, and nothing stands against it
  bool stop = false;      // a stop lies ahead of the signal
  bool by_point = false;  // no position was heard of it
  std::optional<Handed> handed;
  unsigned tries = 0;             // to hand it over
  std::optional<UtcTime> barred;  // the controller said no: not again before this
  UtcTime at;                     // moment from which the seconds below count: the fix
  double low = 0;                 // s to the stop line
  double eta = 0;
  double high = 0;
  double to_stop_line = 0;        // m
  std::optional<bool> green;      // its group, as seen last
  double green_s = 0;             // for how long, since the fix
  double needs_s = 0;             // of that, until whoever stood before it is gone, and it too
  std::optional<double> through;  // s after the fix: who has come by then has passed
};

struct HeadwayMean {
  double mean = 0;  // s
  unsigned samples = 0;
};

struct State {
  PriorityParameters parameters;
  std::map<MovementId, Place> places;
  std::map<std::pair<JunctionId, SignalGroupId>, Place> of_group;
  std::map<RequestId, Withdrawal> withdrawn;
  std::uint64_t points_unknown = 0;  // points of no junction or group that asks
  std::uint64_t points_old = 0;
  std::map<VehicleId, Entry> entries;
  std::map<JunctionId, std::vector<VehicleId>> at_junction;  // ascending
  std::map<LineId, HeadwayMean> headways;
};

State make_state(std::map<MovementId, Place> places, const PriorityParameters& parameters = {});

// Takes in one position; its seconds to the stop line count from its fix. Returns the requests that
// changed, each new state once.
std::vector<PriorityRequest> apply(State& state, const BusState& bus, UtcTime now);
// Takes in a vehicle that announced itself at a point. Of a place that nobody asks at, or too old,
// it is counted and left out.
std::vector<PriorityRequest> apply(State& state, const PriorityPoint& point, UtcTime now);
// Ends what has waited too long.
std::vector<PriorityRequest> step(State& state, UtcTime now);

// A group as seen in one second.
struct GroupSeen {
  bool green = false;
  double queue_s = 0;  // green that who stands there takes to leave
};
// The groups of a junction as seen in this second: a bus whose group, since the moment at which it
// was expected, has had the green that those before it and itself take, has probably gone. The
// chance that it has not goes with that until it is heard of again.
void lamps(State& state, const JunctionId& junction, const std::vector<GroupSeen>& groups,
           UtcTime now);

// Chances of an arrival at the lower bound of its interval, its middle, and the upper bound, where
// nine of ten arrivals lie between the bounds: the extended Pearson-Tukey approximation (Keefer and
// Bodily, "Three-point approximations for continuous random variables", 1983).
inline constexpr std::array<double, 3> kChances{0.185, 0.63, 0.185};

// A request that weighs now; seconds count from `now`.
struct Ask {
  VehicleId vehicle;
  std::uint32_t group = 0;
  double low = 0;
  double eta = 0;
  double high = 0;
  double to_stop_line = 0;
  double weight = 0;
  MovementId movement;                      // empty = only the group is known
  std::array<double, 3> chance = kChances;  // that it comes at low, eta, high and is not through
};
std::vector<Ask> asks(const State& state, const JunctionId& junction, UtcTime now);

// What the decision at a junction means for the requests there.
struct Verdict {
  std::vector<bool> green;  // by group: does the chosen stage serve it?
  double begins = 0;        // s until its green begins
  double ends = 0;          // s until its green is expected to end
  double given = 0;         // s added or cut for the requests that it serves, 0 = none
  std::string rule = {};    // of the decision
  bool sent = false;        // the street was told
  // Where `given` is not 0: what would have been served without them, by group, and between which
  // seconds from now those served would have had red.
  std::vector<bool> otherwise = {};
  double spared_from = 0;
  double spared_until = 0;
};
std::vector<PriorityRequest> decided(State& state, const JunctionId& junction,
                                     const Verdict& verdict, UtcTime now);

// One second at a junction whose controller serves priority itself, or did until now. `told` = its
// observation, nullptr = nothing was heard; `against` = why nothing may be handed over to it, "" =
// it may. Moves requests on by what it told and puts what it is to be told into `orders`: new,
// updated, cancelled.
std::vector<PriorityRequest> hand_over(State& state, const JunctionId& junction,
                                       const SignalObservation* told, const std::string& against,
                                       UtcTime now, std::vector<PriorityOrder>& orders);
// Its order was refused on the way: by the guard or the adapter, by `rule`.
std::vector<PriorityRequest> refused(State& state, const PriorityOrder& order,
                                     const std::string& rule, UtcTime now);
// Everything that was handed over is taken back, for a clean stop: junction and order.
std::vector<std::pair<JunctionId, PriorityOrder>> take_back(State& state);

// Weight in ordinary vehicles: people x (1 + lateness share) x headway factor.
double weight(const State& state, const BusState& bus);
// Why the bus may not ask now, "" = it may. `granted`: a grant survives a position that grows old.
std::string objection(const PriorityParameters& parameters, const BusState& bus, UtcTime now,
                      bool granted);

}  // namespace dispecer::priority
