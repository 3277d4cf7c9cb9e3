// What is known of a signalised junction: groups, stages, allowed transitions, intergreens, plans;
// each safety value with where it comes from. This is what the guard believes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fusion/model/network.h"
#include "fusion/model/result.h"
#include "fusion/model/signal_state.h"

namespace dispecer {

enum class Origin : std::uint8_t {
  unknown = 0,
  derived = 1,
  entered = 2,
  read_from_controller = 3
};

constexpr auto names(Tag<Origin>) {
  using E = Origin;
  return std::array{Name<E>{E::unknown, "unknown"}, Name<E>{E::derived, "derived"},
                    Name<E>{E::entered, "entered"},
                    Name<E>{E::read_from_controller, "read_from_controller"}};
}

// Who vouches for a safety value. `signer` empty = unsigned: at a real junction nothing is then
// approved.
struct Signature {
  Origin origin = Origin::unknown;
  std::string document;
  std::string signer;
  std::string date;  // YYYY-MM-DD
  bool operator==(const Signature&) const = default;
};

// A safety value and the index of its Signature in JunctionSignals::signatures.
struct SafetyTime {
  Seconds time;
  std::uint32_t signature = 0;
  bool operator==(const SafetyTime&) const = default;
};

enum class GroupKind : std::uint8_t {
  unknown = 0,
  vehicle = 1,
  bus = 2,
  pedestrian = 3,
  cycle = 4,
  tram = 5
};

constexpr auto names(Tag<GroupKind>) {
  using E = GroupKind;
  return std::array{Name<E>{E::unknown, "unknown"}, Name<E>{E::vehicle, "vehicle"},
                    Name<E>{E::bus, "bus"},         Name<E>{E::pedestrian, "pedestrian"},
                    Name<E>{E::cycle, "cycle"},     Name<E>{E::tram, "tram"}};
}

// Lamps that always show the same aspect.
struct SignalGroup {
  SignalGroupId id;
  GroupKind kind = GroupKind::unknown;
  SafetyTime min_green;  // for pedestrians the walk
  SafetyTime
      amber;  // for pedestrians the clearance (flashing green or red before conflicting green)
  SafetyTime red_amber;  // 0 = none
  SafetyTime max_red;    // with demand, 0 = no promise
  bool operator==(const SignalGroup&) const = default;
};

// From the end of green of `losing` to the start of green of `gaining`. Groups that are not listed
// as a pair do not conflict.
struct Intergreen {
  std::uint32_t losing = 0;  // index into JunctionSignals::groups
  std::uint32_t gaining = 0;
  SafetyTime time;
  bool operator==(const Intergreen&) const = default;
};

// Groups that have green together. `yielding` groups have green but give way to others of the
// stage.
struct Stage {
  std::uint32_t number = 0;  // 1-based, as the controller counts
  std::string name;
  std::vector<std::uint32_t> green;           // indices into JunctionSignals::groups, ascending
  std::vector<std::uint32_t> yielding;        // subset of `green`
  bool skippable = false;                     // may be left out of the ring when nobody asks for it
  std::optional<std::uint32_t> demand_input;  // controller input that asks for it (stage lever)
  bool operator==(const Stage&) const = default;
};

struct Transition {
  std::uint32_t from = 0;  // stage numbers
  std::uint32_t to = 0;
  bool operator==(const Transition&) const = default;
};

// One stage of a plan's ring: green of the stage begins at `start` of the cycle.
struct PlanStage {
  std::uint32_t stage = 0;
  Seconds start;
  Seconds min_green;  // of the stage inside this plan
  Seconds max_green;
  bool operator==(const PlanStage&) const = default;
};

struct SignalPlan {
  std::uint32_t number = 0;
  std::string name;
  Seconds cycle;
  Seconds offset;  // of second 0 of the cycle to the UTC cycle reference (UNIX time mod cycle = 0)
  std::vector<PlanStage> ring;
  bool operator==(const SignalPlan&) const = default;
};

struct JunctionSignals {
  JunctionId junction;
  ControllerId controller;
  std::uint32_t intersection = 1;  // inside the controller
  std::vector<Signature> signatures;
  std::vector<SignalGroup> groups;  // in the controller's order
  std::vector<Intergreen> intergreens;
  std::vector<Stage> stages;
  std::vector<Transition> transitions;                   // allowed ones; staying is always allowed
  std::vector<std::vector<std::uint32_t>> bound_groups;  // each set changes together
  std::vector<SignalPlan> plans;
  std::uint32_t local_plan = 1;  // what the controller runs by itself
  Lever lever = Lever::none;
  std::optional<Seconds>
      release_time;  // the controller lets go of an unrefreshed input after this, proved
  Commissioning commissioning = Commissioning::unknown;
  bool real = false;               // a device in a street, not a virtual one
  std::string parameter_checksum;  // as signed, "" = not known
  Provenance provenance = Provenance::unknown;
  // Its controller serves requests for priority itself, and they are sent on to it. Without the
  // stage lever that is so wherever the controller tells of such requests.
  bool serves_priority = false;

