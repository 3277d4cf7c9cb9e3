// A person's word on a case.
#include <algorithm>

#include "controller/enforcement/internal.h"

namespace dispecer::enforcement {
namespace {

Verdict refuse(State& state, const char* cause) {
  count(state, "review_refused." + std::string(cause));
  return {IntentOutcome::refused, cause};
}

}  // namespace

Verdict apply(State& state, const ReviewCase& review, const Actor& actor, UtcTime now) {
  const bool may =
      actor.role == Role::police || actor.role == Role::op || actor.role == Role::supervisor;
  if (!may || actor.person.empty()) return refuse(state, "role");
  const auto it = state.cases.find(review.subject);
  if (it == state.cases.end()) return refuse(state, "unknown_case");
  CaseRecord& record = it->second;
  Case& c = record.subject;
  if (c.state != CaseState::to_review) return refuse(state, "wrong_state");
  if (std::any_of(c.reviews.begin(), c.reviews.end(),
                  [&](const ReviewMark& mark) { return mark.reviewer.person == actor.person; }))
    return refuse(state, "same_person");
  c.reviews.push_back({actor, now, review.approve, review.note});
  state.changed = true;
  count(state, review.approve ? "review.approve" : "review.reject");
  if (!review.approve) {
    move(state, record, CaseState::rejected, now);
    return {IntentOutcome::done, ""};
  }
  if (c.reviews.size() < c.reviews_needed) {
    c.changed = now;
    return {IntentOutcome::accepted, "needs_second_person"};
  }
  move(state, record, CaseState::approved, now);
  return {IntentOutcome::done, ""};
}

}  // namespace dispecer::enforcement
