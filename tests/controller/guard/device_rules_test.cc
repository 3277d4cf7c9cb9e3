// Modes, maintenance, overrides, situations, alarms, priority requests and signs.
#include <gtest/gtest.h>

#include "tests/controller/guard/guard_scene.h"

namespace dispecer::guard {
namespace {

TEST(Guard, ModesNeedAPersonAndYellowFlashAnEnd) {
  Bench b;
  EXPECT_EQ(b.verdict(ModeOrder{ControlMode::yellow_flash, 10}), "needs_person");
  b.sign_in(Role::op);
  EXPECT_EQ(b.verdict(ModeOrder{ControlMode::yellow_flash, 10}), "approved");
  EXPECT_EQ(b.verdict(ModeOrder{ControlMode::yellow_flash, 0}), "mode_timeout");
  EXPECT_EQ(b.verdict(ModeOrder{ControlMode::yellow_flash, 1440}), "approved");
  EXPECT_EQ(b.verdict(ModeOrder{ControlMode::yellow_flash, 1441}), "mode_timeout");
  EXPECT_EQ(b.verdict(ModeOrder{ControlMode::control, 0}), "approved");
  for (const auto mode :
       {ControlMode::dark, ControlMode::all_red, ControlMode::test, ControlMode::unknown}) {
    EXPECT_EQ(b.verdict(ModeOrder{mode, 10}), "mode_forbidden");
  }
  for (const auto role : {Role::unknown, Role::viewer, Role::police, Role::automaton}) {
    b.sign_in(role);
    EXPECT_EQ(b.verdict(ModeOrder{ControlMode::control, 0}), "needs_person") << to_name(role);
  }
}

TEST(Guard, MaintenanceWritesNeedAMaintainer) {
  const std::vector<FieldWrite> writes{InputOrder{9, true},
                                       ForceInputOrder{9, true, true},
                                       OutputOrder{1, true, true},
                                       SensitivityOrder{{{1, 50}}},
                                       DetectorOrder{DetectorId{"D1"}, true, true},
                                       SecurityCodeOrder{1, "new"},
                                       RestartOrder{},
                                       TablesOrder{"0-1,6-2", ""}};
  for (const auto& write : writes) {
    Bench b;
    b.proposal.until = at(600);
    EXPECT_EQ(b.verdict(write), "needs_maintainer");
    b.sign_in(Role::op);
    EXPECT_EQ(b.verdict(write), "needs_maintainer");
    b.sign_in(Role::maintainer);
    EXPECT_EQ(b.verdict(write), "approved");
    b.sign_in(Role::admin);
    EXPECT_EQ(b.verdict(write), "approved");
    b.proposal.operator_confirmed = false;
    EXPECT_EQ(b.verdict(write), "needs_maintainer");
  }
  Bench b;
  b.sign_in(Role::maintainer);
  EXPECT_EQ(b.verdict(InputOrder{2, true}), "input_is_stage_demand");
  EXPECT_EQ(b.verdict(ForceInputOrder{2, true, true}), "input_is_stage_demand");
  EXPECT_EQ(b.verdict(TablesOrder{"0-1;DROP", ""}), "table_text");
  EXPECT_EQ(b.verdict(TablesOrder{"", "x"}), "table_text");
  EXPECT_EQ(b.verdict(TablesOrder{}), "table_text");
}

TEST(Guard, AClockMayBeSetToOursOnly) {
  Bench b;
  EXPECT_EQ(b.verdict(ClockOrder{b.situation.now + from_seconds(1)}), "approved");
  EXPECT_EQ(b.verdict(ClockOrder{b.situation.now - from_seconds(1)}), "approved");
  EXPECT_EQ(b.verdict(ClockOrder{b.situation.now + from_seconds(1) + Duration{1}}), "clock_value");
  EXPECT_EQ(b.verdict(ClockOrder{b.situation.now - from_seconds(1) - Duration{1}}), "clock_value");
}

TEST(Guard, AnOverrideNeedsAnEndWithinADay) {
  const std::vector<FieldWrite> overrides{
      InputOrder{9, true},          ForceInputOrder{9, true, false},
      OutputOrder{1, true, true},   DetectorOrder{DetectorId{"D1"}, true, true},
      EmergencyRouteOrder{1, true}, SituationOrder{1, true},
      FixedTimeOrder{true}};
  for (const auto& write : overrides) {
    Bench b;
    b.sign_in(Role::maintainer);
    EXPECT_EQ(b.verdict(write), "no_end");
    b.proposal.until = b.situation.now;
    EXPECT_EQ(b.verdict(write), "no_end");
    b.proposal.until = b.situation.now + Duration{1};
    EXPECT_EQ(b.verdict(write), "approved");
    b.proposal.until = b.situation.now + from_seconds(kMaxOverride);
    EXPECT_EQ(b.verdict(write), "approved");
    b.proposal.until = *b.proposal.until + Duration{1};
    EXPECT_EQ(b.verdict(write), "no_end");
  }
}

TEST(Guard, TakingAnOverrideBackNeedsNoEnd) {
  const std::vector<FieldWrite> backs{InputOrder{9, false}, ForceInputOrder{9, false, false},
                                      OutputOrder{1, false, false},
                                      DetectorOrder{DetectorId{"D1"}, false, false}};
  for (const auto& write : backs) {
    Bench b;
    EXPECT_EQ(b.verdict(write), "needs_maintainer");
    b.sign_in(Role::maintainer);
    EXPECT_EQ(b.verdict(write), "approved");
  }
  Bench b;
  EXPECT_EQ(b.verdict(SituationOrder{1, false}), "approved");
  EXPECT_EQ(b.verdict(FixedTimeOrder{false}), "approved");
}

TEST(Guard, SituationsNeedThePlanLeverAPersonAndControl) {
  Bench b;
  b.proposal.until = at(600);
  EXPECT_EQ(b.verdict(SituationOrder{1, true}), "needs_person");
  EXPECT_EQ(b.verdict(FixedTimeOrder{true}), "needs_person");
  b.sign_in(Role::op);
  EXPECT_EQ(b.verdict(SituationOrder{1, true}), "approved");
  EXPECT_EQ(b.verdict(FixedTimeOrder{true}), "approved");
  b.state.observed.mode = ControlMode::startup;
  EXPECT_EQ(b.verdict(SituationOrder{1, true}), "mode");
  EXPECT_EQ(b.verdict(SituationOrder{1, false}), "approved");
  b.signals.lever = Lever::observe;
  EXPECT_EQ(b.verdict(SituationOrder{1, false}), "lever");
}

TEST(Guard, NumbersKeepTheRangesOfTheController) {
  struct Row {
    std::vector<FieldWrite> good;
    std::vector<FieldWrite> bad;
  };
  const DetectorId d{"D1"};
  const Row row{
      {InputOrder{255, false}, ForceInputOrder{255, false, false}, OutputOrder{1, false, false},
       OutputOrder{255, false, false}, SituationOrder{255, false}, EmergencyRouteOrder{255, false},
       SecurityCodeOrder{1, "n"}, SecurityCodeOrder{2, "n"}, SensitivityOrder{{{255, 255}}},
       SensitivityOrder{{{1, 0}}}},
      {InputOrder{0, false}, InputOrder{256, false}, ForceInputOrder{0, false, false},
       OutputOrder{0, false, false}, OutputOrder{256, false, false}, SituationOrder{0, false},
       SituationOrder{256, false}, EmergencyRouteOrder{0, false}, EmergencyRouteOrder{256, false},
       SecurityCodeOrder{0, "n"}, SecurityCodeOrder{3, "n"}, SensitivityOrder{{{0, 1}}},
       SensitivityOrder{{{256, 1}}}, SensitivityOrder{{{1, 1}, {1, 256}}}}};
  Bench b;
  b.sign_in(Role::maintainer);
  for (const auto& write : row.good) EXPECT_EQ(b.verdict(write), "approved") << write.index();
  for (const auto& write : row.bad) EXPECT_EQ(b.verdict(write), "number_range") << write.index();
  EXPECT_EQ(b.verdict(SensitivityOrder{}), "no_loops");
}

TEST(Guard, WhatIsDoneAboutAnAlarmIsCompleteAndWasDoneByAPerson) {
  Bench b;
  const AlarmOrder order{AlarmAction::acknowledge, "A0302", "D1"};
  EXPECT_EQ(b.verdict(order), "needs_person");
  b.proposal.operator_confirmed = true;
  EXPECT_EQ(b.verdict(order), "approved");
  EXPECT_EQ(b.verdict(AlarmOrder{AlarmAction::unknown, "A0302", "D1"}), "alarm_order");
  EXPECT_EQ(b.verdict(AlarmOrder{AlarmAction::suspend, "A0302", ""}), "alarm_order");
  EXPECT_EQ(b.verdict(AlarmOrder{AlarmAction::suspend, "A302", "D1"}), "alarm_order");
  EXPECT_EQ(b.verdict(AlarmOrder{AlarmAction::suspend, "M0001", "D1"}), "alarm_order");
  EXPECT_EQ(b.verdict(AlarmOrder{AlarmAction::suspend, "A030x", "D1"}), "alarm_order");
}

TEST(Guard, APriorityRequestNamesOneReferenceAndOnlyWhenItIsNew) {
  const auto order = [](PriorityReference kind, std::uint32_t number) {
    PriorityOrder o;
    o.request = RequestId{"r"};
    o.reference = kind;
    o.number = number;
    return o;
  };
  Bench b;
  for (const auto kind : {PriorityReference::input, PriorityReference::connection,
                          PriorityReference::lane, PriorityReference::priority}) {
    EXPECT_EQ(b.verdict(order(kind, 255)), "approved") << to_name(kind);
    EXPECT_EQ(b.verdict(order(kind, 256)), "number_range") << to_name(kind);
  }
  EXPECT_EQ(b.verdict(order(PriorityReference::approach, 16)), "approved");
  EXPECT_EQ(b.verdict(order(PriorityReference::approach, 17)), "number_range");
  EXPECT_EQ(b.verdict(order(PriorityReference::group, 0)), "unknown_group");
  auto both = order(PriorityReference::input, 3);
  both.group = SignalGroupId{"main"};
  EXPECT_EQ(b.verdict(both), "priority_reference");
  auto lane = order(PriorityReference::lane, 3);
  lane.lane_out = 4;
  EXPECT_EQ(b.verdict(lane), "approved");
  lane.reference = PriorityReference::connection;
  EXPECT_EQ(b.verdict(lane), "priority_reference");
  auto update = order(PriorityReference::group, 0);
  update.update = true;
  EXPECT_EQ(b.verdict(update), "approved") << "known by its request alone";
  update.cancel = true;
  EXPECT_EQ(b.verdict(update), "priority_request") << "not both";
  update.update = false;
  update.request = RequestId{};
  EXPECT_EQ(b.verdict(update), "priority_request");
  auto level = order(PriorityReference::input, 3);
  level.level = 14;
  EXPECT_EQ(b.verdict(level), "approved");
  level.level = 15;
  EXPECT_EQ(b.verdict(level), "number_range");
  level.level = 1;
  for (const double eta : {0.0, 255.0}) {
    level.eta = Seconds{eta};
    EXPECT_EQ(b.verdict(level), "approved");
  }
  for (const double eta : {-0.1, 255.1}) {
    level.eta = Seconds{eta};
    EXPECT_EQ(b.verdict(level), "number_range");
  }
}

TEST(Guard, EmergencyRoutesAndPrioritiesHaveTheirRules) {
  Bench b;
  EXPECT_EQ(b.verdict(EmergencyRouteOrder{1, true}), "needs_person");
  EXPECT_EQ(b.verdict(EmergencyRouteOrder{1, false}), "approved");
  EXPECT_EQ(b.verdict(PriorityOrder{RequestId{"r"}, SignalGroupId{"main"}, 7, {}, false}),
            "approved");
  EXPECT_EQ(b.verdict(PriorityOrder{RequestId{"r"}, SignalGroupId{"nowhere"}, 7, {}, false}),
            "unknown_group");
  EXPECT_EQ(b.verdict(PriorityOrder{RequestId{"r"}, {}, 0, {}, true}), "approved");
}

TEST(Guard, ASignShowsOnlyWhatItsRuleLists) {
  Bench b;
  EXPECT_EQ(b.verdict(SignOrder{SignId{"S1"}, "closed"}), "wrong_target");
  const SignRule rule{SignId{"S1"}, {"closed", ""}};
  const auto check = [&] {
    const auto r = Guard::check_sign(b.proposal, rule, b.situation);
    return r ? "approved" : r.error().cause;
  };
  EXPECT_EQ(check(), "approved");
  b.proposal.write = SignOrder{SignId{"S1"}, ""};
  EXPECT_EQ(check(), "approved");
  b.proposal.write = SignOrder{SignId{"S1"}, "anything"};
  EXPECT_EQ(check(), "sign_message");
  b.proposal.write = SignOrder{SignId{"S2"}, "closed"};
  EXPECT_EQ(check(), "wrong_target");
  b.proposal.write = StageOrder{1};
  EXPECT_EQ(check(), "wrong_target");
  b.proposal.write = SignOrder{SignId{"S1"}, "closed"};
  b.situation.now = b.proposal.expires;
  EXPECT_EQ(check(), "expired");
}

}  // namespace
}  // namespace dispecer::guard
