// What time alone brings about: questions, issue, lapse, forgetting.
#include <algorithm>

#include "controller/enforcement/internal.h"

namespace dispecer::enforcement {
namespace {

using About = OpenQuestion::About;

bool older(UtcTime since, UtcTime now, Seconds limit) {
  return in_seconds(now - since) > limit.value;
}
bool finished(CaseState s) {
  return s == CaseState::rejected || s == CaseState::closed || s == CaseState::lapsed;
}
bool may_ask(UtcTime asked, UtcTime now, const Parameters& p) {
  return asked == UtcTime{} || in_seconds(now - asked) >= p.question_retry.value || now < asked;
}

void expire_waiting(State& state, const Parameters& p, UtcTime now) {
  for (auto it = state.waiting.begin(); it != state.waiting.end();) {
    const auto& w = it->second;
    if (!w.judged && older(w.read.t, now, p.hold_max)) {
      expire_hold(state, "register");
    } else if (older(w.read.t, now, p.waiting_max)) {
      forget(state, "not_seen_again");
    } else {
      ++it;
      continue;
    }
    it = state.waiting.erase(it);
  }
}

void ask_for_waiting(State& state, const Parameters& p, UtcTime now, Outputs& out) {
  for (auto& [plate, w] : state.waiting) {
    if (w.judged || !may_ask(w.asked, now, p)) continue;
    w.asked = now;
    const auto id = "read/" + w.read.id.str();
    state.questions[id] = {About::waiting, plate, w.read.id, {}, 0};
    out.questions.push_back({id, plate, w.read.country, w.read.t, w.read.t});
  }
}

void step_held(State& state, CaseRecord& record, const Parameters& p, UtcTime now, Outputs& out) {
  const Case& c = record.subject;
  if (older(c.opened, now, p.hold_max)) return lapse(state, record, "register_not_answered", now);
  if (!may_ask(record.asked, now, p)) return;
  record.asked = now;
  for (std::size_t i = 0; i < c.evidence.size(); ++i) {
    if ((record.unjudged >> i & 1U) == 0) continue;
    const auto id = "held/" + c.id.str() + "/" + std::to_string(i);
    state.questions[id] = {About::evidence, "", {}, c.id, i};
    out.questions.push_back({id, c.plate, c.country, c.evidence[i].t, c.evidence[i].t});
  }
}

void step_approved(State& state, CaseRecord& record, const Parameters& p, UtcTime now,
                   Outputs& out) {
  Case& c = record.subject;
  if (c.demonstration && !p.receiver_simulated) {
    lapse(state, record, "demonstration_to_real_receiver", now);
    out.alarms.push_back({"demonstration_lead_refused", c.id.str(), AlarmPriority::high, true, now,
                          "a case that rests on an invented decision may not leave"});
    return;
  }
  if (record.cleared_for_issue) {
    move(state, record, CaseState::sent, now);
    record.asked = now;
    out.leads.push_back({lead_id(c.id), now, c, p.city_hash, p.build});
    return;
  }
  const UtcTime from = std::max(record.issue_from, c.changed);
  if (older(from, now, p.issue_max)) return lapse(state, record, "register_not_answered", now);
  if (now < record.issue_from || !may_ask(record.asked, now, p)) return;
  record.asked = now;
  const auto id = "issue/" + c.id.str();
  state.questions[id] = {About::issue, "", {}, c.id, 0};
  // Parking: a right bought since also counts. A passage is judged at its own second.
  const UtcTime to = c.kind == CaseKind::access ? c.evidence.back().t : now;
  out.questions.push_back({id, c.plate, c.country, c.evidence.front().t, to});
}

void step_sent(State& state, CaseRecord& record, const Parameters& p, UtcTime now, Outputs& out) {
  if (now >= record.asked && in_seconds(now - record.asked) < p.lead_repeat.value) return;
  record.asked = now;
  count(state, "lead_repeated");
  out.leads.push_back({lead_id(record.subject.id), now, record.subject, p.city_hash, p.build});
}

// At a gate only what opens the zone counts, not every right.
Standing access_standing(const Regulations& rules, const Parameters& p, const CaseRecord& record,
                         const RightsAnswer& answer) {
  const Zone* zone = find_zone(rules, record.zone);
  if (zone == nullptr) return Standing::unknown;
  const UtcTime t = record.subject.evidence.back().t;
  if (access::entitles(*zone, rules.local, answer.kinds, t) ||
      access::entitles(*zone, rules.local, answer.neighbour_kinds, t))
    return Standing::has_right;
  RightsAnswer rest = answer;
  rest.kinds.clear();
  rest.neighbour_kinds.clear();
  return standing(p, rest);
}

// Questions whose asker is gone.
void forget_questions(State& state) {
  std::erase_if(state.questions, [&](const auto& entry) {
    const OpenQuestion& q = entry.second;
    if (q.about == About::waiting) {
      const auto w = state.waiting.find(q.plate);
      return w == state.waiting.end() || w->second.read.id != q.read;
    }
    const auto it = state.cases.find(q.subject);
    const auto wanted = q.about == About::issue ? CaseState::approved : CaseState::held;
    return it == state.cases.end() || it->second.subject.state != wanted;
  });
}

}  // namespace

Outputs step(State& state, const Regulations& rules, const Parameters& p, UtcTime now) {
  Outputs out;
  expire_waiting(state, p, now);
  ask_for_waiting(state, p, now, out);
  const auto today = access::local_moment(rules.local, now).day;
  for (auto it = state.cases.begin(); it != state.cases.end();) {
    CaseRecord& record = it->second;
    if (record.subject.state == CaseState::held) {
      step_held(state, record, p, now, out);
    } else if (record.subject.state == CaseState::approved) {
      step_approved(state, record, p, now, out);
    } else if (record.subject.state == CaseState::sent) {
      step_sent(state, record, p, now, out);
    } else if (record.subject.state == CaseState::to_review &&
               older(record.subject.opened, now, p.review_max)) {
      lapse(state, record, "not_reviewed", now);
    }
    // The plate of a finished case is needed for the rest of its day only.
    if (finished(record.subject.state) && record.day < today) {
      count(state, "case.erased");
      state.changed = true;
      it = state.cases.erase(it);
    } else {
      ++it;
    }
  }
  forget_questions(state);
  return out;
}

void apply(State& state, const Regulations& rules, const Parameters& p, const std::string& question,
           const RightsAnswer& answer, UtcTime now) {
  const auto found = state.questions.find(question);
  if (found == state.questions.end()) return count(state, "answer.unknown_question");
  const OpenQuestion open = found->second;
  const auto about = state.cases.find(open.subject);
  const bool access = about != state.cases.end() && about->second.subject.kind == CaseKind::access;
  const Standing verdict =
      access ? access_standing(rules, p, about->second, answer) : standing(p, answer);
  if (verdict == Standing::unknown) return count(state, "answer.no_use");  // asked again later
  state.questions.erase(found);
  if (open.about == About::waiting) {
    const auto w = state.waiting.find(open.plate);
    if (w == state.waiting.end() || w->second.read.id != open.read)
      return count(state, "answer.too_late");
    if (verdict == Standing::has_right) {
      state.waiting.erase(w);
      return forget(state, "right_found");
    }
    w->second.judged = true;
    w->second.read.rights = answer;
    return;
  }
  const auto it = state.cases.find(open.subject);
  const bool issue = open.about == About::issue;
  if (it == state.cases.end() ||
      it->second.subject.state != (issue ? CaseState::approved : CaseState::held))
    return count(state, "answer.too_late");
  CaseRecord& record = it->second;
  if (verdict == Standing::has_right) return lapse(state, record, "right_found", now);
  state.changed = true;
  if (issue) {
    record.cleared_for_issue = true;
    return;
  }
  record.unjudged &= ~(1U << open.evidence);
  record.subject.evidence[open.evidence].register_age = answer.register_age;
  if (record.unjudged == 0) move(state, record, CaseState::to_review, now);
}

}  // namespace dispecer::enforcement
