// The guard: the last word before a wire. Small, pure, linked into every field adapter. It judges a
// proposal against what the junction's signed file allows and what that adapter itself has
// observed, and alone makes an ApprovedCommand.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "controller/plan/approved_command.h"
#include "controller/plan/junction_signals.h"
#include "fusion/model/world.h"

namespace dispecer::guard {

inline constexpr double kMaxObservationAge = 5.0;  // s
inline constexpr double kMaxStageOrderLife =
    10.0;                                          // s between decided and expires of a stage order
inline constexpr double kMaxFutureDecision = 2.0;  // s that a decision may lie ahead of our clock
inline constexpr std::size_t kMaxPlanChanges = 3;  // in kPlanChangeWindow
inline constexpr double kPlanChangeWindow = 300.0;  // s
inline constexpr double kMaxOverride = 86400.0;     // s until the end of an override
inline constexpr double kMaxClockStep = 1.0;        // s between an ordered clock and ours
inline constexpr double kMaxBand = 99.0;            // s of a dynamic band: two digits in S0023

struct GroupRecord {
  Aspect aspect = Aspect::unknown;
  UtcTime since;        // of green, or of what is not green
  bool demand = false;  // somebody waits
  UtcTime asked;        // since when, where there is demand
  bool operator==(const GroupRecord&) const = default;
};

// What an adapter has seen of one junction. Made by `watch`, kept up by `observe`.
struct FieldState {
  SignalObservation observed;
  UtcTime received;                   // domain time at which the newest observation came in
  std::vector<GroupRecord> groups;    // as JunctionSignals::groups
  std::uint32_t stage = 0;            // that runs, 0 = between stages or not known
  std::uint32_t last_stage = 0;       // that ran last
  std::uint32_t ordered_stage = 0;    // last approved order, 0 = none since connect or release
  bool inputs_clean = false;          // what was still set at connect was read and cleared
  std::vector<UtcTime> plan_changes;  // approved ones, oldest first
  std::string fault;                  // why the junction's file is not to be believed, "" = it is
  bool operator==(const FieldState&) const = default;
};

// The moment, the epoch and the world in which the proposal is judged.
struct Situation {
  UtcTime now;
  std::uint32_t epoch = 0;
  WorldKind world = WorldKind::street;
};

// What a variable sign may show.
struct SignRule {
  SignId sign;
  std::set<std::string> messages;  // "" (dark) included where it is allowed
};

FieldState watch(const JunctionSignals& signals);
void observe(FieldState& state, const SignalObservation& observation, UtcTime received);
// Demand per group as the adapter sees it now (detectors, push buttons); wrong length is ignored.
void set_demand(FieldState& state, const std::vector<bool>& demand, UtcTime now);
// To be called with what was really sent, so that the next proposal is judged against it.
void note_sent(FieldState& state, const ApprovedCommand& command, UtcTime now);
void note_disconnect(FieldState& state);

class Guard {
 public:
  // The error's cause is the rule that refused (docs/GUARD.md lists them all); `what` says what was
  // found and expected, `where` names junction, stage or group.
  static Result<ApprovedCommand> check(const Proposal& proposal, const JunctionSignals& signals,
                                       const FieldState& state, const Situation& situation);
  static Result<ApprovedCommand> check_sign(const Proposal& proposal, const SignRule& rule,
                                            const Situation& situation);
};

}  // namespace dispecer::guard
