// What the controller decided, for the console, the journals and the reports.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fusion/model/actor.h"
#include "fusion/model/reason.h"
#include "fusion/model/signal_state.h"

namespace dispecer {

enum class SignalAction : std::uint8_t {
  unknown = 0,
  hold = 1,
  extend = 2,
  change = 3,
  hand_back = 4,
  none = 5
};

constexpr auto names(Tag<SignalAction>) {
  using E = SignalAction;
  return std::array{Name<E>{E::unknown, "unknown"},     Name<E>{E::hold, "hold"},
                    Name<E>{E::extend, "extend"},       Name<E>{E::change, "change"},
                    Name<E>{E::hand_back, "hand_back"}, Name<E>{E::none, "none"}};
}

struct SignalDecision {
  JunctionId junction;
  UtcTime t;
  SignalAction action = SignalAction::unknown;
  std::uint32_t stage = 0;       // wanted, by number
  std::uint32_t from_stage = 0;  // observed, 0 = between stages or not known
  Reason reason;
  ProposalId proposal;  // empty = nothing sent
  bool operator==(const SignalDecision&) const = default;
};

enum class RequestState : std::uint8_t {
  unknown = 0,
  received = 1,
  queued = 2,
  granted = 3,
  served = 4,
  refused = 5,
  timed_out = 6,
  cancelled = 7
};

constexpr auto names(Tag<RequestState>) {
  using E = RequestState;
  return std::array{Name<E>{E::unknown, "unknown"},     Name<E>{E::received, "received"},
                    Name<E>{E::queued, "queued"},       Name<E>{E::granted, "granted"},
                    Name<E>{E::served, "served"},       Name<E>{E::refused, "refused"},
                    Name<E>{E::timed_out, "timed_out"}, Name<E>{E::cancelled, "cancelled"}};
}

enum class RequestKind : std::uint8_t {
  unknown = 0,
  bus = 1,
  emergency = 2,
  pedestrian = 3,
  cycle = 4
};

constexpr auto names(Tag<RequestKind>) {
  using E = RequestKind;
  return std::array{Name<E>{E::unknown, "unknown"}, Name<E>{E::bus, "bus"},
                    Name<E>{E::emergency, "emergency"}, Name<E>{E::pedestrian, "pedestrian"},
                    Name<E>{E::cycle, "cycle"}};
}

struct PriorityRequest {
  RequestId id;
  RequestKind kind = RequestKind::unknown;
  VehicleId vehicle;
  LineId line;
  JunctionId junction;
  MovementId movement;
  SignalGroupId group;
  RequestState state = RequestState::unknown;
  UtcTime received;
  UtcTime changed;                  // when `state` began
  UtcTime fix;                      // moment of the position it rests on
  double weight = 0;                // in ordinary vehicles
  std::optional<Seconds> lateness;  // positive = late
  std::optional<Seconds> eta;       // to the stop line
  Seconds given;                    // green added or red cut, s
  Reason reason;
  // The red that its group would have had without it, as the decision that it changed expected;
  // absent = it changed none.
  std::optional<UtcTime> spared_from = {};
  std::optional<UtcTime> spared_until = {};
  std::optional<Seconds> saved = {};  // of a served one: from its passing to the end of that red
  bool operator==(const PriorityRequest&) const = default;
};

enum class AccessOutcome : std::uint8_t {
  unknown = 0,
  allowed = 1,
  not_allowed = 2,
  cannot_decide = 3
};

constexpr auto names(Tag<AccessOutcome>) {
  using E = AccessOutcome;
  return std::array{Name<E>{E::unknown, "unknown"}, Name<E>{E::allowed, "allowed"},
                    Name<E>{E::not_allowed, "not_allowed"},
                    Name<E>{E::cannot_decide, "cannot_decide"}};
}

// One passage at a gate, judged. Holds no plate.
struct AccessDecision {
  ReadId read;
  GateId gate;
  ZoneId zone;
  std::string zone_version;
  UtcTime t;
  AccessOutcome outcome = AccessOutcome::unknown;
  std::string legal_decision;  // number of the decision it rests on
  std::string exemption;       // kind of right that was used, "" = none
  Seconds register_age;
  Reason reason;
  bool operator==(const AccessDecision&) const = default;
};

constexpr auto fields(Tag<SignalDecision>) {
  using P = SignalDecision;
  return std::tuple{field(1, "junction", &P::junction),
                    field(2, "t", &P::t),
                    field(3, "action", &P::action),
                    field(4, "stage", &P::stage, "", {0, 255}),
                    field(5, "from_stage", &P::from_stage, "", {0, 255}),
                    field(6, "reason", &P::reason),
                    field(7, "proposal", &P::proposal)};
}
constexpr auto fields(Tag<PriorityRequest>) {
  using P = PriorityRequest;
  return std::tuple{field(1, "id", &P::id),
                    field(2, "kind", &P::kind),
                    field(3, "vehicle", &P::vehicle),
                    field(4, "line", &P::line),
                    field(5, "junction", &P::junction),
                    field(6, "movement", &P::movement),
                    field(7, "group", &P::group),
                    field(8, "state", &P::state),
                    field(9, "received", &P::received),
                    field(10, "changed", &P::changed),
                    field(11, "fix", &P::fix),
                    field(12, "weight", &P::weight, "veh", {0, 1000}),
                    field(13, "lateness", &P::lateness, "s"),
                    field(14, "eta", &P::eta, "s", {0, 1e6}),
                    field(15, "given", &P::given, "s"),
                    field(16, "reason", &P::reason),
                    field(17, "spared_from", &P::spared_from, "", {}, 3),
                    field(18, "spared_until", &P::spared_until, "", {}, 3),
                    field(19, "saved", &P::saved, "s", {0, 3600}, 3)};
}
constexpr auto fields(Tag<AccessDecision>) {
  using P = AccessDecision;
  return std::tuple{field(1, "read", &P::read),
                    field(2, "gate", &P::gate),
                    field(3, "zone", &P::zone),
                    field(4, "zone_version", &P::zone_version),
                    field(5, "t", &P::t),
                    field(6, "outcome", &P::outcome),
                    field(7, "legal_decision", &P::legal_decision),
                    field(8, "exemption", &P::exemption),
                    field(9, "register_age", &P::register_age, "s", {0, 1e9}),
                    field(10, "reason", &P::reason)};
}

}  // namespace dispecer
