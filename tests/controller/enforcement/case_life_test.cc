// From a case to a lead and back: review, the last look at the registers, receipts, restarts.
#include <gtest/gtest.h>

#include "adapters/bus/codec.h"
#include "tests/controller/enforcement/street.h"

namespace dispecer::enforcement {
namespace {

const UtcTime kSeen = after(kStart, 600);  // second read
const UtcTime kIssue = after(kSeen, 900);  // first moment of issue

struct Desk {
  State state = two(first(), second());
  Regulations rules = street();
  Parameters p;
  CaseId id = state.cases.begin()->first;

  Case& subject() { return state.cases.at(id).subject; }
  Verdict review(const Actor& actor, bool approve = true, UtcTime t = after(kSeen, 30)) {
    return apply(state, {id, approve, "seen"}, actor, t);
  }
  Outputs at(UtcTime t) { return step(state, rules, p, t); }
  void answer(const Outputs& out, const RightsAnswer& a, UtcTime t) {
    for (const auto& q : out.questions) apply(state, rules, p, q.id, a, t);
  }
  // Approved, asked, nothing found, sent.
  Lead send() {
    review(kPolice);
    answer(at(kIssue), nothing(kIssue), kIssue);
    return at(after(kIssue, 1)).leads.at(0);
  }
};

TEST(Review, ByRightOnly) {
  for (const auto role :
       {Role::unknown, Role::viewer, Role::maintainer, Role::admin, Role::automaton}) {
    Desk desk;
    EXPECT_EQ(desk.review({PersonId("x"), role, WorkplaceId()}),
              (Verdict{IntentOutcome::refused, "role"}));
    EXPECT_EQ(desk.subject().state, CaseState::to_review);
  }
  for (const auto role : {Role::police, Role::op, Role::supervisor}) {
    Desk desk;
    EXPECT_EQ(desk.review({PersonId("x"), role, WorkplaceId()}),
              (Verdict{IntentOutcome::done, ""}));
    EXPECT_EQ(desk.subject().state, CaseState::approved);
  }
  Desk desk;
  EXPECT_EQ(desk.review({PersonId(), Role::police, WorkplaceId()}).cause, "role");
}

TEST(Review, WhereTwoAreNeededTheSamePersonDoesNotCountTwice) {
  Desk desk;
  desk.subject().reviews_needed = 2;
  EXPECT_EQ(desk.review(kPolice), (Verdict{IntentOutcome::accepted, "needs_second_person"}));
  EXPECT_EQ(desk.review(kPolice), (Verdict{IntentOutcome::refused, "same_person"}));
  EXPECT_EQ(desk.review({kPolice.person, Role::supervisor, WorkplaceId("other")}).cause,
            "same_person");
  EXPECT_EQ(desk.subject().state, CaseState::to_review);
  EXPECT_EQ(desk.review(kOperator), (Verdict{IntentOutcome::done, ""}));
  EXPECT_EQ(desk.subject().state, CaseState::approved);
  EXPECT_EQ(desk.subject().reviews.size(), 2U);
}

TEST(Review, OneRejectionIsEnough) {
  Desk desk;
  desk.subject().reviews_needed = 2;
  desk.review(kPolice);
  EXPECT_EQ(desk.review(kOperator, false).outcome, IntentOutcome::done);
  EXPECT_EQ(desk.subject().state, CaseState::rejected);
  EXPECT_TRUE(desk.at(kIssue).leads.empty());
  EXPECT_EQ(desk.review({PersonId("z"), Role::police, WorkplaceId()}).cause, "wrong_state");
}

TEST(Review, AnUnknownCaseIsRefused) {
  Desk desk;
  EXPECT_EQ(apply(desk.state, {CaseId("nope"), true, ""}, kPolice, kSeen).cause, "unknown_case");
}

TEST(Review, ACaseNobodyLookedAtLapses) {
  Desk desk;
  desk.at(after(kSeen, 86400));
  EXPECT_EQ(desk.subject().state, CaseState::to_review);
  // On the next day it is also erased, plate and all.
  desk.at(after(kSeen, 86401));
  EXPECT_TRUE(desk.state.cases.empty());
  EXPECT_EQ(counted(desk.state, "lapsed.not_reviewed"), 1U);
}

TEST(Issue, NoLeadWithoutAReviewAndNoneBeforeLatePaymentsCouldArrive) {
  Desk desk;
  EXPECT_TRUE(desk.at(kIssue).questions.empty());
  desk.review(kPolice);
  EXPECT_TRUE(desk.at(after(kIssue, -1)).questions.empty());
  const auto out = desk.at(kIssue);
  ASSERT_EQ(out.questions.size(), 1U);
  EXPECT_EQ(out.questions[0].plate, kPlate);
  EXPECT_EQ(out.questions[0].from, kStart);
  EXPECT_EQ(out.questions[0].to, kIssue);
  EXPECT_TRUE(desk.at(after(kIssue, 1)).leads.empty());
  desk.answer(out, nothing(kIssue), after(kIssue, 2));
  const auto leads = desk.at(after(kIssue, 3)).leads;
  ASSERT_EQ(leads.size(), 1U);
  EXPECT_EQ(leads[0].id, lead_id(desk.id));
  EXPECT_EQ(leads[0].subject.state, CaseState::sent);
  EXPECT_TRUE(desk.at(after(kIssue, 4)).leads.empty());
}

TEST(Issue, ALatePaymentEndsTheCase) {
  Desk desk;
  desk.review(kPolice);
  auto paid = nothing(kIssue);
  paid.kinds = {PermitKind::parking_paid};
  desk.answer(desk.at(kIssue), paid, kIssue);
  EXPECT_EQ(desk.subject().state, CaseState::lapsed);
  EXPECT_EQ(desk.subject().outcome, "right_found");
  EXPECT_TRUE(desk.at(after(kIssue, 1)).leads.empty());
}

TEST(Issue, ASilentOrStaleRegisterIsAskedAgainAndNeverJudged) {
  Desk desk;
  desk.review(kPolice);
  RightsAnswer stale = nothing(kIssue);
  stale.register_age = Seconds{400};
  desk.answer(desk.at(kIssue), RightsAnswer{}, kIssue);
  EXPECT_TRUE(desk.at(after(kIssue, 9)).questions.empty());
  desk.answer(desk.at(after(kIssue, 10)), stale, after(kIssue, 10));
  EXPECT_TRUE(desk.at(after(kIssue, 11)).leads.empty());
  EXPECT_EQ(desk.subject().state, CaseState::approved);
  desk.at(after(kIssue, 3601));
  EXPECT_EQ(desk.subject().state, CaseState::lapsed);
  EXPECT_EQ(desk.subject().outcome, "register_not_answered");
}

TEST(Held, AFreshAnswerForTheSecondOfTheReadLetsItGoOn) {
  auto b = second();
  b.rights.reset();
  auto state = two(first(), b);
  auto out = step(state, street(), {}, after(kSeen, 1));
  ASSERT_EQ(out.questions.size(), 1U);
  EXPECT_EQ(out.questions[0].from, kSeen);
  EXPECT_EQ(out.questions[0].to, kSeen);
  apply(state, street(), {}, out.questions[0].id, nothing(kSeen), after(kSeen, 2));
  EXPECT_EQ(cases_to_review(state).size(), 1U);
}

TEST(Held, BothReadsMustBeAnswered) {
  auto a = first();
  auto b = second();
  a.rights.reset();
  b.rights.reset();
  auto state = two(a, b);
  auto out = step(state, street(), {}, after(kSeen, 1));
  ASSERT_EQ(out.questions.size(), 2U);
  apply(state, street(), {}, out.questions[1].id, nothing(kSeen), after(kSeen, 2));
  EXPECT_TRUE(cases_to_review(state).empty());
  apply(state, street(), {}, out.questions[0].id, nothing(kSeen), after(kSeen, 2));
  EXPECT_EQ(cases_to_review(state).size(), 1U);
}

TEST(Held, ARightThatComesToLightEndsItAndSilenceLetsItLapse) {
  auto b = second();
  b.rights.reset();
  auto state = two(first(), b);
  auto out = step(state, street(), {}, after(kSeen, 1));
  auto badge = nothing(kSeen);
  badge.neighbour_kinds = {PermitKind::disabled};
  apply(state, street(), {}, out.questions[0].id, badge, after(kSeen, 2));
  EXPECT_EQ(state.cases.begin()->second.subject.state, CaseState::lapsed);

  state = two(first(), b);
  step(state, street(), {}, after(kSeen, 900));
  EXPECT_EQ(state.cases.begin()->second.subject.state, CaseState::held);
  step(state, street(), {}, after(kSeen, 901));
  EXPECT_EQ(state.cases.begin()->second.subject.state, CaseState::lapsed);
}

TEST(Held, ACaseThatIsHeldCannotBeReviewed) {
  auto b = second();
  b.rights.reset();
  auto state = two(first(), b);
  const auto id = state.cases.begin()->first;
  EXPECT_EQ(apply(state, {id, true, ""}, kPolice, kSeen).cause, "wrong_state");
}

TEST(Receipts, ALeadIsAcknowledgedThenClosedByTheOutcomeAndRepeatsChangeNothing) {
  Desk desk;
  const auto lead = desk.send();
  const LeadReceipt received{lead.id, desk.id, kIssue, ReceiptKind::received, "p", ""};
  apply(desk.state, received, after(kIssue, 2));
  EXPECT_EQ(desk.subject().state, CaseState::acknowledged);
  apply(desk.state, received, after(kIssue, 3));
  EXPECT_EQ(desk.subject().changed, after(kIssue, 2));
  apply(desk.state, {lead.id, desk.id, kIssue, ReceiptKind::outcome, "p", "warned"},
        after(kIssue, 60));
  EXPECT_EQ(desk.subject().state, CaseState::closed);
  EXPECT_EQ(desk.subject().outcome, "warned");
  apply(desk.state, {lead.id, desk.id, kIssue, ReceiptKind::outcome, "p", "other"},
        after(kIssue, 61));
  EXPECT_EQ(desk.subject().outcome, "warned");
}

TEST(Receipts, ALeadNobodyAcknowledgedIsHandedOutAgainWithTheSameId) {
  Desk desk;
  const auto lead = desk.send();
  const auto sent = after(kIssue, 1);
  EXPECT_TRUE(desk.at(after(sent, 59)).leads.empty());
  const auto again = desk.at(after(sent, 60)).leads;
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].id, lead.id);
  EXPECT_TRUE(desk.at(after(sent, 61)).leads.empty());
  apply(desk.state, {lead.id, desk.id, kIssue, ReceiptKind::received, "p", ""}, after(sent, 62));
  EXPECT_TRUE(desk.at(after(sent, 200)).leads.empty());
}

