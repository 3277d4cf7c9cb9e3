#include <gtest/gtest.h>

#include "tests/sim/controller/crossroads.h"

namespace dispecer::sim {
namespace {

std::string times(const std::string& pattern) {  // "3R2G" -> "RRRGG"
  std::string out;
  int n = 0;
  for (const char c : pattern) {
    if (c >= '0' && c <= '9') {
      n = n * 10 + (c - '0');
    } else {
      out.append(static_cast<std::size_t>(n), c);
      n = 0;
    }
  }
  return out;
}

Kerb in_plan(double until = 120) {
  Kerb run(*make_controller(crossroads()));
  run.to(until);
  run.clear();
  return run;
}

TEST(VirtualController, StartsWithFlashAmberAndRedLongerThanTheLongestIntergreen) {
  Kerb run(*make_controller(crossroads()));
  run.to(14);
  EXPECT_EQ(run.seen[0], times("2F3A9R"));
  EXPECT_EQ(run.seen[2], times("2D12R"));
  EXPECT_EQ(run.last.mode, ControlMode::startup);
  run.to(16);
  EXPECT_EQ(run.last.mode, ControlMode::control);
}

TEST(VirtualController, RunsItsLocalPlanOnTheUtcReferenceWithAmberRedAmberAndClearance) {
  auto run = in_plan();
  run.to(180);
  EXPECT_EQ(run.seen[0], times("25G3A31R1U"));
  EXPECT_EQ(run.seen[1], times("29R1U21G3A6R"));
  EXPECT_EQ(run.seen[2], times("30R21G9R"));
  EXPECT_EQ(run.last.cycle_second, 59U);
}

TEST(VirtualController, AnOffsetShiftsTheCycleAgainstTheReference) {
  auto run = in_plan();
  ASSERT_TRUE(run.input(SelectPlan{2}));
  run.to(400);
  run.clear();
  run.to(440);
  // Plan 2: stage 1 from second 10 of the reference, stage 2 from 30.
  EXPECT_EQ(run.seen[0], times("9R1U15G3A12R"));
  EXPECT_EQ(run.last.plan, 2U);
  EXPECT_EQ(run.last.cycle_second, 29U);
  EXPECT_EQ(run.last.base_cycle_second, 39U);
}

TEST(VirtualController, ADemandedStageIsTakenAfterMinimumGreenAndHeldWhileRefreshed) {
  auto run = in_plan();
  for (int i = 0; i < 90; ++i) {
    ASSERT_TRUE(run.input(SetInputs{{2}, {1}}));
    run.to(run.now + 1);
  }
  EXPECT_EQ(run.seen[0], times("7G3A80R"));
  EXPECT_EQ(run.seen[1], times("11R1U78G"));
  EXPECT_EQ(run.last.stage, 2U);
  EXPECT_EQ(run.last.demanded, 2U);
}

TEST(VirtualController, ADemandIsDroppedTheReleaseTimeAfterItsLastRefreshAndThePlanFoundAgain) {
  auto run = in_plan();
  for (int i = 0; i < 90; ++i) {
    ASSERT_TRUE(run.input(SetInputs{{2}, {1}}));
    run.to(run.now + 1);
  }  // last refresh at 209, now 210, in plan second 30 stage 2 has just begun
  run.to(214);
  EXPECT_EQ(run.last.demanded, 2U);
  run.to(215);
  EXPECT_FALSE(run.last.demanded.has_value());
  run.to(300);
  run.clear();
  run.to(360);
  EXPECT_EQ(run.seen[0], times("25G3A31R1U"));
}

TEST(VirtualController, ClearingTheInputReleasesAtOnce) {
  auto run = in_plan();
  ASSERT_TRUE(run.input(SetInputs{{2}, {}}));
  run.to(130);
  ASSERT_TRUE(run.input(SetInputs{{}, {2}}));
  run.to(131);
  EXPECT_FALSE(run.last.demanded.has_value());
}

TEST(VirtualController, TheNewestOfTwoDemandsWins) {
  auto run = in_plan(135);
  ASSERT_TRUE(run.input(SetInputs{{1}, {}}));
  ASSERT_TRUE(run.input(SetInputs{{2}, {}}));
  run.to(136);
  EXPECT_EQ(run.last.demanded, 2U);
  EXPECT_EQ(demanded_stages(run.state), (std::vector<std::uint32_t>{2, 1}));
}

TEST(VirtualController, ADemandThatKeepsAGroupWaitingBeyondItsMaximumRedIsRefused) {
  auto own = crossroads();
  own.groups[0].max_red.time.value = 60;
  Kerb run(*make_controller(own));
  run.to(120);
  for (int i = 0; i < 120; ++i) {
    ASSERT_TRUE(run.input(SetInputs{{2}, {1}}));
    run.to(run.now + 1);
  }
  EXPECT_GT(run.state.refused["max_red"], 0U);
  EXPECT_TRUE(run.state.lamps[0].green_began > at(120)) << "the waiting group was served";
}

TEST(VirtualController, TheMaximumRedOfAGroupCountsFromWhenItsDetectorHasSeenSomebody) {
  auto own = crossroads();
  own.groups[0].max_red.time.value = 60;
  Settings settings;
  settings.detectors = {1};
  settings.demand_detectors = {{1}, {}, {}};
  Kerb run(*make_controller(own, settings));
  run.to(120);
  const auto hold = [&](int seconds) {
    for (int i = 0; i < seconds; ++i) {
      ASSERT_TRUE(run.input(SetInputs{{2}, {1}}));
      run.to(run.now + 1);
    }
  };
  hold(150);
  EXPECT_EQ(run.state.refused["max_red"], 0U) << "nobody came";
  EXPECT_EQ(run.last.stage, 2U);
  DetectorReading somebody;
  somebody.number = 1;
  somebody.occupied = true;
  ASSERT_TRUE(run.input(somebody));
  run.to(run.now + 1);
  somebody.occupied = false;
  ASSERT_TRUE(run.input(somebody));
  const double came = run.now;
  hold(55);
  EXPECT_EQ(run.state.refused["max_red"], 0U) << "who came has not waited for the maximum";
  hold(35);
  EXPECT_GT(run.state.refused["max_red"], 0U) << "who came is remembered until green";
  EXPECT_TRUE(run.state.lamps[0].green_began > at(came));
}

TEST(VirtualController, ADemandWithoutAnAllowedTransitionGoesByTheStagesThatAreAllowed) {
  auto own = crossroads();
  own.stages.push_back({3, "P only", {2}, {}, false, 3});
  own.transitions = {{1, 2}, {2, 3}, {3, 1}};
  own.plans = {
      {1, "day", {60}, {0}, {{1, {0}, {7}, {40}}, {2, {20}, {7}, {40}}, {3, {40}, {5}, {40}}}}};
  Kerb run(*make_controller(own));
  run.to(121);
  run.clear();
  std::vector<std::uint32_t> order;
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(run.input(SetInputs{{3}, {}}));
    run.to(run.now + 1);
    if (run.last.stage && (order.empty() || order.back() != *run.last.stage))
      order.push_back(*run.last.stage);
  }
  EXPECT_EQ(order, (std::vector<std::uint32_t>{1, 2, 3}));
}

TEST(VirtualController, RefusesInputsPlansAndDetectorsThatItDoesNotHave) {
  auto run = in_plan();
  EXPECT_EQ(run.input(SetInputs{{1, 99}, {}}).error().cause, "no_such_input");
  EXPECT_TRUE(demanded_stages(run.state).empty()) << "nothing of a refused order is carried out";
  EXPECT_EQ(run.input(SelectPlan{9}).error().cause, "no_such_plan");
  EXPECT_EQ(run.input(ForceDetector{1, true}).error().cause, "no_such_detector");
  EXPECT_EQ(run.input(ForceOutput{9, true}).error().cause, "no_such_output");
  EXPECT_EQ(run.input(SetMode{ControlMode::all_red, 0}).error().cause, "no_such_mode");
}

TEST(VirtualController, RefusesACycleOffsetOrBandThatWouldBreakItsOwnRules) {
  auto run = in_plan();
  EXPECT_EQ(run.input(SetCycle{1, 40}).error().cause, "unsafe_plan");  // stage 2 below its minimum
  EXPECT_EQ(run.input(SetOffset{1, 60}).error().cause, "unsafe_plan");
  EXPECT_EQ(run.input(SetBands{1, {{1, 25}}}).error().cause, "unsafe_plan");
  EXPECT_EQ(run.input(SetBands{1, {{7, 1}}}).error().cause, "unsafe_plan");
  EXPECT_EQ(run.state.running_plan(), crossroads().plans[0]);
  EXPECT_EQ(run.state.refused["unsafe_plan"], 4U);
}

TEST(VirtualController, ABandLengthensItsStageAndEndsSomeTimeAfterTheSupervisorWasLost) {
  auto run = in_plan();
  ASSERT_TRUE(run.input(SetBands{1, {{1, 10}}}));
  ASSERT_TRUE(run.input(SetBandTimeout{1}));
  run.to(180);
  run.clear();
  run.to(240);
  EXPECT_EQ(run.seen[0], times("35G3A21R1U"));
  ASSERT_TRUE(run.input(SupervisorLink{false}));
  run.to(360);
  run.clear();
  run.to(420);
  EXPECT_EQ(run.seen[0], times("25G3A31R1U"));
}

TEST(VirtualController, FlashWithATimeoutReturnsThroughAStartUp) {
  auto run = in_plan();
  ASSERT_TRUE(run.input(SetMode{ControlMode::yellow_flash, 1}));
  run.to(180);
  EXPECT_EQ(run.seen[0], times("60F"));
  run.clear();
  run.to(194);
  EXPECT_EQ(run.seen[0], times("2F3A9R"));
  run.to(200);
  EXPECT_EQ(run.last.mode, ControlMode::control);
}

TEST(VirtualController, DarkStaysUntilNormalControlIsOrdered) {
  auto run = in_plan();
  ASSERT_TRUE(run.input(SetMode{ControlMode::dark, 0}));
  run.to(900);
  EXPECT_EQ(run.seen[1], times("780D"));
  ASSERT_TRUE(run.input(SetMode{ControlMode::control, 0}));
  run.to(901);
  EXPECT_EQ(run.last.mode, ControlMode::startup);
}

TEST(VirtualController, AStepBackInTimeStartsItUpAgain) {
  auto run = in_plan();
  run.now = 60;
  run.to(61);
  EXPECT_EQ(run.last.mode, ControlMode::startup);
  run.to(240);
  run.clear();
  run.to(300);
  EXPECT_EQ(run.seen[0], times("25G3A31R1U"));
}

TEST(VirtualController, AFileThatCannotFindBackToItsPlanIsRefused) {
  auto own = crossroads();
  own.stages.push_back({3, "trap", {2}, {}, false, 3});
  own.transitions.push_back({2, 3});
  EXPECT_EQ(make_controller(own).error().cause, "no_way_back");
  own.intergreens.pop_back();
  EXPECT_EQ(make_controller(own).error().cause, "matrix_one_sided");
}

TEST(VirtualController, ForcedInputsAndDetectorsOverrideTheRoad) {
  Kerb run(*make_controller(crossroads(), {.detectors = {1, 2}}));
  run.to(120);
  ASSERT_TRUE(run.input(ForceDetector{2, true}));
  ASSERT_TRUE(run.input(DetectorReading{.number = 2, .occupied = false, .speed_mps = {}}));
  EXPECT_TRUE(run.state.detectors[1].reading.occupied);
  ASSERT_TRUE(run.input(ForceDetector{2, std::nullopt}));
  ASSERT_TRUE(run.input(DetectorReading{.number = 2, .occupied = false, .speed_mps = {}}));
  EXPECT_FALSE(run.state.detectors[1].reading.occupied);
  ASSERT_TRUE(run.input(ForceInput{2, true}));
  run.to(180);
  EXPECT_EQ(run.last.stage, 2U) << "a forced input needs no refresh";
}

}  // namespace
}  // namespace dispecer::sim
