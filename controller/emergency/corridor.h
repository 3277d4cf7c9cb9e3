// Emergency corridors: greens in time along the way of a vehicle on an errand. A value and pure
// functions, like every core.
//
//   open()    a person, a dispatch interface or a station's button asks (or heard(): the vehicle)
//   heard()   a position: where on its way it is, whether it has passed a stop line or left the way
//   claims()  what a junction is asked for in this second; signals::clear_way answers it
//   decided() what the junction made of it
//   step()    ends what is over, and tells every change of state
//
// Life of a corridor at one junction, told as a PriorityRequest of kind `emergency`:
//
//   queued   "ahead" (not due yet), "due" (waits for a change), "outranked" (another goes first),
//   "stalled"
//            (it does not move, so others are served)
//   granted  its green runs or was ordered
//   refused  the junction cannot be commanded: the rule says why
//   served   "passed"; once the corridor is over "corridor_over", with the queues left behind
//   timed_out "no_position"; cancelled "left_route", "ended", "end_time", "no_way"
//
// Rules of precedence between corridors stand in docs/EMERGENCY.md.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "controller/emergency/roads.h"
#include "controller/plan/proposal.h"
#include "controller/signals/claim.h"
#include "fusion/model/decision.h"
#include "fusion/model/intent.h"
#include "fusion/model/picture.h"

namespace dispecer::emergency {

// One stop line on the way.
struct Leg {
  std::size_t at = 0;  // road of the route that ends there
  double before = 0;   // m from the route's start
  PriorityRequest request;
  std::uint32_t own_route = 0;  // of the controller, 0 = it has none for this movement
  bool own_route_set = false;
};

struct Corridor {
  OpenCorridor asked_for;
  Actor actor;
  UtcTime asked;
  bool own_word = false;                // opened by the vehicle itself
  std::uint32_t destination = kNoRoad;  // kNoRoad = straight on
  std::vector<std::uint32_t> route;     // roads
  std::vector<double> starts;           // of each, m from the route's start
  double done = 0;                      // m of the route
  std::optional<UtcTime> fix;           // of the newest position
  double stood_at = 0;                  // m of the route, where it was
  std::optional<UtcTime> stood_since;   // when it came there
  std::uint32_t replans = 0;
  std::vector<Leg> ahead;  // in order of travel
  std::vector<PriorityRequest> passed;
};

struct State {
  Parameters parameters;
  std::shared_ptr<const Roads> roads;
  EmergencyRegister reg;
  std::map<RequestId, Corridor> corridors;
  std::vector<PriorityRequest> changes;           // to be told by the next step()
  std::vector<Proposal> orders;                   // routes of controllers, to be sent by it
  std::map<std::string, std::uint64_t> counters;  // "emergency.<cause>"
  std::int64_t order_second = 0;
  std::uint32_t order_counter = 0;
};

State make_state(const Network& network, EmergencyRegister reg, const Parameters& parameters = {});

// May `actor` ask for it? Ok, or "right" with the words. A station's route is filled in.
Result<> authorise(const State& state, const Actor& actor, OpenCorridor& request);

// Causes: "right", "known" (a corridor of that name is open), "until", "no_vehicle" (neither a
// vehicle nor a place to set out from), "unknown_link", "no_way", "no_signals".
Result<> open(State& state, OpenCorridor request, const Actor& actor, UtcTime now);
// Causes: "right", "unknown_corridor".
Result<> end(State& state, const RequestId& corridor, const Actor& actor, UtcTime now);

// A position of any vehicle; those that no corridor is for and that are on no errand are left out.
void heard(State& state, const VehiclePosition& position, UtcTime now);

struct StepOut {
  std::vector<PriorityRequest> requests;
  std::vector<Proposal> orders;
};
// `picture` may be missing; then queues left behind are not told.
StepOut step(State& state, const CityPicture* picture, UtcTime now, std::uint32_t epoch);

// Of every corridor that comes to the junction within `ahead_s`; `movement` is not filled in.
struct Ask {
  bool stalled = false;  // it does not move on: others are served until it does
  MovementId movement;
  signals::Claim claim;
};
std::vector<Ask> asks(const State& state, const JunctionId& junction, UtcTime now);

// What a junction decided. `green`: does its target stage serve the movement's group?
struct Verdict {
  std::string rule;
  bool sent = false;
  std::string against;  // why nothing may be sent, "" = nothing
};
void decided(State& state, const JunctionId& junction, const Verdict& verdict,
             const std::vector<SignalGroupId>& green, UtcTime now);

// What must survive a restart. A corridor that a vehicle opened itself opens again by its position.
struct KeptCorridor {
  OpenCorridor request;
  Actor actor;
  UtcTime asked;
  bool operator==(const KeptCorridor&) const = default;
};
std::vector<KeptCorridor> kept(const State& state);
void restore(State& state, const std::vector<KeptCorridor>& kept);

constexpr auto fields(Tag<KeptCorridor>) {
  using P = KeptCorridor;
  return std::tuple{field(1, "request", &P::request), field(2, "actor", &P::actor),
                    field(3, "asked", &P::asked)};
}

}  // namespace dispecer::emergency
