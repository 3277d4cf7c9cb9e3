// Every kind of write to the field, each a plain value. Numbers of fields and the order of the
// variant's alternatives stand on the wire and are never reused.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

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
// A dynamic band of a plan, in the signal list's meaning (M0014, S0023): band n extends the n-th
// stage of the plan's ring by so much beyond its planned green. The stages after it start so much
// later; the last one is shortened and has no band of its own. 0 = as planned.
struct Band {
  std::uint32_t number = 0;
  Seconds extension;
  bool operator==(const Band&) const = default;
};
// All dynamic bands of a plan; the controller drops them `timeout_min` minutes after it lost us.
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
  bool set = false;    // force it; false = let it go
  bool value = false;  // what it is forced to
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
// By what a priority request names the movement that it is for.
enum class PriorityReference : std::uint8_t {
  group = 0,
  input = 1,
  connection = 2,
  approach = 3,
  lane = 4,
  priority = 5
};

constexpr auto names(Tag<PriorityReference>) {
  using E = PriorityReference;
  return std::array{Name<E>{E::group, "group"},
                    Name<E>{E::input, "input"},
                    Name<E>{E::connection, "connection"},
                    Name<E>{E::approach, "approach"},
                    Name<E>{E::lane, "lane"},
                    Name<E>{E::priority, "priority"}};
}

enum class PriorityVehicle : std::uint8_t {
  unknown = 0,
  pedestrian = 1,
  bicycle = 2,
  motorcycle = 3,
  car = 4,
  bus = 5,
  light_truck = 6,
  heavy_truck = 7,
  tram = 8,
  emergency = 9,
  safety_car = 10,
  special_transport = 11,
  other = 12
};

constexpr auto names(Tag<PriorityVehicle>) {
  using E = PriorityVehicle;
  return std::array{Name<E>{E::unknown, "unknown"},
                    Name<E>{E::pedestrian, "pedestrian"},
                    Name<E>{E::bicycle, "bicycle"},
                    Name<E>{E::motorcycle, "motorcycle"},
                    Name<E>{E::car, "car"},
                    Name<E>{E::bus, "bus"},
                    Name<E>{E::light_truck, "light_truck"},
                    Name<E>{E::heavy_truck, "heavy_truck"},
                    Name<E>{E::tram, "tram"},
                    Name<E>{E::emergency, "emergency"},
                    Name<E>{E::safety_car, "safety_car"},
                    Name<E>{E::special_transport, "special_transport"},
                    Name<E>{E::other, "other"}};
}

