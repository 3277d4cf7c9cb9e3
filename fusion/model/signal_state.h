// What is observed of a signal controller, and who commands it by what means.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fusion/model/fields.h"

namespace dispecer {

enum class Aspect : std::uint8_t {
  unknown = 0,
  dark = 1,
  red = 2,
  red_amber = 3,
  green = 4,
  amber = 5,
  green_flash = 6,
  amber_flash = 7,
  red_flash = 8
};

constexpr auto names(Tag<Aspect>) {
  using E = Aspect;
  return std::array{Name<E>{E::unknown, "unknown"},
                    Name<E>{E::dark, "dark"},
                    Name<E>{E::red, "red"},
                    Name<E>{E::red_amber, "red_amber"},
                    Name<E>{E::green, "green"},
                    Name<E>{E::amber, "amber"},
                    Name<E>{E::green_flash, "green_flash"},
                    Name<E>{E::amber_flash, "amber_flash"},
                    Name<E>{E::red_flash, "red_flash"}};
}
// May traffic of the group move? Flashing green still counts as green.
constexpr bool is_green(Aspect a) {
  return a == Aspect::green || a == Aspect::green_flash;
}

// "yellow flash", "dark" and "no communication" are never merged; the last is CommLink.
enum class ControlMode : std::uint8_t {
  unknown = 0,
  startup = 1,
  control = 2,
  standby = 3,
  failure = 4,
  test = 5,
  yellow_flash = 6,
  dark = 7,
  all_red = 8
};

constexpr auto names(Tag<ControlMode>) {
  using E = ControlMode;
  return std::array{Name<E>{E::unknown, "unknown"},
                    Name<E>{E::startup, "startup"},
                    Name<E>{E::control, "control"},
                    Name<E>{E::standby, "standby"},
                    Name<E>{E::failure, "failure"},
                    Name<E>{E::test, "test"},
                    Name<E>{E::yellow_flash, "yellow_flash"},
                    Name<E>{E::dark, "dark"},
                    Name<E>{E::all_red, "all_red"}};
}

enum class CommLink : std::uint8_t {
  unknown = 0,
  connected = 1,
  connecting = 2,
  no_communication = 3
};

constexpr auto names(Tag<CommLink>) {
  using E = CommLink;
  return std::array{Name<E>{E::unknown, "unknown"}, Name<E>{E::connected, "connected"},
                    Name<E>{E::connecting, "connecting"},
                    Name<E>{E::no_communication, "no_communication"}};
}

// Who commands the junction; derived from observed state. `local_plan` = the controller itself,
// free for us to take where the junction is live.
enum class Holder : std::uint8_t {
  unknown = 0,
  local_plan = 1,
  centre = 2,
  op = 3,
  panel = 4,
  police_key = 5,
  maintenance = 6,
  other_supervisor = 7
};

constexpr auto names(Tag<Holder>) {
  using E = Holder;
  return std::array{Name<E>{E::unknown, "unknown"},
                    Name<E>{E::local_plan, "local_plan"},
                    Name<E>{E::centre, "centre"},
                    Name<E>{E::op, "operator"},
                    Name<E>{E::panel, "panel"},
                    Name<E>{E::police_key, "police_key"},
                    Name<E>{E::maintenance, "maintenance"},
                    Name<E>{E::other_supervisor, "other_supervisor"}};
}

// By what means a junction can be commanded; each includes those before it.
enum class Lever : std::uint8_t { none = 0, observe = 1, plan = 2, bands = 3, stage = 4 };

constexpr auto names(Tag<Lever>) {
  using E = Lever;
  return std::array{Name<E>{E::none, "none"}, Name<E>{E::observe, "observe"},
                    Name<E>{E::plan, "plan"}, Name<E>{E::bands, "bands"},
                    Name<E>{E::stage, "stage"}};
}

// A junction moves forward by signature, and back in one action. `shadow` decides but never sends;
// `supervised` sends what an operator confirmed; `live` sends.
enum class Commissioning : std::uint8_t {
  unknown = 0,
  imported = 1,
  checked = 2,
  bench = 3,
  shadow = 4,
  supervised = 5,
  live = 6
};

constexpr auto names(Tag<Commissioning>) {
  using E = Commissioning;
  return std::array{Name<E>{E::unknown, "unknown"}, Name<E>{E::imported, "imported"},
                    Name<E>{E::checked, "checked"}, Name<E>{E::bench, "bench"},
                    Name<E>{E::shadow, "shadow"},   Name<E>{E::supervised, "supervised"},
                    Name<E>{E::live, "live"}};
}

// The life of a request for priority that the controller itself serves, in its own words. Source:
// S0033 of the signal exchange list for traffic light controllers (from 1.1).
enum class FieldRequestState : std::uint8_t {
  unknown = 0,
  received = 1,
  queued = 2,
  activated = 3,
  completed = 4,
  timeout = 5,
  rejected = 6,
  cooldown = 7,
  stale = 8
};

constexpr auto names(Tag<FieldRequestState>) {
  using E = FieldRequestState;
  return std::array{Name<E>{E::unknown, "unknown"},     Name<E>{E::received, "received"},
                    Name<E>{E::queued, "queued"},       Name<E>{E::activated, "activated"},
                    Name<E>{E::completed, "completed"}, Name<E>{E::timeout, "timeout"},
                    Name<E>{E::rejected, "rejected"},   Name<E>{E::cooldown, "cooldown"},
                    Name<E>{E::stale, "stale"}};
}
constexpr bool is_end(FieldRequestState s) {
  return s != FieldRequestState::unknown && s != FieldRequestState::received &&
         s != FieldRequestState::queued && s != FieldRequestState::activated;
}

struct FieldRequest {
  RequestId id;
  FieldRequestState state = FieldRequestState::unknown;
  UtcTime changed;    // when `state` began, by the controller's clock
  Seconds extension;  // green added, of a completed one
  Seconds reduction;  // red cut, of a completed one
  bool operator==(const FieldRequest&) const = default;
};

constexpr auto fields(Tag<FieldRequest>) {
  using P = FieldRequest;
  return std::tuple{field(1, "id", &P::id), field(2, "state", &P::state),
                    field(3, "changed", &P::changed),
                    field(4, "extension", &P::extension, "s", {0, 255}),
                    field(5, "reduction", &P::reduction, "s", {0, 255})};
}

// The state of one intersection as its controller reported it. Times are domain times at the
// controller's report; age is reckoned by the reader.
struct SignalObservation {
  JunctionId junction;
  UtcTime t;
  CommLink link = CommLink::unknown;
  ControlMode mode = ControlMode::unknown;
  Holder holder = Holder::unknown;
  std::vector<Aspect> groups;          // in the order of JunctionSignals::groups; empty = not known
  std::optional<std::uint32_t> stage;  // number of the stage that runs; absent between stages
  std::optional<std::uint32_t> plan;
  std::optional<std::uint32_t> cycle_second;  // within the running plan, s
  std::vector<std::uint32_t> forced_inputs;   // inputs that read as set by a supervisor
  std::string parameter_checksum;             // empty = not read
  std::optional<Seconds> clock_error;         // controller clock minus ours, s
  bool takes_requests = false;                // it tells of requests for priority that it serves
  // Those, by id; an ended one is told for a while longer than the controller lists it.
  std::vector<FieldRequest> requests = {};

  bool operator==(const SignalObservation&) const = default;
};

constexpr auto fields(Tag<SignalObservation>) {
  using P = SignalObservation;
  return std::tuple{field(1, "junction", &P::junction),
                    field(2, "t", &P::t),
                    field(3, "link", &P::link),
                    field(4, "mode", &P::mode),
                    field(5, "holder", &P::holder),
                    field(6, "groups", &P::groups),
                    field(7, "stage", &P::stage, "", {0, 255}),
                    field(8, "plan", &P::plan, "", {0, 255}),
                    field(9, "cycle_second", &P::cycle_second, "s", {0, 999}),
                    field(10, "forced_inputs", &P::forced_inputs, "", {0, 255}),
                    field(11, "parameter_checksum", &P::parameter_checksum),
                    field(12, "clock_error", &P::clock_error, "s"),
                    field(13, "takes_requests", &P::takes_requests, "", {}, 3),
                    field(14, "requests", &P::requests, "", {}, 3)};
}

}  // namespace dispecer
