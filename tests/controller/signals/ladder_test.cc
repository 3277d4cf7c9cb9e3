// Whose junction it is, and the steps down to the local plan with their times.
#include <gtest/gtest.h>

#include "tests/controller/signals/crossroads.h"

namespace dispecer {
namespace {

using namespace test;

TEST(SignalLadder, TrafficDataOlderThanFiveSecondsStepsDownToTheCycleLayer) {
  Crossroads road;
  auto state = road.controller();
  const double t = settle(state, road);
  for (auto& m : road.picture->movements) m.queue.age_s = 4.9;
  EXPECT_NE(second(state, road, t).decision.reason.rule, "cycle_layer");
  for (auto& m : road.picture->movements) m.queue.age_s = 5.5;
  const auto now = second(state, road, t + 1);
  EXPECT_EQ(now.decision.reason.rule, "cycle_layer");
  EXPECT_EQ(now.ordered(), 1u);
}

TEST(SignalLadder, TheCycleLayerGivesTheLongerGreenToTheLongerQueueAndComesRound) {
  const auto green_of_first = [](double queue_n) {
    Crossroads road;
    road.queue("n", queue_n);
    road.queue("e", 5);
    for (auto& m : road.picture->movements) m.queue.age_s = 10;
    auto state = road.controller();
    double s = 0;
    while (s < 90 && second(state, road, s).ordered() == 1) ++s;
    return s;
  };
  EXPECT_GT(green_of_first(20), green_of_first(1) + 5);
  EXPECT_LT(green_of_first(1000), 90);
}

TEST(SignalLadder, TrafficDataOlderThanThirtySecondsReleasesOnce) {
  Crossroads road;
  auto state = road.controller();
  double t = settle(state, road);
  for (auto& m : road.picture->movements) m.queue.age_s = 31;
  const auto now = second(state, road, t++);
  EXPECT_TRUE(now.released());
  EXPECT_EQ(now.decision.action, SignalAction::hand_back);
  EXPECT_EQ(now.decision.reason.rule, "data_stale");
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(second(state, road, t++).proposal);
}

TEST(SignalLadder, WithoutAPictureForFiveSecondsEverythingIsReleased) {
  Crossroads road;
  auto state = road.controller();
  const double t = settle(state, road, 10);
  const auto early = controller::step(state, at(t + 3), 0);
  ASSERT_EQ(early.proposals.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<StageOrder>(early.proposals[0].write));
  const auto late = controller::step(state, at(t + 4.5), 0);
  ASSERT_EQ(late.proposals.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<ReleaseOrder>(late.proposals[0].write));
  EXPECT_EQ(late.decisions[0].reason.rule, "observation_stale");
  EXPECT_TRUE(controller::step(state, at(t + 6), 0).proposals.empty());
}

TEST(SignalLadder, WhatIsNotOursIsReleasedOnceWithItsReasonAndTakenAgainWhenItIs) {
  struct Case {
    const char* rule;
    std::function<void(SignalObservation&)> change;
  };
  const std::vector<Case> cases{
      {"holder_panel", [](auto& o) { o.holder = Holder::panel; }},
      {"holder_police_key", [](auto& o) { o.holder = Holder::police_key; }},
      {"holder_other_supervisor", [](auto& o) { o.holder = Holder::other_supervisor; }},
      {"holder_maintenance", [](auto& o) { o.holder = Holder::maintenance; }},
      {"holder_unknown", [](auto& o) { o.holder = Holder::unknown; }},
      {"mode_yellow_flash", [](auto& o) { o.mode = ControlMode::yellow_flash; }},
      {"mode_failure", [](auto& o) { o.mode = ControlMode::failure; }},
      {"mode_dark", [](auto& o) { o.mode = ControlMode::dark; }},
      {"mode_startup", [](auto& o) { o.mode = ControlMode::startup; }},
      {"no_communication", [](auto& o) { o.link = CommLink::no_communication; }},
      {"no_communication", [](auto& o) { o.link = CommLink::connecting; }},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.rule);
    Crossroads road;
    auto state = road.controller();
    double t = settle(state, road);
    const auto good = road.seen();
    c.change(road.seen());
    const auto now = second(state, road, t++);
    EXPECT_TRUE(now.released());
    EXPECT_EQ(now.decision.reason.rule, c.rule);
    const auto after = second(state, road, t++);
    EXPECT_FALSE(after.proposal);
    EXPECT_EQ(after.decision.action, SignalAction::none);
    road.seen() = good;
    EXPECT_EQ(second(state, road, t++).ordered(), 1u);
  }
}

TEST(SignalLadder, TheCentreMayCommandWhatItAlreadyHolds) {
  Crossroads road;
  road.seen().holder = Holder::centre;
  auto state = road.controller();
  EXPECT_EQ(second(state, road, 0).ordered(), 1u);
}

TEST(SignalLadder, CommissioningDecidesWhetherAnythingIsSent) {
  const std::vector<std::pair<Commissioning, bool>> cases{
      {Commissioning::live, true},     {Commissioning::supervised, false},
      {Commissioning::shadow, false},  {Commissioning::bench, false},
      {Commissioning::checked, false}, {Commissioning::imported, false},
      {Commissioning::unknown, false}};
  for (const auto& [commissioning, sends] : cases) {
    SCOPED_TRACE(std::string(to_name(commissioning)));
    Crossroads road;
    road.signals.commissioning = commissioning;
    auto state = road.controller();
    const double t = settle(state, road);
    road.queue("e", 10);
    const auto now = second(state, road, t);
    EXPECT_EQ(now.proposal.has_value(), sends);
    const bool decides = commissioning == Commissioning::shadow ||
                         commissioning == Commissioning::supervised || sends;
    EXPECT_EQ(now.decision.stage, decides ? 2u : 0u);
  }
}

TEST(SignalLadder, ABenchJunctionIsCommandedInABenchWorldOnly) {
  Crossroads road;
  road.signals.commissioning = Commissioning::bench;
  controller::ControllerParameters parameters;
  parameters.signals.bench_world = true;
  auto state = road.controller(parameters);
  EXPECT_EQ(second(state, road, 0).ordered(), 1u);
}

TEST(SignalLadder, WithoutTheStageLeverNoStageIsOrdered) {
  for (const auto lever : {Lever::observe, Lever::plan, Lever::bands}) {
    Crossroads road;
    road.signals.lever = lever;
    auto state = road.controller();
    const auto now = second(state, road, 0);
    EXPECT_FALSE(now.proposal);
    EXPECT_EQ(now.decision.reason.rule, lever == Lever::observe ? "lever_observe" : "plan_runs");
  }
}

TEST(SignalLadder, ARedThatBeganWhileNothingWasHeardCountsFromTheLastReport) {
  Crossroads road;
  auto state = road.controller();
  double t = settle(state, road);
  const auto last = at(t - 1);
  t += 40;
  road.show(2);
  second(state, road, t);
  const auto& groups = state.junctions.at(JunctionId("j")).memory.groups;
  EXPECT_FALSE(groups[0].green);
  EXPECT_EQ(groups[0].since, last) << "its maximum red may have begun then";
  EXPECT_TRUE(groups[1].green);
  EXPECT_EQ(groups[1].since, at(t)) << "its minimum green is counted from what was seen";
}

TEST(SignalLadder, AJunctionThatWasNeverObservedIsLeftAlone) {
  Crossroads road;
  auto state = road.controller();
  road.picture->signals.clear();
  controller::apply(state, std::make_shared<const CityPicture>(*road.picture));
  const auto out = controller::step(state, at(0), 0);
  EXPECT_TRUE(out.proposals.empty());
  EXPECT_EQ(out.decisions.at(0).reason.rule, "never_observed");
}

TEST(SignalLadder, InputsLeftBehindByAnEarlierLifeAreReleasedWhereWeDoNotCommand) {
  Crossroads road;
  road.signals.commissioning = Commissioning::shadow;
  road.seen().forced_inputs = {2};
  road.signals.commissioning = Commissioning::checked;
  auto state = road.controller();
  EXPECT_TRUE(second(state, road, 0).released());
  EXPECT_FALSE(second(state, road, 1).proposal) << "not again each second";
  road.seen().holder = Holder::other_supervisor;
  EXPECT_FALSE(second(state, road, 20).proposal) << "they are another's";
}

TEST(SignalLadder, ANewEpochForgetsAgesOfTheOldOne) {
  Crossroads road;
  road.queue("e", 5);
  auto state = road.controller();
  settle(state, road);
  road.picture->epoch = 1;
  road.picture->t = at(-1000);
  road.seen().t = at(-1000);
  controller::apply(state, std::make_shared<const CityPicture>(*road.picture));
  const auto out = controller::step(state, at(-1000), 1);
  ASSERT_EQ(out.proposals.size(), 1u);
  EXPECT_EQ(out.proposals[0].epoch, 1u);
  EXPECT_EQ(std::get<StageOrder>(out.proposals[0].write).stage, 1u) << "minimum green begins anew";
}

}  // namespace
}  // namespace dispecer
