// Operators' words: rights, holds, releases and plans, until their end.
#include <gtest/gtest.h>

#include "tests/controller/signals/crossroads.h"

namespace dispecer {
namespace {

using namespace test;

Intent intent(IntentAction action, double t, Role role = Role::op) {
  Intent i;
  i.id = IntentId("i1");
  i.t = at(t);
  i.expires = at(t + 30);
  i.actor = {PersonId("ana"), role, WorkplaceId("desk1")};
  i.reason = "works";
  i.action = std::move(action);
  return i;
}

TEST(Override, AHoldAsksForItsStageUntilItsEndAgainstDemand) {
  Crossroads road;
  auto state = road.controller();
  double t = settle(state, road);
  road.queue("n", 20);
  const auto result =
      controller::apply(state, intent(HoldStage{JunctionId("j"), 2, at(t + 60)}, t), at(t));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->outcome, IntentOutcome::done);
  const auto now = second(state, road, t);
  EXPECT_EQ(now.ordered(), 2u);
  EXPECT_EQ(now.decision.reason.rule, "operator_hold");
  EXPECT_TRUE(now.proposal->operator_confirmed);
  EXPECT_EQ(now.proposal->actor.person.str(), "ana");
  road.show(2);
  for (double s = t + 1; s < t + 60; ++s) EXPECT_EQ(second(state, road, s).ordered(), 2u);
  EXPECT_EQ(second(state, road, t + 60).ordered(), 1u);
}

TEST(Override, AHoldWaitsForTheMinimumGreen) {
  Crossroads road;
  auto state = road.controller();
  second(state, road, 0);
  controller::apply(state, intent(HoldStage{JunctionId("j"), 2, at(60)}, 0), at(0));
  EXPECT_EQ(second(state, road, 3).ordered(), 1u);
  EXPECT_EQ(second(state, road, 6).ordered(), 2u);
}

TEST(Override, AReleaseHandsBackOnceAndTheJunctionIsTakenAgainAfterIt) {
  Crossroads road;
  auto state = road.controller();
  const double t = settle(state, road);
  controller::apply(state, intent(ReleaseJunction{JunctionId("j"), at(t + 10)}, t), at(t));
  const auto now = second(state, road, t);
  EXPECT_TRUE(now.released());
  EXPECT_EQ(now.decision.reason.rule, "operator_release");
  for (double s = t + 1; s < t + 10; ++s) EXPECT_FALSE(second(state, road, s).proposal);
  EXPECT_EQ(second(state, road, t + 10).ordered(), 1u);
}

TEST(Override, APlanIsAskedForAfterTheReleaseAndGivenBackAtItsEnd) {
  Crossroads road;
  auto state = road.controller();
  const double t = settle(state, road);
  controller::apply(state, intent(SelectPlan{JunctionId("j"), 1, at(t + 30)}, t), at(t));
  EXPECT_TRUE(second(state, road, t).released());
  const auto asked = second(state, road, t + 1);
  ASSERT_TRUE(asked.proposal);
  EXPECT_EQ(std::get<PlanOrder>(asked.proposal->write).plan, 1u);
  EXPECT_FALSE(second(state, road, t + 2).proposal);
  road.seen().plan = 1;
  EXPECT_FALSE(second(state, road, t + 20).proposal) << "it runs";
  const auto ended = second(state, road, t + 31);
  ASSERT_TRUE(ended.proposal);
  EXPECT_EQ(std::get<PlanOrder>(ended.proposal->write).plan, 0u);
  EXPECT_EQ(second(state, road, t + 32).ordered(), 1u);
}

TEST(Override, EndOverrideEndsItBeforeItsTime) {
  Crossroads road;
  auto state = road.controller();
  const double t = settle(state, road);
  controller::apply(state, intent(ReleaseJunction{JunctionId("j"), at(t + 100)}, t), at(t));
  second(state, road, t);
  const auto result = controller::apply(state, intent(EndOverride{JunctionId("j")}, t), at(t + 1));
  EXPECT_EQ(result->outcome, IntentOutcome::done);
  EXPECT_EQ(second(state, road, t + 1).ordered(), 1u);
}

TEST(Override, AHoldOnASupervisedJunctionIsSentBecauseAPersonConfirmedIt) {
  Crossroads road;
  road.signals.commissioning = Commissioning::supervised;
  auto state = road.controller();
  const double t = settle(state, road);
  EXPECT_FALSE(second(state, road, t).proposal);
  controller::apply(state, intent(HoldStage{JunctionId("j"), 2, at(t + 10)}, t), at(t));
  const auto now = second(state, road, t + 1);
  EXPECT_EQ(now.ordered(), 2u);
  EXPECT_TRUE(now.proposal->operator_confirmed);
  const auto after = second(state, road, t + 11);
  EXPECT_TRUE(after.released()) << "nobody confirmed what comes after";
}

TEST(Override, RightsAreByRole) {
  const std::vector<std::pair<Role, bool>> roles{{Role::viewer, false},     {Role::op, true},
                                                 {Role::supervisor, true},  {Role::police, false},
                                                 {Role::maintainer, false}, {Role::admin, true},
                                                 {Role::automaton, false},  {Role::unknown, false}};
  for (const auto& [role, may] : roles) {
    SCOPED_TRACE(std::string(to_name(role)));
    Crossroads road;
    auto state = road.controller();
    second(state, road, 0);
    const auto result =
        controller::apply(state, intent(ReleaseJunction{JunctionId("j"), at(50)}, 0, role), at(1));
    ASSERT_TRUE(result);
    EXPECT_EQ(result->outcome, may ? IntentOutcome::done : IntentOutcome::refused);
    EXPECT_EQ(result->cause, may ? "" : "right");
    EXPECT_EQ(second(state, road, 1).released(), may);
  }
}

TEST(Override, WhatCannotBeDoneIsRefusedByName) {
  const JunctionId j("j");
  const std::vector<std::pair<IntentAction, const char*>> cases{
      {HoldStage{JunctionId("nowhere"), 1, at(50)}, "unknown_junction"},
      {HoldStage{j, 9, at(50)}, "unknown_stage"},
      {HoldStage{j, 1, at(-1)}, "until"},
      {HoldStage{j, 1, at(90000)}, "until"},
      {SelectPlan{j, 7, at(50)}, "unknown_plan"},
      {EndOverride{j}, "no_override"},
      {SetCommissioning{j, Commissioning::unknown}, "right"},
  };
  for (const auto& [action, cause] : cases) {
    SCOPED_TRACE(cause);
    Crossroads road;
    auto state = road.controller();
    second(state, road, 0);
    auto i = intent(action, 0);
    const auto result = controller::apply(state, i, at(1));
    ASSERT_TRUE(result);
    if (std::string(cause) == "right") {
      // An operator may bring a junction back, so the unknown state is what is refused.
      EXPECT_EQ(result->cause, "state");
    } else {
      EXPECT_EQ(result->cause, cause);
    }
    EXPECT_EQ(result->outcome, IntentOutcome::refused);
  }
}

TEST(Override, AnIntentThatExpiredOrComesFromAnotherEpochIsNotActedUpon) {
  Crossroads road;
  auto state = road.controller();
  second(state, road, 0);
  auto late = intent(ReleaseJunction{JunctionId("j"), at(100)}, 0);
  EXPECT_EQ(controller::apply(state, late, at(31))->outcome, IntentOutcome::expired);
  auto other = intent(ReleaseJunction{JunctionId("j"), at(100)}, 0);
  other.epoch = 3;
  EXPECT_EQ(controller::apply(state, other, at(1))->outcome, IntentOutcome::expired);
  EXPECT_EQ(second(state, road, 1).ordered(), 1u);
}

TEST(Override, CommissioningGoesBackByAnOperatorAndForwardOnlyToWhatWasSigned) {
  Crossroads road;
  auto state = road.controller();
  double t = settle(state, road);
  const JunctionId j("j");
  EXPECT_EQ(controller::apply(state, intent(SetCommissioning{j, Commissioning::shadow}, t), at(t))
                ->outcome,
            IntentOutcome::done);
  EXPECT_TRUE(second(state, road, t).released());
  EXPECT_EQ(
      controller::apply(state, intent(SetCommissioning{j, Commissioning::live}, t), at(t))->cause,
      "right");
  EXPECT_EQ(controller::apply(
                state, intent(SetCommissioning{j, Commissioning::live}, t, Role::supervisor), at(t))
                ->outcome,
            IntentOutcome::done);
  EXPECT_EQ(second(state, road, t + 1).ordered(), 1u);
}

TEST(Override, WhatBelongsToOthersIsLeftToThem) {
  Crossroads road;
  auto state = road.controller();
  EXPECT_FALSE(controller::apply(state, intent(ReviewCase{CaseId("c"), true, ""}, 0), at(0)));
  EXPECT_FALSE(controller::apply(state, intent(AcknowledgeAlarm{AlarmId("a")}, 0), at(0)));
}

}  // namespace
}  // namespace dispecer