  bool operator==(const JunctionSignals&) const = default;
};

// Dense view for the guard and the cores, made once. conflict = an entry stands for the pair.
class IntergreenMatrix {
 public:
  explicit IntergreenMatrix(const JunctionSignals& signals);
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool conflict(std::size_t a, std::size_t b) const {
    return at(a, b).has_value() || at(b, a).has_value();
  }
  // Seconds from end of green of `losing` to start of green of `gaining`; absent = no conflict.
  [[nodiscard]] std::optional<double> at(std::size_t losing, std::size_t gaining) const {
    const double v = values_[losing * size_ + gaining];
    return v < 0 ? std::nullopt : std::optional<double>(v);
  }
  // Seconds from the last green of `from` to the first green of `to`, over all pairs; 0 where none
  // conflict.
  [[nodiscard]] double between(const Stage& from, const Stage& to) const;

 private:
  std::size_t size_;
  std::vector<double> values_;
};

const Stage* find_stage(const JunctionSignals& signals, std::uint32_t number);
const SignalPlan* find_plan(const JunctionSignals& signals, std::uint32_t number);
bool transition_allowed(const JunctionSignals& signals, std::uint32_t from, std::uint32_t to);

// Is the whole description consistent, and does each plan keep every intergreen, minimum green and
// allowed transition? Ok, or the first rule broken with group, stage or plan named in `where`.
// Causes: no_groups, index_range, bad_time, matrix_one_sided, stage_conflict, stage_number,
// stage_empty, transition_unknown, group_never_green, yielding_not_green, signature_range,
// plan_number, plan_cycle, plan_order, plan_stage, plan_transition, plan_intergreen,
// plan_min_green, lever_needs_input, lever_needs_release, bound_group.
Result<> validate(const JunctionSignals& signals);
Result<> validate(const JunctionSignals& signals, const SignalPlan& plan);

// Seconds of the cycle, half open; `end` may pass the cycle time.
struct Interval1 {
  double begin = 0;
  double end = 0;
};
// Greens of each group that the ring implies: groups of a stage begin at its start; those that the
// next stage does not have end at the next start less the longest intergreen between the two. The
// ring's stages must exist.
std::vector<std::vector<Interval1>> plan_greens(const JunctionSignals& signals,
                                                const SignalPlan& plan);

constexpr auto fields(Tag<Signature>) {
  using P = Signature;
  return std::tuple{field(1, "origin", &P::origin), field(2, "document", &P::document),
                    field(3, "signer", &P::signer), field(4, "date", &P::date)};
}
constexpr auto fields(Tag<SafetyTime>) {
  using P = SafetyTime;
  return std::tuple{field(1, "time", &P::time, "s", {0, 600}),
                    field(2, "signature", &P::signature)};
}
constexpr auto fields(Tag<SignalGroup>) {
  using P = SignalGroup;
  return std::tuple{field(1, "id", &P::id),
                    field(2, "kind", &P::kind),
                    field(3, "min_green", &P::min_green),
                    field(4, "amber", &P::amber),
                    field(5, "red_amber", &P::red_amber),
                    field(6, "max_red", &P::max_red)};
}
constexpr auto fields(Tag<Intergreen>) {
  using P = Intergreen;
  return std::tuple{field(1, "losing", &P::losing), field(2, "gaining", &P::gaining),
                    field(3, "time", &P::time)};
}
constexpr auto fields(Tag<Stage>) {
  using P = Stage;
  return std::tuple{field(1, "number", &P::number, "", {1, 255}),
                    field(2, "name", &P::name),
                    field(3, "green", &P::green),
                    field(4, "yielding", &P::yielding),
                    field(5, "skippable", &P::skippable),
                    field(6, "demand_input", &P::demand_input, "", {1, 255})};
}
constexpr auto fields(Tag<Transition>) {
  using P = Transition;
  return std::tuple{field(1, "from", &P::from, "", {1, 255}), field(2, "to", &P::to, "", {1, 255})};
}
constexpr auto fields(Tag<PlanStage>) {
  using P = PlanStage;
  return std::tuple{field(1, "stage", &P::stage, "", {1, 255}),
                    field(2, "start", &P::start, "s", {0, 600}),
                    field(3, "min_green", &P::min_green, "s", {0, 600}),
                    field(4, "max_green", &P::max_green, "s", {0, 600})};
}
constexpr auto fields(Tag<SignalPlan>) {
  using P = SignalPlan;
  return std::tuple{field(1, "number", &P::number, "", {1, 255}), field(2, "name", &P::name),
                    field(3, "cycle", &P::cycle, "s", {1, 600}),
                    field(4, "offset", &P::offset, "s", {0, 600}), field(5, "ring", &P::ring)};
}
constexpr auto fields(Tag<JunctionSignals>) {
  using P = JunctionSignals;
  return std::tuple{field(1, "junction", &P::junction),
                    field(2, "controller", &P::controller),
                    field(3, "intersection", &P::intersection, "", {1, 255}),
                    field(4, "signatures", &P::signatures),
                    field(5, "groups", &P::groups),
                    field(6, "intergreens", &P::intergreens),
                    field(7, "stages", &P::stages),
                    field(8, "transitions", &P::transitions),
                    field(9, "bound_groups", &P::bound_groups),
                    field(10, "plans", &P::plans),
                    field(11, "local_plan", &P::local_plan, "", {1, 255}),
                    field(12, "lever", &P::lever),
                    field(13, "release_time", &P::release_time, "s", {0, 600}),
                    field(14, "commissioning", &P::commissioning),
                    field(15, "real", &P::real),
                    field(16, "parameter_checksum", &P::parameter_checksum),
                    field(17, "provenance", &P::provenance),
                    field(18, "serves_priority", &P::serves_priority, "", {}, 3)};
}

}  // namespace dispecer