TEST(Receipts, AReceiptForALeadThatIsNotOursIsOnlyCounted) {
  Desk desk;
  desk.send();
  apply(desk.state, {LeadId("lead-x"), desk.id, kIssue, ReceiptKind::outcome, "p", "?"}, kIssue);
  apply(desk.state, {lead_id(desk.id), CaseId("x"), kIssue, ReceiptKind::outcome, "p", "?"},
        kIssue);
  EXPECT_EQ(desk.subject().state, CaseState::sent);
  EXPECT_EQ(counted(desk.state, "receipt.unknown"), 2U);
}

TEST(Receipts, ADeclinedLeadIsClosed) {
  Desk desk;
  const auto lead = desk.send();
  apply(desk.state, {lead.id, desk.id, kIssue, ReceiptKind::declined, "p", "not ours"}, kIssue);
  EXPECT_EQ(desk.subject().state, CaseState::closed);
  EXPECT_EQ(desk.subject().outcome, "declined: not ours");
}

State reborn(const State& state) {
  return restore(bus::decode<Snapshot>(bus::encode(snapshot(state))).value());
}

TEST(Restart, CasesInEveryStateSurvive) {
  Desk desk;
  EXPECT_EQ(all_cases(reborn(desk.state)), all_cases(desk.state));
  const auto lead = desk.send();
  EXPECT_EQ(all_cases(reborn(desk.state)), all_cases(desk.state));
  apply(desk.state, {lead.id, desk.id, kIssue, ReceiptKind::received, "p", ""}, kIssue);
  EXPECT_EQ(all_cases(reborn(desk.state)), all_cases(desk.state));
  EXPECT_EQ(snapshot(reborn(reborn(desk.state))), snapshot(reborn(desk.state)));
}

