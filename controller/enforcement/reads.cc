// The two-read rule, and passages that were not allowed.
#include <algorithm>
#include <cmath>

#include "controller/enforcement/internal.h"
#include "controller/enforcement/place.h"

namespace dispecer::enforcement {
namespace {

std::string number(double v) {
  const auto tenths = std::llround(v * 10);
  return std::to_string(tenths / 10) + "." + std::to_string(std::llabs(tenths % 10));
}

void drop_waiting(State& state, const std::string& plate, std::string_view why) {
  if (state.waiting.erase(plate) > 0) forget(state, why);
}

// Why a read cannot be one of the two, "" = it can.
std::string_view unfit(const Regulations& rules, const Parameters& p, const ScanRead& read) {
  if (read.plate.empty() || !(read.confidence >= p.min_confidence)) return "unreadable";
  if (read.country != "RO" || !romanian_plate(read.plate)) return "foreign";
  const ParkingArea* area = find_parking(rules, read.parking);
  if (area == nullptr) return "no_street_face";
  if (!(read.position_sd.value > 0 && read.position_sd <= p.max_position_sd))
    return "poor_position";
  if (near_other_rule(rules, *area, read, p.edge_sds)) return "near_edge";
  const Zone* zone = parking_zone(rules, *area);
  if (zone == nullptr || access::legal_state(zone->legal, read.t) != access::LegalState::in_force)
    return "no_legal_basis";
  if (!access::within(zone->active, rules.local, read.t)) return "free_hours";
  return "";
}

void open_parking_case(State& state, const Regulations& rules, const Parameters& p,
                       const Waiting& first, const ScanRead& read, bool judged, UtcTime now) {
  const ParkingArea& area = *find_parking(rules, read.parking);
  const Zone& zone = *parking_zone(rules, area);
  const double weakest = std::min(first.read.confidence.value, read.confidence.value);
  CaseRecord record;
  Case& c = record.subject;
  c.kind = CaseKind::parking_unpaid;
  c.id = case_id(c.kind, {first.read.id, read.id});
  c.plate = read.plate;
  c.country = read.country;
  c.place = area.name;
  c.position = read.position;
  c.rule = zone.legal.text;
  c.legal_decision = zone.legal.decision;
  c.demonstration = zone.legal.demonstration;
  c.evidence = {evidence_of(first.read), evidence_of(read)};
  c.reviews_needed = weakest < p.two_reviewers_below.value ? 2 : 1;
  c.reason.rule = "two_reads_no_right";
  c.reason.inputs = {
      {"apart_s", number(in_seconds(read.t - first.read.t))},
      {"distance_m", number(distance_m(first.read.position, read.position))},
      {"position_sd_m", number(std::hypot(first.read.position_sd.value, read.position_sd.value))},
      {"confidence", std::to_string(weakest).substr(0, 5)},
      {"rule_version", zone.version}};
  c.reason.otherwise = "forget";
  record.day = access::local_moment(rules.local, read.t).day;
  record.zone = zone.id;
  record.unjudged = (first.judged ? 0U : 1U) | (judged ? 0U : 2U);
  record.issue_from = read.t + from_seconds(p.late_payment.value);
  open_case(state, std::move(record), 2, now);
}

}  // namespace

Standing standing(const Parameters& p, const std::optional<RightsAnswer>& answer) {
  if (!answer) return Standing::unknown;
  // A right counts however old the news of it is; that there is none needs a fresh register.
  if (!answer->kinds.empty() || !answer->neighbour_kinds.empty()) return Standing::has_right;
  return answer->answered && answer->register_age <= p.register_max_age ? Standing::no_right
                                                                        : Standing::unknown;
}

EvidenceItem evidence_of(const ScanRead& read) {
  const Seconds age = read.rights ? read.rights->register_age : Seconds{};
  return {read.id, read.t, read.position, read.position_sd, read.confidence, read.image, age};
}

void apply(State& state, const Regulations& rules, const Parameters& p, const ScanRead& read,
           UtcTime now) {
  count(state, "reads");
  const auto same_plate = state.waiting.find(read.plate);
  if (same_plate != state.waiting.end() && read.id == same_plate->second.read.id)
    return forget(state, "repeated");
  if (same_plate != state.waiting.end() &&
      !same_place(same_plate->second.read, read, p.position_sds, p.max_distance))
    drop_waiting(state, read.plate, "moved");
  if (const auto why = unfit(rules, p, read); !why.empty()) return forget(state, why);
  const Standing rights = standing(p, read.rights);
  if (rights == Standing::has_right) {
    drop_waiting(state, read.plate, "right_found");
    return forget(state, "right_found");
  }
  if (!(std::abs(read.clock_error.value) <= p.clock_max_error.value))
    return expire_hold(state, "clock");
  if (in_seconds(now - read.t) > p.late_max.value) return expire_hold(state, "late");
  const auto day = access::local_moment(rules.local, read.t).day;
  if (open_today(state, read.plate, CaseKind::parking_unpaid, day)) {
    drop_waiting(state, read.plate, "already_today");
    return forget(state, "already_today");
  }
  const bool judged = rights == Standing::no_right;
  const auto first = state.waiting.find(read.plate);
  if (first == state.waiting.end()) {
    state.waiting[read.plate] = {read, judged, {}};
    return;
  }
  const double grace = std::max(find_parking(rules, read.parking)->grace.value, p.min_grace.value);
  if (in_seconds(read.t - first->second.read.t) < grace) return forget(state, "within_grace");
  const Waiting before = first->second;
  state.waiting.erase(first);
  open_parking_case(state, rules, p, before, read, judged, now);
}

void apply(State& state, const Regulations& rules, const Parameters& p, const PlateRead& read,
           const AccessDecision& decision, UtcTime now) {
  count(state, "reads");
  const auto waiting = state.waiting.find(read.plate);
  if (waiting != state.waiting.end() && read.t >= waiting->second.read.t)
    drop_waiting(state, read.plate, "moved");
  if (decision.outcome != AccessOutcome::not_allowed || decision.read != read.id)
    return forget(state, "passage");
  const Gate* gate = find_gate(rules, decision.gate);
  const Zone* zone = find_zone(rules, decision.zone);
  if (gate == nullptr || zone == nullptr) return forget(state, "unknown_place");
  CaseRecord record;
  Case& c = record.subject;
  c.kind = CaseKind::access;
  c.id = case_id(c.kind, {read.id});
  record.day = access::local_moment(rules.local, read.t).day;
  if (open_today(state, read.plate, c.kind, record.day)) return forget(state, "already_today");
  c.plate = read.plate;
  c.country = read.country;
  c.place = gate->name;
  c.position = gate->position;
  c.rule = zone->legal.text;
  c.legal_decision = decision.legal_decision;
  c.demonstration = zone->legal.demonstration;
  c.evidence = {
      {read.id, read.t, gate->position, {}, read.confidence, read.image, decision.register_age}};
  c.reviews_needed = read.confidence < p.two_reviewers_below ? 2 : 1;
  c.reason = decision.reason;
  record.zone = zone->id;
  record.issue_from = read.t;
  open_case(state, std::move(record), 1, now);
}

}  // namespace dispecer::enforcement
