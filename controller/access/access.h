// Vehicle access to zones: what each passage at a gate means, and what the signs must show. Pure.
// The answer is allowed, not allowed or cannot decide; the last costs the driver nothing. No plate
// leaves this core: neither in a decision nor in its reason.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "controller/access/regulations.h"
#include "controller/plan/proposal.h"
#include "fusion/model/decision.h"
#include "fusion/model/health.h"
#include "fusion/model/intent.h"
#include "fusion/model/observation.h"
#include "fusion/model/plate.h"

namespace dispecer::access {

// Keys of the messages on the face of a gate's variable sign.
inline constexpr std::string_view kSignRestricted = "restricted";
inline constexpr std::string_view kSignOpen = "open";

struct Parameters {
  Seconds register_max_age{300};
  Seconds clock_max_error{1};
  Ratio min_confidence{0.95};
  Seconds sign_max_age{15};    // of the report that a passage rests on; so long a wrong sign waits
                               // before anybody is called, as no report need be newer
  Seconds sign_refresh{30};    // a right sign is told again
  Seconds sign_retry{5};       // a wrong or silent one
  Seconds sign_order_life{3};  // of a proposal
  Seconds activation_max{86400};  // by hand
  Seconds second_person_within{600};
};

struct PendingActivation {
  Actor first;
  UtcTime asked;
  UtcTime until;
};

struct State {
  std::map<SignId, std::deque<SignReport>> signs;  // newest last, bounded
  std::vector<Activation> by_hand;
  std::map<ZoneId, PendingActivation> pending;
  std::map<SignId, std::pair<std::string, UtcTime>> told;  // last message proposed, and when
  std::map<SignId, UtcTime> wrong_since;                   // not seen to show its demand since then
  std::map<SignId, bool> sign_alarm;
  std::map<std::string, std::uint64_t> counters;
};

// What survives a restart.
struct Snapshot {
  std::vector<Activation> by_hand;
  bool operator==(const Snapshot&) const = default;
};
constexpr auto fields(Tag<Snapshot>) {
  return std::tuple{field(1, "by_hand", &Snapshot::by_hand)};
}
Snapshot snapshot(const State& state);
State restore(const Snapshot& snapshot);

void apply(State& state, const SignReport& report);

// Judges one passage, in this order; the first that fits decides. Rules (Reason::rule):
//   unknown_gate, unknown_zone             cannot decide
//   zone_inactive                          allowed
//   no_legal_basis, legal_not_in_force     cannot decide
//   no_sign                                cannot decide (no driver could know: exits, say)
//   sign_unknown, sign_mismatch            cannot decide (this gate only)
//   clock_error                            cannot decide
//   grace                                  allowed
//   exemption (emergency, disabled, public transport), permit (as the zone says)   allowed;
//     a right counts however old the register is, also from the list kept for times without it
//   unreadable, foreign                    cannot decide
//   register_down, register_stale          cannot decide
//   confusable_right                       cannot decide
//   no_right                               not allowed
AccessDecision decide(const State& state, const Regulations& rules, const Parameters& parameters,
                      const PlateRead& read);
// As decide(), and counts the outcome under "access.<outcome>" and "access.rule.<rule>".
AccessDecision judge(State& state, const Regulations& rules, const Parameters& parameters,
                     const PlateRead& read);

// Does one of `kinds` let its holder into the zone at `t`? Emergency, disabled and public transport
// always do; others as the zone's own list says, its grace included.
bool entitles(const Zone& zone, const LocalTime& local, const std::vector<PermitKind>& kinds,
              UtcTime t);

// Answer to an intent. Outcome `accepted` with cause "needs_second_person" waits for another
// person; refusals name the rule: role, unknown_zone, until_range, no_legal_basis.
struct Verdict {
  IntentOutcome outcome = IntentOutcome::unknown;
  std::string cause;
  bool operator==(const Verdict&) const = default;
};
// Switching a zone on takes two different persons (operator or supervisor) within
// `second_person_within`, and ends at the earlier of the two ends they named; switching it off
// takes one.
Verdict apply(State& state, const Regulations& rules, const Parameters& parameters,
              const ActivateZone& wish, const Actor& actor, UtcTime t);

// What a gate's sign must show at `t`.
std::string_view sign_demand(const State& state, const Regulations& rules, const Gate& gate,
                             UtcTime t);

struct Outputs {
  std::vector<Proposal> proposals;  // SignOrder
  std::vector<AlarmEvent> alarms;   // kind "sign_mismatch", subject = gate
};
// Once a second: proposals for signs whose demand changed, that show something else, or that are
// due for a refresh; alarms when a gate stops and when it goes on again.
Outputs step(State& state, const Regulations& rules, const Parameters& parameters, UtcTime t,
             std::uint32_t epoch);

}  // namespace dispecer::access
