#include "controller/access/access.h"

#include <algorithm>
#include <cmath>

namespace dispecer::access {
namespace {

std::string text(double v) {
  // Tenths are enough for ages and errors, and keep the reasons short.
  const auto tenths = static_cast<long long>(std::llround(v * 10));
  const auto rest = std::llabs(tenths % 10);
  return (tenths < 0 && tenths > -10 ? "-" : "") + std::to_string(tenths / 10) + "." +
         std::to_string(rest);
}

AccessDecision& settle(AccessDecision& d, AccessOutcome outcome, const char* rule,
                       const char* otherwise) {
  d.outcome = outcome;
  d.reason.rule = rule;
  d.reason.otherwise = otherwise;
  return d;
}

const SignReport* report_at(const State& state, const SignId& sign, UtcTime t) {
  const auto it = state.signs.find(sign);
  if (it == state.signs.end()) return nullptr;
  const SignReport* found = nullptr;
  for (const auto& report : it->second) {
    if (report.t <= t) found = &report;
  }
  return found;
}

bool always_exempt(PermitKind kind) {
  return kind == PermitKind::emergency || kind == PermitKind::disabled ||
         kind == PermitKind::public_transport;
}

// Entitled at the moment itself or at the begin of the grace before it.
bool permit_runs(const ExemptWindow& exempt, const Zone& zone, const LocalTime& local, UtcTime t) {
  return exempt.windows.empty() || within(exempt.windows, local, t) ||
         within(exempt.windows, local, t - from_seconds(zone.grace.value));
}

const PermitKind* entitling(const Zone& zone, const LocalTime& local,
                            const std::vector<PermitKind>& kinds, UtcTime t) {
  for (const auto& kind : kinds) {
    if (always_exempt(kind)) return &kind;
  }
  for (const auto& kind : kinds) {
    for (const auto& exempt : zone.exempt) {
      if (exempt.kind == kind && permit_runs(exempt, zone, local, t)) return &kind;
    }
  }
  return nullptr;
}

// The gate's own preconditions; true = a rule decided.
bool gate_cannot_judge(AccessDecision& d, const State& state, const Regulations& rules,
                       const Parameters& p, const PlateRead& read, const Gate& gate,
                       const ZoneStatus& status) {
  using O = AccessOutcome;
  if (status.legal == LegalState::no_decision)
    return settle(d, O::cannot_decide, "no_legal_basis", "judge"), true;
  if (status.legal == LegalState::not_in_force)
    return settle(d, O::cannot_decide, "legal_not_in_force", "judge"), true;
  if (gate.sign.empty()) return settle(d, O::cannot_decide, "no_sign", "judge"), true;
  const SignReport* sign = report_at(state, gate.sign, read.t);
  if (sign == nullptr || !sign->healthy || in_seconds(read.t - sign->t) > p.sign_max_age.value)
    return settle(d, O::cannot_decide, "sign_unknown", "judge"), true;
  const auto demand = sign_demand(state, rules, gate, read.t);
  d.reason.inputs.push_back({"sign_shows", sign->shows});
  d.reason.inputs.push_back({"sign_demand", std::string(demand)});
  if (sign->shows != demand) return settle(d, O::cannot_decide, "sign_mismatch", "judge"), true;
  d.reason.inputs.push_back({"clock_error_s", text(read.clock_error.value)});
  if (!(std::abs(read.clock_error.value) <= p.clock_max_error.value))
    return settle(d, O::cannot_decide, "clock_error", "judge"), true;
  return false;
}

AccessDecision& judge_vehicle(AccessDecision& d, const Regulations& rules, const Parameters& p,
                              const PlateRead& read, const Zone& zone) {
  using O = AccessOutcome;
  const RightsAnswer none;
  const RightsAnswer& rights = read.rights ? *read.rights : none;
  if (const auto* kind = entitling(zone, rules.local, rights.kinds, read.t)) {
    d.exemption = to_name(*kind);
    return settle(d, O::allowed, always_exempt(*kind) ? "exemption" : "permit", "no_right");
  }
  d.reason.inputs.push_back({"confidence", std::to_string(read.confidence.value).substr(0, 5)});
  if (read.plate.empty() || !(read.confidence >= p.min_confidence))
    return settle(d, O::cannot_decide, "unreadable", "no_right");
  if (read.country != "RO" || !romanian_plate(read.plate))
    return settle(d, O::cannot_decide, "foreign", "no_right");
  if (!rights.answered) return settle(d, O::cannot_decide, "register_down", "no_right");
  d.register_age = rights.register_age;
  d.reason.inputs.push_back({"register_age_s", text(rights.register_age.value)});
  if (!(rights.register_age <= p.register_max_age))
    return settle(d, O::cannot_decide, "register_stale", "no_right");
  if (entitling(zone, rules.local, rights.neighbour_kinds, read.t) != nullptr)
    return settle(d, O::cannot_decide, "confusable_right", "no_right");
  return settle(d, O::not_allowed, "no_right", "allowed");
}

}  // namespace

bool entitles(const Zone& zone, const LocalTime& local, const std::vector<PermitKind>& kinds,
              UtcTime t) {
  return entitling(zone, local, kinds, t) != nullptr;
}

Snapshot snapshot(const State& state) {
  return {state.by_hand};
}

State restore(const Snapshot& snapshot) {
  State state;
  state.by_hand = snapshot.by_hand;
  return state;
}

void apply(State& state, const SignReport& report) {
  constexpr std::size_t kKept = 32;
  auto& reports = state.signs[report.sign];
  // A clock that went back: what was reported "later" belongs to another epoch.
  while (!reports.empty() && report.t < reports.back().t) reports.pop_back();
  reports.push_back(report);
  if (reports.size() > kKept) reports.pop_front();
}

AccessDecision decide(const State& state, const Regulations& rules, const Parameters& parameters,
                      const PlateRead& read) {
  using O = AccessOutcome;
  AccessDecision d;
  d.read = read.id;
  d.gate = read.gate;
  d.t = read.t;
  const Gate* gate = find_gate(rules, read.gate);
  if (gate == nullptr) return settle(d, O::cannot_decide, "unknown_gate", "judge");
  const Zone* zone = find_zone(rules, gate->zone);
  if (zone == nullptr) return settle(d, O::cannot_decide, "unknown_zone", "judge");
  d.zone = zone->id;
  d.zone_version = zone->version;
  d.legal_decision = zone->legal.decision;
  const ZoneStatus status = zone_status(*zone, state.by_hand, rules.local, read.t);
  if (!status.demanded) return settle(d, O::allowed, "zone_inactive", "judge");
  d.reason.inputs.push_back({"activation", status.by_hand ? "by_hand" : "timetable"});
  if (gate_cannot_judge(d, state, rules, parameters, read, *gate, status)) return d;
  const UtcTime grace_begin = read.t - from_seconds(zone->grace.value);
  if (!active_throughout(*zone, state.by_hand, rules.local, grace_begin, read.t))
    return settle(d, O::allowed, "grace", "judge");
  return judge_vehicle(d, rules, parameters, read, *zone);
}

AccessDecision judge(State& state, const Regulations& rules, const Parameters& parameters,
                     const PlateRead& read) {
  AccessDecision d = decide(state, rules, parameters, read);
  ++state.counters["access." + std::string(to_name(d.outcome))];
  ++state.counters["access.rule." + d.reason.rule];
  return d;
}

Verdict apply(State& state, const Regulations& rules, const Parameters& parameters,
              const ActivateZone& wish, const Actor& actor, UtcTime t) {
  const auto refused = [](const char* cause) { return Verdict{IntentOutcome::refused, cause}; };
  if ((actor.role != Role::op && actor.role != Role::supervisor) || actor.person.empty())
    return refused("role");
  const Zone* zone = find_zone(rules, wish.zone);
  if (zone == nullptr) return refused("unknown_zone");
  if (wish.until <= t || in_seconds(wish.until - t) > parameters.activation_max.value)
    return refused("until_range");
  if (!wish.active) {
    state.pending.erase(wish.zone);
    state.by_hand.push_back({wish.zone, false, t, wish.until, actor, {}});
    return {IntentOutcome::done, ""};
  }
  if (legal_state(zone->legal, t) != LegalState::in_force) return refused("no_legal_basis");
  const auto pending = state.pending.find(wish.zone);
  const bool second =
      pending != state.pending.end() && pending->second.first.person != actor.person &&
      pending->second.asked <= t &&
      in_seconds(t - pending->second.asked) <= parameters.second_person_within.value;
  if (!second) {
    state.pending[wish.zone] = {actor, t, wish.until};
    return {IntentOutcome::accepted, "needs_second_person"};
  }
  const UtcTime until = std::min(wish.until, pending->second.until);
  state.by_hand.push_back({wish.zone, true, t, until, pending->second.first, actor});
  state.pending.erase(pending);
  return {IntentOutcome::done, ""};
}

}  // namespace dispecer::access
