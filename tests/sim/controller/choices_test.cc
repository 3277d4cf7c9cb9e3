// Who chooses plan, stage and mode of a whole controller: tables, situations, emergency routes, the
// police key, mains.
#include <gtest/gtest.h>

#include "sim/controller/cabinet.h"
#include "tests/sim/controller/crossroads.h"

namespace dispecer::sim {
namespace {

struct Corner {
  Cabinet cabinet;
  double now = 0;
  explicit Corner(Settings settings = {}) {
    settings.detectors = {1, 2};
    cabinet.intersections.push_back({1, *make_controller(crossroads(), settings), {}});
  }
  void to(double end, double step = 1) {
    for (; now < end; now += step) tick(cabinet, at(now));
  }
  Result<> input(const Input& in) { return apply(cabinet, in, at(now)); }
  [[nodiscard]] const State& state() const { return cabinet.intersections[0].state; }
  [[nodiscard]] const Output& shown() const { return cabinet.intersections[0].output; }
};

// 2026-01-01 00:00:00 UTC, a Thursday (weekday 3).
constexpr std::uint32_t kThursday = 3;

TEST(ControllerChoices, DayTablesOfTheWeekdayChooseThePlanByLocalTime) {
  Corner c;
  c.cabinet.programme.week = {{kThursday, 1}};
  c.cabinet.programme.days = {{1, 2, 0, 1}, {1, 0, 0, 3}, {2, 2, 0, 0}};
  c.to(60);
  EXPECT_EQ(c.shown().plan, 1u) << "before the first entry";
  c.to(61);
  EXPECT_EQ(c.shown().plan, 2u);
  EXPECT_EQ(c.shown().plan_source, PlanSource::calendar);
  c.to(181);
  EXPECT_EQ(c.shown().plan, 1u) << "function 0 is the controller's own plan";
  EXPECT_EQ(c.shown().plan_source, PlanSource::own);
  // An hour ahead of UTC it is past the last entry from the start.
  Corner east;
  east.cabinet.programme = c.cabinet.programme;
  east.cabinet.programme.local_offset_s = [](UtcTime) -> std::int64_t { return 3600; };
  east.to(62);
  EXPECT_EQ(east.shown().plan, 1u);
}

TEST(ControllerChoices, WhatBeganYesterdayRunsOnOverMidnight) {
  Programme p;
  p.week = {{2, 1}, {kThursday, 2}};
  p.days = {{1, 2, 22, 0}, {2, 1, 6, 0}};
  EXPECT_EQ(calendar_plan(p, at(0)), 2u);
  EXPECT_EQ(calendar_plan(p, at(6 * 3600 - 1)), 2u);
  EXPECT_EQ(calendar_plan(p, at(6 * 3600)), 1u);
  EXPECT_EQ(calendar_plan(p, at(-3 * 3600)), 1u) << "Wednesday before ten: Thursday's last one";
}

TEST(ControllerChoices, ACommandedPlanWinsOverTheSituationAndThatOverTheCalendar) {
  Corner c;
  c.cabinet.programme.week = {{kThursday, 1}};
  c.cabinet.programme.days = {{1, 1, 0, 0}};
  c.cabinet.programme.situations = {{1, std::nullopt}, {2, 2}};
  c.to(3);
  EXPECT_EQ(c.shown().plan_source, PlanSource::calendar);
  ASSERT_TRUE(set_situation(c.cabinet, 2));
  c.to(4);
  EXPECT_EQ(c.shown().plan, 2u);
  EXPECT_EQ(c.shown().plan_source, PlanSource::situation);
  ASSERT_TRUE(c.input(SelectPlan{1}));
  c.to(5);
  EXPECT_EQ(c.shown().plan, 1u);
  EXPECT_EQ(c.shown().plan_source, PlanSource::commanded);
  EXPECT_EQ(set_situation(c.cabinet, 7).error().cause, "no_such_situation");
  ASSERT_TRUE(set_situation(c.cabinet, std::nullopt));
  EXPECT_EQ(c.cabinet.programme.situation, 1u);
}

TEST(ControllerChoices, AnEmergencyRouteBringsItsStageAndHoldsItWithinTheControllersRules) {
  Corner c;
  c.cabinet.programme.routes = {{1, 2, 1}};
  c.to(125);
  ASSERT_EQ(c.shown().stage, 1u);
  ASSERT_TRUE(set_emergency(c.cabinet, 1, true));
  const double asked = c.now;
  while (c.shown().stage != 2u && c.now < asked + 60) c.to(c.now + 1);
  EXPECT_GE(c.now - asked, 7) << "minimum green and intergreen are kept";
  EXPECT_LT(c.now - asked, 25);
  c.to(c.now + 90);
  EXPECT_EQ(c.shown().stage, 2u);
  EXPECT_EQ(c.shown().failure, "");
  ASSERT_TRUE(set_emergency(c.cabinet, 1, false));
  c.to(c.now + 100);
  EXPECT_EQ(set_emergency(c.cabinet, 9, true).error().cause, "no_such_route");
}

TEST(ControllerChoices, FixedTimeDoesNotObeyDemands) {
  Corner c;
  c.to(121);
  ASSERT_TRUE(c.input(SetFixedTime{true}));
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(c.input(SetInputs{{2}, {}}));
    c.to(c.now + 1);
    EXPECT_EQ(c.shown().demanded, std::nullopt);
  }
  EXPECT_EQ(c.shown().stage, 1u) << "until second 30 of the plan";
  EXPECT_GT(c.state().refused.at("fixed_time"), 0u);
}

TEST(ControllerChoices, ThePoliceKeyWinsOverCommandsAndIsLeftThroughAStartUp) {
  Corner c;
  c.to(125);
  ASSERT_TRUE(c.input(SetPoliceKey{3}));
  c.to(126);
  EXPECT_EQ(c.shown().mode, ControlMode::all_red);
  EXPECT_EQ(c.shown().aspects[0], Aspect::amber) << "green ends over amber";
  c.to(131);
  for (const auto aspect : c.shown().aspects) EXPECT_EQ(aspect, Aspect::red);
  EXPECT_EQ(c.input(SetMode{ControlMode::yellow_flash, 0}).error().cause, "local_control");
  ASSERT_TRUE(c.input(SetPoliceKey{2}));
  c.to(132);
  EXPECT_EQ(c.shown().aspects[0], Aspect::amber_flash);
  ASSERT_TRUE(c.input(SetPoliceKey{0}));
  c.to(133);
  EXPECT_EQ(c.shown().mode, ControlMode::startup);
  EXPECT_EQ(c.input(SetPoliceKey{4}).error().cause, "no_such_mode");
}

TEST(ControllerChoices, AnInputTurnsTheKeyWhereItIsProgrammedSo) {
  Corner c;
  c.cabinet.programme.key_inputs = {{5, 1}};
  c.cabinet.programme.manual_input = 6;
  c.to(130);
  ASSERT_TRUE(c.input(ForceInput{5, true}));
  ASSERT_TRUE(c.input(ForceInput{6, true}));
  c.to(131);
  EXPECT_EQ(c.shown().mode, ControlMode::dark);
  EXPECT_TRUE(c.state().manual);
  EXPECT_EQ(c.input(SelectPlan{2}).error().cause, "local_control");
  ASSERT_TRUE(c.input(ForceInput{5, std::nullopt}));
  c.to(132);
  EXPECT_EQ(c.shown().mode, ControlMode::startup);
}

TEST(ControllerChoices, WithoutMainsTheLampsAreDarkAndTheBatteryKeepsTheRestForItsTime) {
  Settings settings;
  settings.battery_s = 60;
  settings.clock_loss = from_seconds(-3600);
  Corner c(settings);
  c.to(125);
  ASSERT_TRUE(c.input(SetBands{1, {{1, 4}}}));
  ASSERT_TRUE(c.input(SetFault{Fault::power_cut, true}));
  c.to(150);
  EXPECT_EQ(c.shown().mode, ControlMode::dark);
  EXPECT_TRUE(c.state().alive(at(150)));
  ASSERT_TRUE(c.input(SetFault{Fault::power_cut, false}));
  c.to(151);
  EXPECT_EQ(c.shown().mode, ControlMode::startup);
  EXPECT_EQ(c.state().bands.at(1).at(1), 4) << "kept by the battery";
  EXPECT_EQ(c.shown().clock, c.shown().t);
  c.to(200);
  ASSERT_TRUE(c.input(SetFault{Fault::power_cut, true}));
  c.to(300);
  EXPECT_FALSE(c.state().alive(at(300)));
  ASSERT_TRUE(c.input(SetFault{Fault::power_cut, false}));
  c.to(301);
  EXPECT_TRUE(c.state().bands.empty()) << "lost with the battery";
  EXPECT_EQ(c.state().plans[0], c.state().own.plans[0]);
  EXPECT_EQ(c.shown().t - c.shown().clock, from_seconds(3600)) << "a wrong clock";
}

}  // namespace
}  // namespace dispecer::sim
