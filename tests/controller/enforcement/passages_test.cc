// Passages that were not allowed.
#include <gtest/gtest.h>

#include "tests/controller/enforcement/street.h"

namespace dispecer::enforcement {
namespace {

Regulations gates() {
  auto rules = street();
  Zone zone = paid_zone("old_town");
  zone.legal.demonstration = true;
  zone.exempt = {{PermitKind::resident, {}}};
  rules.zones.push_back(zone);
  Gate gate;
  gate.id = GateId("north");
  gate.name = "Poarta Nord";
  gate.zone = ZoneId("old_town");
  gate.position = kSpot;
  rules.gates = {gate};
  return rules;
}

PlateRead passage(const char* id, UtcTime t) {
  PlateRead read;
  read.id = ReadId(id);
  read.gate = GateId("north");
  read.t = t;
  read.plate = kPlate;
  read.country = "RO";
  read.confidence = Ratio{0.97};
  return read;
}

AccessDecision decision(const PlateRead& read, AccessOutcome outcome) {
  AccessDecision d;
  d.read = read.id;
  d.gate = read.gate;
  d.zone = ZoneId("old_town");
  d.t = read.t;
  d.outcome = outcome;
  d.legal_decision = "HCL 9/2026";
  d.register_age = Seconds{12};
  d.reason.rule = "no_right";
  return d;
}

State after_passage(AccessOutcome outcome) {
  State state;
  const auto read = passage("g1", kStart);
  apply(state, gates(), {}, read, decision(read, outcome), kStart);
  return state;
}

TEST(Passages, OnlyNotAllowedOpensACase) {
  EXPECT_TRUE(after_passage(AccessOutcome::allowed).cases.empty());
  EXPECT_TRUE(after_passage(AccessOutcome::cannot_decide).cases.empty());
  EXPECT_TRUE(after_passage(AccessOutcome::unknown).cases.empty());
  const auto state = after_passage(AccessOutcome::not_allowed);
  const auto cases = cases_to_review(state);
  ASSERT_EQ(cases.size(), 1U);
  EXPECT_EQ(cases[0].kind, CaseKind::access);
  EXPECT_EQ(cases[0].place, "Poarta Nord");
  EXPECT_TRUE(cases[0].demonstration);
  EXPECT_EQ(cases[0].reviews_needed, 2U);
  EXPECT_EQ(cases[0].evidence.at(0).register_age, Seconds{12});
}

TEST(Passages, ADecisionAboutAnotherReadOpensNothing) {
  State state;
  apply(state, gates(), {}, passage("g1", kStart),
        decision(passage("g2", kStart), AccessOutcome::not_allowed), kStart);
  EXPECT_TRUE(state.cases.empty());
}

TEST(Passages, TenPassagesOfOneVehicleOnOneDayAreOneCase) {
  State state;
  for (int i = 0; i < 10; ++i) {
    const auto read = passage(("g" + std::to_string(i)).c_str(), after(kStart, 60.0 * i));
    apply(state, gates(), {}, read, decision(read, AccessOutcome::not_allowed), read.t);
  }
  EXPECT_EQ(state.cases.size(), 1U);
  EXPECT_EQ(counted(state, "forgotten.already_today"), 9U);
  EXPECT_EQ(counted(state, "unbalanced"), 0U);
}

// Approved by two, asked again for the second of the passage.
RightsQuestion asked_at_issue(State& state, const Parameters& p) {
  const auto id = state.cases.begin()->first;
  apply(state, {id, true, ""}, kPolice, after(kStart, 10));
  apply(state, {id, true, ""}, kOperator, after(kStart, 11));
  const auto out = step(state, gates(), p, after(kStart, 12));
  return out.questions.size() == 1 ? out.questions[0] : RightsQuestion{};
}

TEST(Passages, AtIssueOnlyWhatOpensTheZoneCountsAsARight) {
  Parameters p;
  p.receiver_simulated = true;
  for (const auto& [kind, sent] :
       {std::pair{PermitKind::parking_paid, true}, std::pair{PermitKind::resident, false},
        std::pair{PermitKind::emergency, false}}) {
    auto state = after_passage(AccessOutcome::not_allowed);
    const auto question = asked_at_issue(state, p);
    EXPECT_EQ(question.from, kStart);
    EXPECT_EQ(question.to, kStart);
    auto answer = nothing(after(kStart, 13));
    answer.kinds = {kind};
    apply(state, gates(), p, question.id, answer, after(kStart, 13));
    EXPECT_EQ(step(state, gates(), p, after(kStart, 14)).leads.size(), sent ? 1U : 0U);
    EXPECT_EQ(state.cases.begin()->second.subject.state,
              sent ? CaseState::sent : CaseState::lapsed);
  }
}

TEST(Passages, ACaseOnAnInventedDecisionNeverLeavesForARealReceiver) {
  auto state = after_passage(AccessOutcome::not_allowed);
  EXPECT_EQ(asked_at_issue(state, Parameters{}).id, "");
  EXPECT_EQ(state.cases.begin()->second.subject.state, CaseState::lapsed);
  EXPECT_EQ(state.cases.begin()->second.subject.outcome, "demonstration_to_real_receiver");
}

}  // namespace
}  // namespace dispecer::enforcement
