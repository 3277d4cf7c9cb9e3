// What the centre would like to write to the field. Only proposals travel on the bus; what may
// really be written is an ApprovedCommand, which the guard alone can make.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "fusion/model/actor.h"
#include "fusion/model/reason.h"
#include "fusion/model/signal_state.h"

namespace dispecer {

// Run stage `stage`, refreshed each second (stage lever).
struct StageOrder {
  static constexpr std::string_view kName = "stage";
  std::uint32_t stage = 0;
  bool operator==(const StageOrder&) const = default;
};
// Clear every stage demand that we set: the junction goes back to its local plan. Never refused for
// state.
struct ReleaseOrder {
  static constexpr std::string_view kName = "release";
  bool operator==(const ReleaseOrder&) const = default;
};
struct PlanOrder {
  static constexpr std::string_view kName = "plan";
  std::uint32_t plan = 0;  // 0 = the controller's own choice again
  bool operator==(const PlanOrder&) const = default;
};
struct CycleOrder {
  static constexpr std::string_view kName = "cycle";
  std::uint32_t plan = 0;
  Seconds cycle;
  bool operator==(const CycleOrder&) const = default;
};
struct OffsetOrder {
  static constexpr std::string_view kName = "offset";
  std::uint32_t plan = 0;
  Seconds offset;
  bool operator==(const OffsetOrder&) const = default;
};
struct Band {
  std::uint32_t number = 0;
  Seconds length;
  bool operator==(const Band&) const = default;
};
// Lengths of a plan's dynamic bands; the controller drops them `timeout_min` minutes after it lost
// us.
struct BandsOrder {
  static constexpr std::string_view kName = "bands";
  std::uint32_t plan = 0;
  std::vector<Band> bands;
  std::uint32_t timeout_min = 0;
  bool operator==(const BandsOrder&) const = default;
};
struct ModeOrder {
  static constexpr std::string_view kName = "mode";
  ControlMode mode = ControlMode::unknown;
  std::uint32_t timeout_min = 0;
  bool operator==(const ModeOrder&) const = default;
};
struct InputOrder {
  static constexpr std::string_view kName = "input";
  std::uint32_t input = 0;
  bool set = false;
  bool operator==(const InputOrder&) const = default;
};
struct OutputOrder {
  static constexpr std::string_view kName = "output";
  std::uint32_t output = 0;
  bool set = false;
  bool operator==(const OutputOrder&) const = default;
};
struct DetectorOrder {
  static constexpr std::string_view kName = "detector";
  DetectorId detector;
  bool force = false;
  bool value = false;
  bool operator==(const DetectorOrder&) const = default;
};
struct TablesOrder {
  static constexpr std::string_view kName = "tables";
  std::string week;  // as RSMP M0016, "" = not written
  std::string day;   // as RSMP M0017, "" = not written
  bool operator==(const TablesOrder&) const = default;
};
struct ClockOrder {
  static constexpr std::string_view kName = "clock";
  UtcTime time;
  bool operator==(const ClockOrder&) const = default;
};
struct SecurityCodeOrder {
  static constexpr std::string_view kName = "security_code";
  std::uint32_t level = 0;
  std::string secret;  // name of the new secret, never the secret
  bool operator==(const SecurityCodeOrder&) const = default;
};
struct EmergencyRouteOrder {
  static constexpr std::string_view kName = "emergency_route";
  std::uint32_t route = 0;
  bool active = false;
  bool operator==(const EmergencyRouteOrder&) const = default;
};
struct PriorityOrder {
  static constexpr std::string_view kName = "priority";
  RequestId request;
  SignalGroupId group;
  std::uint32_t level = 0;  // 14 = highest
  std::optional<Seconds> eta;
  bool cancel = false;
  bool operator==(const PriorityOrder&) const = default;
};
struct RestartOrder {
  static constexpr std::string_view kName = "restart";
  bool operator==(const RestartOrder&) const = default;
};
struct SignOrder {
  static constexpr std::string_view kName = "sign";
  SignId sign;
  std::string message;  // key from the zone's list of messages, "" = dark
  bool operator==(const SignOrder&) const = default;
};

using FieldWrite =
    std::variant<StageOrder, ReleaseOrder, PlanOrder, CycleOrder, OffsetOrder, BandsOrder,
                 ModeOrder, InputOrder, OutputOrder, DetectorOrder, TablesOrder, ClockOrder,
                 SecurityCodeOrder, EmergencyRouteOrder, PriorityOrder, RestartOrder, SignOrder>;

struct Proposal {
  ProposalId id;
  JunctionId junction;  // empty for signs
  FieldWrite write;
  UtcTime decided;
  UtcTime based_on;  // observation of the junction that the decision rests on
  UtcTime expires;
  std::uint32_t epoch = 0;
  Actor actor;
  bool operator_confirmed = false;  // what a supervised junction needs
  std::optional<UtcTime>
      cause_received;  // wall-clock receipt of the bus position that caused it, for latency figures
  Reason reason;
  bool operator==(const Proposal&) const = default;
};

// An order is done only when the observed field state proves it.
enum class OrderState : std::uint8_t {
  unknown = 0,
  requested = 1,
  refused = 2,
  sent = 3,
  accepted = 4,
  confirmed = 5,
  deviated = 6,
  expired = 7
};

constexpr auto names(Tag<OrderState>) {
  using E = OrderState;
  return std::array{Name<E>{E::unknown, "unknown"},   Name<E>{E::requested, "requested"},
                    Name<E>{E::refused, "refused"},   Name<E>{E::sent, "sent"},
                    Name<E>{E::accepted, "accepted"}, Name<E>{E::confirmed, "confirmed"},
                    Name<E>{E::deviated, "deviated"}, Name<E>{E::expired, "expired"}};
}

struct OrderReport {
  ProposalId proposal;
  JunctionId junction;
  UtcTime t;
  OrderState state = OrderState::unknown;
  std::string rule;  // of the guard that refused, or cause of a deviation
  std::string text;
  bool operator==(const OrderReport&) const = default;
};

constexpr auto fields(Tag<StageOrder>) {
  using P = StageOrder;
  return std::tuple{field(1, "stage", &P::stage, "", {1, 255})};
}
constexpr auto fields(Tag<ReleaseOrder>) {
  return std::tuple{};
}
constexpr auto fields(Tag<PlanOrder>) {
  using P = PlanOrder;
  return std::tuple{field(1, "plan", &P::plan, "", {0, 255})};
}
constexpr auto fields(Tag<CycleOrder>) {
  using P = CycleOrder;
  return std::tuple{field(1, "plan", &P::plan, "", {0, 255}),
                    field(2, "cycle", &P::cycle, "s", {1, 255})};
}
constexpr auto fields(Tag<OffsetOrder>) {
  using P = OffsetOrder;
  return std::tuple{field(1, "plan", &P::plan, "", {0, 255}),
                    field(2, "offset", &P::offset, "s", {0, 255})};
}
constexpr auto fields(Tag<Band>) {
  using P = Band;
  return std::tuple{field(1, "number", &P::number, "", {1, 10}),
                    field(2, "length", &P::length, "s", {0, 255})};
}
constexpr auto fields(Tag<BandsOrder>) {
  using P = BandsOrder;
  return std::tuple{field(1, "plan", &P::plan, "", {0, 255}), field(2, "bands", &P::bands),
                    field(3, "timeout_min", &P::timeout_min, "min", {0, 65535})};
}
constexpr auto fields(Tag<ModeOrder>) {
  using P = ModeOrder;
  return std::tuple{field(1, "mode", &P::mode),
                    field(2, "timeout_min", &P::timeout_min, "min", {0, 1440})};
}
constexpr auto fields(Tag<InputOrder>) {
  using P = InputOrder;
  return std::tuple{field(1, "input", &P::input, "", {1, 255}), field(2, "set", &P::set)};
}
constexpr auto fields(Tag<OutputOrder>) {
  using P = OutputOrder;
  return std::tuple{field(1, "output", &P::output, "", {1, 255}), field(2, "set", &P::set)};
}
constexpr auto fields(Tag<DetectorOrder>) {
  using P = DetectorOrder;
  return std::tuple{field(1, "detector", &P::detector), field(2, "force", &P::force),
                    field(3, "value", &P::value)};
}
constexpr auto fields(Tag<TablesOrder>) {
  using P = TablesOrder;
  return std::tuple{field(1, "week", &P::week), field(2, "day", &P::day)};
}
constexpr auto fields(Tag<ClockOrder>) {
  using P = ClockOrder;
  return std::tuple{field(1, "time", &P::time)};
}
constexpr auto fields(Tag<SecurityCodeOrder>) {
  using P = SecurityCodeOrder;
  return std::tuple{field(1, "level", &P::level, "", {1, 2}), field(2, "secret", &P::secret)};
}
constexpr auto fields(Tag<EmergencyRouteOrder>) {
  using P = EmergencyRouteOrder;
  return std::tuple{field(1, "route", &P::route, "", {1, 255}), field(2, "active", &P::active)};
}
constexpr auto fields(Tag<PriorityOrder>) {
  using P = PriorityOrder;
  return std::tuple{field(1, "request", &P::request), field(2, "group", &P::group),
                    field(3, "level", &P::level, "", {0, 14}),
                    field(4, "eta", &P::eta, "s", {0, 255}), field(5, "cancel", &P::cancel)};
}
constexpr auto fields(Tag<RestartOrder>) {
  return std::tuple{};
}
constexpr auto fields(Tag<SignOrder>) {
  using P = SignOrder;
  return std::tuple{field(1, "sign", &P::sign), field(2, "message", &P::message)};
}
constexpr auto fields(Tag<Proposal>) {
  using P = Proposal;
  return std::tuple{field(1, "id", &P::id),
                    field(2, "junction", &P::junction),
                    field(3, "write", &P::write),
                    field(4, "decided", &P::decided),
                    field(5, "based_on", &P::based_on),
                    field(6, "expires", &P::expires),
                    field(7, "epoch", &P::epoch),
                    field(8, "actor", &P::actor),
                    field(9, "operator_confirmed", &P::operator_confirmed),
                    field(10, "cause_received", &P::cause_received),
                    field(11, "reason", &P::reason)};
}
constexpr auto fields(Tag<OrderReport>) {
  using P = OrderReport;
  return std::tuple{field(1, "proposal", &P::proposal),
                    field(2, "junction", &P::junction),
                    field(3, "t", &P::t),
                    field(4, "state", &P::state),
                    field(5, "rule", &P::rule),
                    field(6, "text", &P::text)};
}

}  // namespace dispecer
