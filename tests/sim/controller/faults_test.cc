#include <gtest/gtest.h>

#include "sim/controller/conflict_monitor.h"
#include "tests/sim/controller/crossroads.h"

namespace dispecer::sim {
namespace {

Kerb running() {
  Kerb run(*make_controller(crossroads(), {.detectors = {1, 2}}));
  run.to(120);
  run.clear();
  return run;
}

TEST(ControllerFaults, AWrongMatrixTripsTheConflictMonitorBeforeTheLampsShowIt) {
  auto run = running();
  ASSERT_TRUE(run.input(SetFault{Fault::wrong_matrix, true}));
  run.to(200);
  EXPECT_EQ(run.last.mode, ControlMode::failure);
  EXPECT_EQ(run.last.failure, "intergreen NS EW");
  for (std::size_t i = 0; i < run.seen[0].size(); ++i)
    EXPECT_FALSE(run.seen[0][i] == 'G' && run.seen[1][i] == 'G');
  EXPECT_EQ(run.seen[1].find('G'), std::string::npos) << "the early green never reached a lamp";
  EXPECT_EQ(run.seen[0].back(), 'F');
}

TEST(ControllerFaults, FailureIsLeftByARestartOnly) {
  auto run = running();
  ASSERT_TRUE(run.input(SetFault{Fault::wrong_matrix, true}));
  run.to(200);
  ASSERT_TRUE(run.input(SetFault{Fault::wrong_matrix, false}));
  EXPECT_FALSE(run.input(SetMode{ControlMode::control, 0}));
  run.to(300);
  EXPECT_EQ(run.last.mode, ControlMode::failure);
  ASSERT_TRUE(run.input(Restart{}));
  run.to(330);
  EXPECT_EQ(run.last.mode, ControlMode::control);
}

TEST(ControllerFaults, TheMonitorSeesTwoConflictingGreensByItself) {
  MonitorState monitor;
  const auto own = crossroads();
  EXPECT_FALSE(watch(monitor, own, {Aspect::green, Aspect::red, Aspect::red}, at(0)));
  EXPECT_TRUE(watch(monitor, own, {Aspect::green, Aspect::red, Aspect::green_flash}, at(1)));
  EXPECT_EQ(monitor.tripped, "conflicting_green P NS");
  EXPECT_TRUE(watch(monitor, own, {Aspect::red, Aspect::red, Aspect::red}, at(2))) << "for good";
}

TEST(ControllerFaults, TheMonitorAcceptsAnIntergreenThatJustRan) {
  MonitorState monitor;
  const auto own = crossroads();
  watch(monitor, own, {Aspect::green, Aspect::red, Aspect::red}, at(0));
  watch(monitor, own, {Aspect::amber, Aspect::red, Aspect::red}, at(10));
  EXPECT_FALSE(watch(monitor, own, {Aspect::red, Aspect::red, Aspect::green}, at(14)));
  EXPECT_FALSE(watch(monitor, own, {Aspect::red, Aspect::green, Aspect::green}, at(15)));
  MonitorState early;
  watch(early, own, {Aspect::green, Aspect::red, Aspect::red}, at(0));
  watch(early, own, {Aspect::amber, Aspect::red, Aspect::red}, at(10));
  EXPECT_TRUE(watch(early, own, {Aspect::red, Aspect::green, Aspect::red}, at(14.9)));
}

TEST(ControllerFaults, LatchedInputsAreNeverReleasedUntilTheFaultIsOver) {
  auto run = running();
  ASSERT_TRUE(run.input(SetFault{Fault::latched_inputs, true}));
  ASSERT_TRUE(run.input(SetInputs{{2}, {}}));
  run.to(150);
  ASSERT_TRUE(run.input(SetInputs{{}, {2}}));
  run.to(400);
  EXPECT_EQ(run.last.demanded, 2U);
  ASSERT_TRUE(run.input(SetFault{Fault::latched_inputs, false}));
  run.to(402);
  EXPECT_FALSE(run.last.demanded.has_value());
}

TEST(ControllerFaults, APowerCutIsDarkForgetsOrdersAndStartsUpAfterwards) {
  auto run = running();
  ASSERT_TRUE(run.input(SelectPlan{2}));
  ASSERT_TRUE(run.input(SetInputs{{2}, {}}));
  ASSERT_TRUE(run.input(SetFault{Fault::power_cut, true}));
  EXPECT_EQ(run.input(SelectPlan{2}).error().cause, "no_power");
  run.to(130);
  EXPECT_EQ(run.seen[0], "DDDDDDDDDD");
  ASSERT_TRUE(run.input(SetFault{Fault::power_cut, false}));
  run.to(131);
  EXPECT_EQ(run.last.mode, ControlMode::startup);
  EXPECT_EQ(run.last.plan, 1U);
  EXPECT_TRUE(demanded_stages(run.state).empty());
}

TEST(ControllerFaults, AWrongClockShiftsThePlanAndIsSetRightByACommand) {
  auto run = running();
  ASSERT_TRUE(run.input(SetFault{Fault::wrong_clock, true}));
  run.to(121);
  EXPECT_EQ(run.last.clock, at(210));
  EXPECT_EQ(run.last.cycle_second, 30U);
  ASSERT_TRUE(run.input(SetClock{at(run.now)}));
  run.to(122);
  EXPECT_EQ(run.last.clock, at(121));
}

TEST(ControllerFaults, DeadStuckAndChatteringDetectorsReadAsSuch) {
  auto run = running();
  const auto road = [&](std::uint32_t n, bool on) {
    return run.input(DetectorReading{.number = n,
                                     .count = on ? 1U : 0U,
                                     .occupancy = on ? 0.4 : 0,
                                     .occupied = on,
                                     .speed_mps = {}});
  };
  ASSERT_TRUE(run.input(SetFault{Fault::detector_dead, true, 1}));
  ASSERT_TRUE(road(1, true));
  EXPECT_FALSE(run.state.detectors[0].reading.occupied);
  EXPECT_EQ(run.state.detectors[0].reading.count, 0U);
  ASSERT_TRUE(run.input(SetFault{Fault::detector_dead, false, 1}));
  ASSERT_TRUE(run.input(SetFault{Fault::detector_stuck, true, 1}));
  ASSERT_TRUE(run.input(SetFault{Fault::detector_chatter, true, 2}));
  for (int i = 0; i < 400; ++i) {
    ASSERT_TRUE(road(1, false));
    ASSERT_TRUE(road(2, false));
    run.to(run.now + 1);
  }
  EXPECT_EQ(run.state.detectors[0].logic_error, "always_on");
  EXPECT_EQ(run.state.detectors[1].logic_error, "intermittent");
  ASSERT_TRUE(run.input(SetFault{Fault::detector_stuck, false, 0}));
  ASSERT_TRUE(run.input(SetFault{Fault::detector_chatter, false, 0}));
  for (int i = 0; i < 70; ++i) {
    ASSERT_TRUE(road(1, false));
    ASSERT_TRUE(road(2, false));
    run.to(run.now + 1);
  }
  EXPECT_EQ(run.state.detectors[0].logic_error, "");
  EXPECT_EQ(run.state.detectors[1].logic_error, "");
  EXPECT_EQ(run.input(SetFault{Fault::detector_dead, true, 3}).error().cause, "no_such_detector");
}

}  // namespace
}  // namespace dispecer::sim
