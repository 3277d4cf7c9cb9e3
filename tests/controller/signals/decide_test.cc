// Each rule of the second-by-second layer, shown by what happens without its cause.
#include <gtest/gtest.h>

#include "controller/signals/decide.h"
#include "controller/signals/due.h"
#include "tests/controller/signals/crossroads.h"

namespace dispecer {
namespace {

using namespace test;

TEST(SignalDecision, AStageWithAQueueIsExtendedWhileTheOtherSideIsEmpty) {
  Crossroads road;
  auto state = road.controller();
  const double t = settle(state, road);
  road.queue("n", 8);
  const auto now = second(state, road, t);
  EXPECT_EQ(now.ordered(), 1u);
  EXPECT_EQ(now.decision.action, SignalAction::extend);
  EXPECT_EQ(now.decision.reason.rule, "serving");
}

TEST(SignalDecision, AQueueOnTheOtherSideGetsTheStageWhenNothingIsLeftHere) {
  Crossroads road;
  auto state = road.controller();
  const double t = settle(state, road);
  road.queue("e", 8);
  const auto now = second(state, road, t);
  EXPECT_EQ(now.ordered(), 2u);
  EXPECT_EQ(now.decision.action, SignalAction::change);
  EXPECT_EQ(now.decision.reason.rule, "least_cost");
  EXPECT_EQ(now.decision.reason.otherwise, "rest");
  EXPECT_EQ(now.decision.from_stage, 1u);
}

TEST(SignalDecision, WithNobodyAnywhereTheStageRests) {
  Crossroads road;
  auto state = road.controller();
  const double t = settle(state, road);
  const auto now = second(state, road, t);
  EXPECT_EQ(now.ordered(), 1u);
  EXPECT_EQ(now.decision.reason.rule, "no_demand");
}

TEST(SignalDecision, NoChangeIsAskedForBeforeTheMinimumGreen) {
  Crossroads road;
  road.queue("e", 10);
  auto state = road.controller();
  std::uint32_t first_change = 0;
  for (std::uint32_t s = 0; s < 20 && first_change == 0; ++s) {
    if (second(state, road, s).ordered() == 2) first_change = s;
  }
  EXPECT_EQ(first_change, 6u);
}

TEST(SignalDecision, VehiclesExpectedSoonKeepTheStage) {
  Crossroads road;
  auto state = road.controller();
  const double t = settle(state, road);
  road.queue("e", 3);
  auto other = state;
  EXPECT_EQ(second(other, road, t).ordered(), 2u);
  road.arrivals("n", 4);
  road.arrivals("s", 4);
  EXPECT_EQ(second(state, road, t).ordered(), 1u);
}

TEST(SignalDecision, ASmallAdvantageDoesNotPayForTheLossOfAChange) {
  Crossroads road;
  auto state = road.controller();
  const double t = settle(state, road);
  road.queue("n", 6);
  road.queue("e", 8);
  EXPECT_EQ(second(state, road, t).ordered(), 1u);
}

TEST(SignalDecision, AVehicleCountsForLessWhereTheLinkAheadFillsUp) {
  Crossroads road;
  auto state = road.controller();
  const double t = settle(state, road);
  road.queue("n", 2);
  road.queue("e", 10);
  auto other = state;
  EXPECT_EQ(second(other, road, t).ordered(), 1u) << "free exits: the running stage serves more";
  road.exit("n").storage = {0.84};
  EXPECT_EQ(second(state, road, t).ordered(), 2u);
}

TEST(SignalDecision, NoStageIsGivenIntoAFullLink) {
  Crossroads road;
  auto state = road.controller();
  const double t = settle(state, road);
  road.queue("e", 12);
  road.exit("e").spillback = true;
  const auto now = second(state, road, t);
  EXPECT_EQ(now.ordered(), 1u);
  EXPECT_EQ(now.decision.reason.rule, "spillback_hold");
}

TEST(SignalDecision, AStageIntoAFullLinkEnds) {
  Crossroads road;
  auto state = road.controller();
  const double t = settle(state, road);
  road.queue("n", 12);
  road.queue("s", 12);
  road.exit("n").spillback = true;
  road.queue("e", 1);
  const auto now = second(state, road, t);
  EXPECT_EQ(now.ordered(), 2u);
  EXPECT_EQ(now.decision.reason.rule, "spillback_end");
}

TEST(SignalDecision, AFullLinkDoesNotOutlastTheMaximumRed) {
  Crossroads road;
  road.queue("n", 20);
  road.queue("e", 5);
  road.exit("e").spillback = true;
  auto state = road.controller();
  double ordered_at = 0;
  for (double s = 0; s < 130 && ordered_at == 0; ++s) {
    if (second(state, road, s).ordered() == 2) ordered_at = s;
  }
  EXPECT_GT(ordered_at, 100);
  EXPECT_LE(ordered_at, 115) << "red 120 s less 5 s of intergreen";
}

TEST(SignalDecision, TheMaximumRedIsKeptForOneVehicleAgainstEndlessQueues) {
  Crossroads road;
  road.queue("n", 30);
  road.queue("s", 30);
  road.queue("e", 1);
  auto state = road.controller();
  Second last;
  double s = 0;
  for (; s < 130; ++s) {
    last = second(state, road, s);
    if (last.ordered() == 2) break;
  }
  EXPECT_LE(s + 5, 120);
  EXPECT_EQ(last.decision.reason.rule, "max_red");
}

TEST(SignalDecision, WhenTwoGroupsFallDueTogetherTheFirstGoesEarlyEnoughForTheSecond) {
  Crossroads road;
  road.queue("n", 30);
  road.queue("s", 30);
  road.queue("e", 1);
  road.picture->crossings[0] = {CrossingId("x"), true, {1}};
  controller::ControllerParameters parameters;
  parameters.signals.pedestrian_value = 0;
  parameters.signals.pedestrian_per_s = 0;
  auto state = road.controller(parameters);
  double s = 0;
  for (; s < 130; ++s) {
    if (second(state, road, s).ordered() != 1) break;
  }
  // Two intergreens of 5 s and a minimum green of 5 or 6 s fit before 120 s.
  EXPECT_LE(s + 5 + 5 + 5, 120);
}

TEST(SignalDecision, WhoeverWaitedLongerComesFirstHoweverLongTheRedHasBeen) {
  Crossroads road;
  const signals::SignalParameters p;
  const auto site = signals::make_site(signals::make_index(road.network), road.signals, p);
  signals::Memory memory = signals::make_memory(site);
  memory.groups[0].green = false;
  memory.groups[0].since = at(0);
  memory.groups[1].green = false;
  memory.groups[1].since = at(80);
  memory.groups[2].green = true;
  signals::JunctionView view;
  view.movements.resize(site.movements.size());
  view.crossings.resize(site.crossings.size());
  for (auto& m : view.movements) m.known = true;
  const auto first = [&](double north, double east, double s) {
    memory.groups[0].nobody = memory.groups[1].nobody = at(s - 1);
    view.movements[0].waiting = north;
    view.movements[2].waiting = east;
    signals::note_waits(site, view, at(s), memory);
    return signals::needs(site, view, memory, at(s), p).at(0).group;
  };
  EXPECT_EQ(first(1, 60, 150), 1u);
  EXPECT_EQ(first(1, 121, 201), 1u) << "nobody stood at the north's red until just now";
  EXPECT_EQ(first(150, 121, 201), 0u);
}

TEST(SignalDecision, WhereASoundDetectorDiesNobodyIsTakenToHaveWaitedBefore) {
  Crossroads road;
  const signals::SignalParameters p;
  const auto site = signals::make_site(signals::make_index(road.network), road.signals, p);
  signals::Memory memory = signals::make_memory(site);
  memory.groups[0].since = at(0);
  signals::JunctionView view;
  view.movements.resize(site.movements.size());
  view.crossings.resize(site.crossings.size());
  for (auto& m : view.movements) m.known = true;
  signals::note_waits(site, view, at(200), memory);
  const auto left = [&](double s) {
    signals::note_waits(site, view, at(s), memory);
    for (const auto& need : signals::needs(site, view, memory, at(s), p)) {
      if (need.group == 0) return std::optional(need.left);
    }
    return std::optional<double>();
  };
  EXPECT_FALSE(left(200)) << "nobody waits";
  view.movements[0].known = false;
  EXPECT_EQ(left(210), std::min(120.0, site.cycle) - 10 - p.due_margin_s);
}

TEST(SignalDecision, AGroupThatNobodySeesDoesNotComeBeforeAMaximumRed) {
  Crossroads road;
  road.show(3);
  road.queue("n", 3, 104);
  road.movement("e").demand_known = false;
  const signals::SignalParameters p;
  const auto site = signals::make_site(signals::make_index(road.network), road.signals, p);
  ASSERT_LT(site.cycle, 98) << "by which the east should have been served";
  auto memory = signals::make_memory(site);
  const auto picture = road.now(200);
  signals::PictureIndex index;
  index.update(*picture);
  signals::JunctionView view;
  signals::look(site, signals::find_rows(site, index), *picture, at(200), p, view);
  signals::observe(memory, site, *view.signal);
  memory.groups[0].since = at(200 - 104);
  memory.groups[1].since = at(200 - 98);
  memory.groups[2].since = memory.stage_since = at(150);
  signals::Horizon horizon;
  const auto choice = signals::decide(site, view, memory, {}, at(200), p, horizon);
  EXPECT_EQ(choice.reason.rule, "max_red");
  EXPECT_EQ(choice.stage, site.index_of(1));
}

TEST(SignalDecision, AWaitingPedestrianIsServedAndNobodyWaitingIsNot) {
  Crossroads road;
  auto state = road.controller();
  const double t = settle(state, road);
  auto other = state;
  EXPECT_EQ(second(other, road, t).ordered(), 1u);
  road.picture->crossings[0] = {CrossingId("x"), true, {5}};
  EXPECT_EQ(second(state, road, t).ordered(), 3u);
}

TEST(SignalDecision, AMovementThatNobodySeesIsServedByTime) {
  Crossroads road;
  road.queue("n", 4);
  road.movement("e").demand_known = false;
  auto state = road.controller();
  double s = 0;
  for (; s < 130; ++s) {
    if (second(state, road, s).ordered() == 2) break;
  }
  EXPECT_LE(s, 90) << "at the latest after the local plan's cycle";
}

TEST(SignalDecision, AStageThatMayNotBeSkippedRunsWithoutDemand) {
  Crossroads road;
  road.queue("n", 4);
  road.signals.stages[1].skippable = false;
  auto state = road.controller();
  double s = 0;
  for (; s < 130; ++s) {
    if (second(state, road, s).ordered() == 2) break;
  }
  EXPECT_LE(s + 5, 120);
  EXPECT_GT(s, 60);
}

TEST(SignalDecision, OnlyAllowedTransitionsAreAskedFor) {
  Crossroads road;
  std::erase(road.signals.transitions, Transition{1, 2});
  road.queue("e", 10);
  auto state = road.controller();
  const double t = settle(state, road);
  const auto now = second(state, road, t);
  EXPECT_EQ(now.ordered(), 3u) << "the way to stage 2 leads over stage 3";
}

TEST(SignalDecision, BetweenStagesTheOrderedStageIsAskedForAgain) {
  Crossroads road;
  auto state = road.controller();
  double t = settle(state, road);
  road.queue("e", 8);
  ASSERT_EQ(second(state, road, t++).ordered(), 2u);
  road.show(0);
  road.queue("n", 30);
  for (int i = 0; i < 4; ++i) {
    const auto now = second(state, road, t++);
    EXPECT_EQ(now.ordered(), 2u);
    EXPECT_EQ(now.decision.reason.rule, "changing");
  }
}

TEST(SignalDecision, BetweenStagesOfTheLocalPlanNothingIsAskedFor) {
  Crossroads road;
  road.show(0);
  auto state = road.controller();
  const auto now = second(state, road, 0);
  EXPECT_FALSE(now.proposal);
  EXPECT_EQ(now.decision.reason.rule, "between_stages");
}

TEST(SignalDecision, AnOrderedChangeIsNotTakenBackWhileItMayStillBegin) {
  Crossroads road;
  auto state = road.controller();
  double t = settle(state, road);
  road.queue("e", 8);
  ASSERT_EQ(second(state, road, t++).ordered(), 2u);
  road.queue("n", 30);
  EXPECT_EQ(second(state, road, t++).ordered(), 2u);
  EXPECT_EQ(second(state, road, t++).ordered(), 2u);
}

TEST(SignalDecision, AProposalLivesThreeSecondsAndRestsOnTheObservation) {
  Crossroads road;
  auto state = road.controller();
  const auto now = second(state, road, 0);
  ASSERT_TRUE(now.proposal);
  EXPECT_EQ(now.proposal->decided, at(0));
  EXPECT_EQ(now.proposal->based_on, at(0));
  EXPECT_EQ(now.proposal->expires, at(3));
  EXPECT_EQ(now.proposal->id, now.decision.proposal);
  EXPECT_EQ(now.proposal->actor.role, Role::automaton);
}

}  // namespace
}  // namespace dispecer