// A new request names one reference; an update or a cancellation is known by its request alone.
struct PriorityOrder {
  static constexpr std::string_view kName = "priority";
  RequestId request;
  SignalGroupId group;      // where the reference is a group
  std::uint32_t level = 0;  // 14 = highest
  std::optional<Seconds> eta;
  bool cancel = false;
  bool update = false;
  PriorityReference reference = PriorityReference::group;
  std::uint32_t number = 0;  // of any other reference; for a lane the one that leads in
  std::optional<std::uint32_t> lane_out = {};          // only with a lane
  PriorityVehicle vehicle = PriorityVehicle::unknown;  // unknown = not told
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

// One of the controller's area situations, which choose plans for many junctions at once.
struct SituationOrder {
  static constexpr std::string_view kName = "situation";
  std::uint32_t situation = 0;  // a legal one also when it is given back
  bool active = false;
  bool operator==(const SituationOrder&) const = default;
};
struct FixedTimeOrder {
  static constexpr std::string_view kName = "fixed_time";
  bool active = false;
  bool operator==(const FixedTimeOrder&) const = default;
};
// Holds an input at a value, whatever its wire says.
struct ForceInputOrder {
  static constexpr std::string_view kName = "force_input";
  std::uint32_t input = 0;
  bool force = false;
  bool value = false;
  bool operator==(const ForceInputOrder&) const = default;
};
struct LoopLevel {
  std::uint32_t loop = 0;
  std::uint32_t level = 0;
  bool operator==(const LoopLevel&) const = default;
};
// How sensitive loop detectors are.
struct SensitivityOrder {
  static constexpr std::string_view kName = "sensitivity";
  std::vector<LoopLevel> loops;
  bool operator==(const SensitivityOrder&) const = default;
};
enum class AlarmAction : std::uint8_t { unknown = 0, acknowledge = 1, suspend = 2, resume = 3 };

constexpr auto names(Tag<AlarmAction>) {
  using E = AlarmAction;
  return std::array{Name<E>{E::unknown, "unknown"}, Name<E>{E::acknowledge, "acknowledge"},
                    Name<E>{E::suspend, "suspend"}, Name<E>{E::resume, "resume"}};
}

// Something done about an alarm of the controller.
struct AlarmOrder {
  static constexpr std::string_view kName = "alarm";
  AlarmAction action = AlarmAction::unknown;
  std::string code;     // "A0302"
  std::string subject;  // id of the detector, group or junction that it is about
  bool operator==(const AlarmOrder&) const = default;
};

using FieldWrite =
    std::variant<StageOrder, ReleaseOrder, PlanOrder, CycleOrder, OffsetOrder, BandsOrder,
                 ModeOrder, InputOrder, OutputOrder, DetectorOrder, TablesOrder, ClockOrder,
                 SecurityCodeOrder, EmergencyRouteOrder, PriorityOrder, RestartOrder, SignOrder,
                 SituationOrder, FixedTimeOrder, ForceInputOrder, SensitivityOrder, AlarmOrder>;

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
                    field(2, "extension", &P::extension, "s", {0, 99})};
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
  return std::tuple{field(1, "output", &P::output, "", {1, 255}), field(2, "set", &P::set),
                    field(3, "value", &P::value)};
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
  return std::tuple{field(1, "request", &P::request),
                    field(2, "group", &P::group),
                    field(3, "level", &P::level, "", {0, 14}),
                    field(4, "eta", &P::eta, "s", {0, 255}),
                    field(5, "cancel", &P::cancel),
                    field(6, "update", &P::update),
                    field(7, "reference", &P::reference),
                    field(8, "number", &P::number, "", {0, 255}),
                    field(9, "lane_out", &P::lane_out, "", {0, 255}),
                    field(10, "vehicle", &P::vehicle)};
}
constexpr auto fields(Tag<RestartOrder>) {
  return std::tuple{};
}
constexpr auto fields(Tag<SignOrder>) {
  using P = SignOrder;
  return std::tuple{field(1, "sign", &P::sign), field(2, "message", &P::message)};
}
constexpr auto fields(Tag<SituationOrder>) {
  using P = SituationOrder;
  return std::tuple{field(1, "situation", &P::situation, "", {1, 255}),
                    field(2, "active", &P::active)};
}
constexpr auto fields(Tag<FixedTimeOrder>) {
  using P = FixedTimeOrder;
  return std::tuple{field(1, "active", &P::active)};
}
constexpr auto fields(Tag<ForceInputOrder>) {
  using P = ForceInputOrder;
  return std::tuple{field(1, "input", &P::input, "", {1, 255}), field(2, "force", &P::force),
                    field(3, "value", &P::value)};
}
constexpr auto fields(Tag<LoopLevel>) {
  using P = LoopLevel;
  return std::tuple{field(1, "loop", &P::loop, "", {1, 255}),
                    field(2, "level", &P::level, "", {0, 255})};
}
constexpr auto fields(Tag<SensitivityOrder>) {
  using P = SensitivityOrder;
  return std::tuple{field(1, "loops", &P::loops)};
}
constexpr auto fields(Tag<AlarmOrder>) {
  using P = AlarmOrder;
  return std::tuple{field(1, "action", &P::action), field(2, "code", &P::code),
                    field(3, "subject", &P::subject)};
}

}  // namespace dispecer