TEST(Restart, AfterACrashBetweenSendingAndRememberingTheSameLeadComesAgain) {
  Desk desk;
  desk.review(kPolice);
  desk.answer(desk.at(kIssue), nothing(kIssue), kIssue);
  const auto before = snapshot(desk.state);
  const auto lead = desk.at(after(kIssue, 1)).leads.at(0);

  desk.state = restore(before);
  const auto later = after(kIssue, 20);
  desk.answer(desk.at(later), nothing(later), later);
  EXPECT_EQ(desk.at(after(later, 1)).leads.at(0).id, lead.id);
}

TEST(Restart, AReceiptThatFindsTheLeadNotYetRememberedIsBelieved) {
  Desk desk;
  desk.review(kPolice);
  desk.answer(desk.at(kIssue), nothing(kIssue), kIssue);
  const auto before = snapshot(desk.state);
  const auto lead = desk.at(after(kIssue, 1)).leads.at(0);
  desk.state = restore(before);
  apply(desk.state, {lead.id, desk.id, kIssue, ReceiptKind::received, "p", ""}, kIssue);
  EXPECT_EQ(desk.subject().state, CaseState::acknowledged);
}

TEST(Forgetting, TheDayAfterAFinishedCaseIsErased) {
  Desk desk;
  const auto lead = desk.send();
  apply(desk.state, {lead.id, desk.id, kIssue, ReceiptKind::outcome, "p", "fined"}, kIssue);
  const auto last = at("2026-11-23T23:59:59Z");
  desk.at(last);
  EXPECT_EQ(desk.state.cases.size(), 1U);
  desk.at(after(last, 1));
  EXPECT_TRUE(desk.state.cases.empty());
}

}  // namespace
}  // namespace dispecer::enforcement
