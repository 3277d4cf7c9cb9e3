// Who may be commanded at all, and stage orders.
#include <gtest/gtest.h>

#include "tests/controller/guard/guard_scene.h"

namespace dispecer::guard {
namespace {

TEST(Guard, AStageOrderInOrderIsApprovedAndCarriesItsProposal) {
  const Bench b;
  const auto r = Guard::check(b.proposal, b.signals, b.state, b.situation);
  ASSERT_TRUE(r.ok()) << r.error().message();
  EXPECT_EQ(r->proposal(), b.proposal);
  EXPECT_EQ(std::get<StageOrder>(r->write()).stage, 2U);
}

TEST(Guard, TimesAreCheckedToTheMicrosecond) {
  Bench b;
  b.situation.now = b.proposal.expires - Duration{1};
  b.state.received = b.situation.now;
  EXPECT_EQ(b.verdict(), "approved");
  b.situation.now = b.proposal.expires;
  b.state.received = b.situation.now;
  EXPECT_EQ(b.verdict(), "expired");
  b = Bench();
  b.proposal.decided = b.situation.now + from_seconds(kMaxFutureDecision);
  b.proposal.expires = b.proposal.decided + from_seconds(3);
  EXPECT_EQ(b.verdict(), "approved");
  b.proposal.decided = b.proposal.decided + Duration{1};
  EXPECT_EQ(b.verdict(), "from_the_future");
  b = Bench();
  b.proposal.expires = b.proposal.decided + from_seconds(kMaxStageOrderLife);
  EXPECT_EQ(b.verdict(), "approved");
  b.proposal.expires = b.proposal.expires + Duration{1};
  EXPECT_EQ(b.verdict(), "too_long");
}

TEST(Guard, AnotherEpochOrJunctionIsRefused) {
  Bench b;
  b.proposal.epoch = 3;
  EXPECT_EQ(b.verdict(), "epoch");
  b = Bench();
  b.proposal.junction = JunctionId{"J2"};
  EXPECT_EQ(b.verdict(), "wrong_target");
}

TEST(Guard, AJunctionWhoseFileIsNotSoundIsNeverCommanded) {
  Bench b;
  b.signals.stages[0].green = {0, 1};
  b.state = watch(b.signals);
  EXPECT_EQ(b.verdict(), "invalid_description");
}

TEST(Guard, ARealJunctionNeedsEverySignatureAndTheSignedChecksum) {
  Bench b;
  b.signals.real = true;
  EXPECT_EQ(b.verdict(), "checksum");
  b.signals.parameter_checksum = "c0ffee";
  EXPECT_EQ(b.verdict(), "checksum");
  b.state.observed.parameter_checksum = "c0ffee";
  EXPECT_EQ(b.verdict(), "approved");
  b.signals.signatures[0].signer = "";
  EXPECT_EQ(b.verdict(), "unsigned");
  b.signals.signatures[0] = {Origin::unknown, "d", "A. Pop", "2026-01-01"};
  EXPECT_EQ(b.verdict(), "unsigned");
}

TEST(Guard, OnlyLiveSupervisedWithAPersonOrBenchInABenchIsCommanded) {
  Bench b;
  for (const auto state :
       {Commissioning::unknown, Commissioning::imported, Commissioning::checked,
        Commissioning::bench, Commissioning::shadow, Commissioning::supervised}) {
    b.signals.commissioning = state;
    EXPECT_EQ(b.verdict(), "commissioning") << to_name(state);
  }
  b.proposal.operator_confirmed = true;
  EXPECT_EQ(b.verdict(), "approved");
  b.signals.commissioning = Commissioning::bench;
  EXPECT_EQ(b.verdict(), "commissioning");
  b.situation.world = WorldKind::bench;
  EXPECT_EQ(b.verdict(), "approved");
}

TEST(Guard, WhatIsNotSeenFreshAndConnectedIsNotCommanded) {
  Bench b;
  b.state.observed.link = CommLink::connecting;
  EXPECT_EQ(b.verdict(), "no_communication");
  b = Bench();
  b.state.received = b.situation.now - from_seconds(kMaxObservationAge);
  EXPECT_EQ(b.verdict(), "approved");
  b.state.received = b.state.received - Duration{1};
  EXPECT_EQ(b.verdict(), "stale_observation");
  b.state.received = b.situation.now + Duration{1};
  EXPECT_EQ(b.verdict(), "stale_observation");
}

TEST(Guard, NothingIsSentWhileAnotherHolds) {
  for (const auto holder : {Holder::unknown, Holder::panel, Holder::police_key, Holder::maintenance,
                            Holder::other_supervisor}) {
    Bench b;
    b.state.observed.holder = holder;
    EXPECT_EQ(b.verdict(), "holder") << to_name(holder);
  }
  for (const auto holder : {Holder::local_plan, Holder::centre, Holder::op}) {
    Bench b;
    b.state.observed.holder = holder;
    EXPECT_EQ(b.verdict(), "approved") << to_name(holder);
  }
}

TEST(Guard, AStageOrderNeedsControlModeAndTheStageLever) {
  for (const auto mode :
       {ControlMode::unknown, ControlMode::startup, ControlMode::standby, ControlMode::failure,
        ControlMode::test, ControlMode::yellow_flash, ControlMode::dark, ControlMode::all_red}) {
    Bench b;
    b.state.observed.mode = mode;
    EXPECT_EQ(b.verdict(), "mode") << to_name(mode);
  }
  for (const auto lever : {Lever::none, Lever::observe, Lever::plan, Lever::bands}) {
    Bench b;
    b.signals.lever = lever;
    EXPECT_EQ(b.verdict(), "lever") << to_name(lever);
  }
}

TEST(Guard, UnknownStagesAreRefused) {
  Bench b;
  EXPECT_EQ(b.verdict(StageOrder{7}), "unknown_stage");
  b = Bench();
  b.state.stage = 9;
  EXPECT_EQ(b.verdict(), "unknown_stage");
  b = Bench();
  b.state.observed.groups.clear();
  EXPECT_EQ(b.verdict(), "groups_unknown");
}

TEST(Guard, LatchedInputsBlockUntilTheyAreCleared) {
  Bench b;
  b.state.inputs_clean = false;
  EXPECT_EQ(b.verdict(), "latched_inputs");
}

TEST(Guard, BetweenStagesOnlyTheOrderUnderWayMayBeRefreshed) {
  Bench b;
  b.see({Aspect::amber, Aspect::red, Aspect::red}, std::nullopt, 30);
  EXPECT_EQ(b.verdict(), "in_intergreen");
  b.state.ordered_stage = 2;
  EXPECT_EQ(b.verdict(), "approved");
  EXPECT_EQ(b.verdict(StageOrder{1}), "in_intergreen");
}

TEST(Guard, AForbiddenTransitionIsRefusedAndStayingIsNot) {
  Bench b;
  b.signals.transitions = {{2, 1}};
  EXPECT_EQ(b.verdict(), "transition");
  EXPECT_EQ(b.verdict(StageOrder{1}), "approved");
}

TEST(Guard, AMinimumGreenIsKeptToTheMicrosecondForEveryGroup) {
  Bench b;
  b.state.groups[0].since = b.situation.now - from_seconds(6);
  EXPECT_EQ(b.verdict(), "approved");
  b.state.groups[0].since = b.state.groups[0].since + Duration{1};
  EXPECT_EQ(b.verdict(), "min_green");
  b = Bench();
  b.state.groups[2].since = b.situation.now - from_seconds(7) + Duration{1};
  EXPECT_EQ(b.verdict(), "min_green") << "a walk is never cut";
}

TEST(Guard, AGroupWhoseMaximumRedIsDueMustBeServed) {
  Bench b;
  b.proposal.write = StageOrder{1};
  const auto limit = b.situation.now - from_seconds(120);
  b.state.groups[1] = {Aspect::red, limit, true, limit};
  EXPECT_EQ(b.verdict(), "max_red");
  EXPECT_EQ(b.verdict(StageOrder{2}), "approved");
  b.proposal.write = StageOrder{1};
  b.state.groups[1].since = limit + Duration{1};
  EXPECT_EQ(b.verdict(), "approved");
  b.state.groups[1] = {Aspect::red, b.situation.now - from_seconds(500), true, limit};
  EXPECT_EQ(b.verdict(), "max_red");
  b.state.groups[1].asked = limit + Duration{1};
  EXPECT_EQ(b.verdict(), "approved") << "the first came later than the red";
  b.state.groups[1] = {Aspect::red, b.situation.now - from_seconds(500), false, limit};
  EXPECT_EQ(b.verdict(), "approved") << "nobody waits";
  b.state.groups[1].demand = true;
  b.signals.groups[1].max_red.time.value = 0;
  EXPECT_EQ(b.verdict(), "approved") << "no promise was made";
}

TEST(Guard, AMaximumRedDoesNotForceACutOfARunningMinimumGreen) {
  Bench b;
  b.proposal.write = StageOrder{1};
  b.state.groups[1] = {Aspect::red, b.situation.now - from_seconds(300), true, {}};
  b.state.groups[0].since = b.situation.now - from_seconds(2);
  EXPECT_EQ(b.verdict(), "approved");
}

TEST(Guard, AMaximumRedThatNoAllowedTransitionCanServeIsNotBlamedOnTheOrder) {
  Bench b;
  b.proposal.write = StageOrder{1};
  b.state.groups[1] = {Aspect::red, b.situation.now - from_seconds(300), true, {}};
  b.signals.transitions = {{2, 1}};
  EXPECT_EQ(b.verdict(), "approved");
}

TEST(Guard, AReleaseIsRefusedOnlyWithoutAWire) {
  Bench b;
  b.proposal.write = ReleaseOrder{};
  b.state.observed.holder = Holder::panel;
  b.state.observed.mode = ControlMode::failure;
  b.signals.commissioning = Commissioning::shadow;
  EXPECT_EQ(b.verdict(), "approved");
  b.state.observed.link = CommLink::no_communication;
  EXPECT_EQ(b.verdict(), "no_communication");
}

}  // namespace
}  // namespace dispecer::guard
