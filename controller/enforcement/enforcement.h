// Cases: from reads to reviewed leads, parking and access alike. Pure.
//
//   candidate -> to_review | held;   held -> to_review | lapsed
//   to_review -> approved | rejected | lapsed;   approved -> sent | lapsed
//   sent -> acknowledged -> closed   (a receipt may also find `approved`: see Outputs::leads)
//
// PERSONAL. A plate stands in memory only, and on disk only inside a case. No plate is in an id, a
// counter or a reason. A read that speaks for nothing is forgotten at once, and the counters always
// balance: reads = non_hits_deleted + reads_in_cases + holds_expired + waiting.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "controller/access/access.h"
#include "controller/access/regulations.h"
#include "controller/enforcement/keys.h"
#include "fusion/model/case.h"
#include "fusion/model/decision.h"
#include "fusion/model/health.h"
#include "fusion/model/intent.h"
#include "fusion/model/plate.h"

namespace dispecer::enforcement {

using access::Regulations;
using access::Verdict;

struct Parameters {
  Ratio min_confidence{0.95};       // of each read
  Ratio two_reviewers_below{0.99};  // confidence of the weaker read
  double position_sds = 3;          // two reads of one place
  Metres max_distance{15};
  Metres max_position_sd{15};     // above this a position says nothing
  double edge_sds = 2;            // from a border to another tariff
  Seconds min_grace{300};         // between two reads, also where an area names less
  Seconds register_max_age{300};  // of an answer that is believed when it says "no right"
  Seconds clock_max_error{1};
  Seconds late_max{60};  // after this a read can no longer be compared with what was seen since
  Seconds waiting_max{7200};  // of a first read for its second
  Seconds hold_max{900};      // for the registers to come back
  Seconds late_payment{900};  // after the last read, before a parking case may be issued
  Seconds question_retry{10};
  Seconds review_max{86400};
  Seconds issue_max{3600};          // from when it may be issued, for the registers to answer
  Seconds lead_repeat{60};          // a lead that nobody acknowledged is handed out again
  bool receiver_simulated = false;  // cases on an invented decision may go nowhere else
  std::string city_hash;
  std::string build;
};

// A first read that waits for its second. PERSONAL, in memory only.
struct Waiting {
  ScanRead read;
  bool judged = false;  // the registers said in time that there was no right
  UtcTime asked;        // last question, 0 = none
};

struct CaseRecord {
  Case subject;
  ZoneId zone;                 // whose rule it is
  std::int64_t day = 0;        // local, days since 1970: one case per vehicle, cause and day
  std::uint32_t unjudged = 0;  // bit i: evidence i still lacks the registers' answer
  UtcTime issue_from;          // not sent before
  UtcTime asked;               // last question at issue, 0 = none
  bool cleared_for_issue = false;
  bool operator==(const CaseRecord&) const = default;
};
constexpr auto fields(Tag<CaseRecord>) {
  using P = CaseRecord;
  return std::tuple{
      field(1, "subject", &P::subject),   field(2, "day", &P::day),
      field(3, "unjudged", &P::unjudged), field(4, "issue_from", &P::issue_from),
      field(5, "asked", &P::asked),       field(6, "cleared_for_issue", &P::cleared_for_issue),
      field(7, "zone", &P::zone)};
}

struct OpenQuestion {
  enum class About : std::uint8_t { waiting, evidence, issue };
  About about = About::waiting;
  std::string plate;  // of the waiting read
  ReadId read;
  CaseId subject;
  std::size_t evidence = 0;
};

struct State {
  std::map<std::string, Waiting> waiting;  // by plate
  std::map<CaseId, CaseRecord> cases;
  std::map<std::string, OpenQuestion> questions;  // by RightsQuestion::id
  std::map<std::string, std::uint64_t> counters;  // "enforcement.<cause>"
  bool changed = false;                           // since the caller last kept a snapshot
};

// What survives a restart. Reads that waited do not: they count as deleted.
struct Snapshot {
  std::vector<CaseRecord> cases;
  std::vector<Counter> counters;
  bool operator==(const Snapshot&) const = default;
};
constexpr auto fields(Tag<Snapshot>) {
  using P = Snapshot;
  return std::tuple{field(1, "cases", &P::cases), field(2, "counters", &P::counters)};
}
Snapshot snapshot(const State& state);
State restore(const Snapshot& snapshot);

// --- inputs -------------------------------------------------------------------------------------

// A read of a parked vehicle. A case needs two, and all of: apart by the area's grace; confidence;
// the country's grammar, and the same plate; same place; seen nowhere else in between; a legal
// basis in force and its hours; no right for the plate or a confusable neighbour at either read;
// registers fresh; clock right; none yet today.
void apply(State& state, const Regulations& rules, const Parameters& parameters,
           const ScanRead& read, UtcTime now);
// A passage with its access decision; not_allowed opens a case.
void apply(State& state, const Regulations& rules, const Parameters& parameters,
           const PlateRead& read, const AccessDecision& decision, UtcTime now);
// Answer to one of Outputs::questions.
void apply(State& state, const Regulations& rules, const Parameters& parameters,
           const std::string& question, const RightsAnswer& answer, UtcTime now);
// A person's word. Outcome done, accepted ("needs_second_person") or refused: role, unknown_case,
// wrong_state, same_person.
Verdict apply(State& state, const ReviewCase& review, const Actor& actor, UtcTime now);
void apply(State& state, const LeadReceipt& receipt, UtcTime now);

// --- outputs ------------------------------------------------------------------------------------

struct Outputs {
  // To be published durably BEFORE the snapshot is kept: after a crash in between the same lead,
  // with the same id, comes again; as it does where no receipt comes within `lead_repeat`.
  std::vector<Lead> leads;
  std::vector<RightsQuestion> questions;
  std::vector<AlarmEvent> alarms;  // kind "demonstration_lead_refused", subject = case
};
// Once a second: asks, issues, lets lapse, forgets.
Outputs step(State& state, const Regulations& rules, const Parameters& parameters, UtcTime now);

// Oldest first.
std::vector<Case> cases_to_review(const State& state);
std::vector<Case> all_cases(const State& state);

// The counters with "enforcement.waiting" and, always 0 in a sound state, "enforcement.unbalanced".
std::map<std::string, std::uint64_t> counters(const State& state);

}  // namespace dispecer::enforcement
