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
  b.state.groups[1] = {Aspect::red, b.situation.now - from_seconds(120), true};
  EXPECT_EQ(b.verdict(), "max_red");
  EXPECT_EQ(b.verdict(StageOrder{2}), "approved");
  b.proposal.write = StageOrder{1};
  b.state.groups[1].since = b.state.groups[1].since + Duration{1};
  EXPECT_EQ(b.verdict(), "approved");
  b.state.groups[1] = {Aspect::red, b.situation.now - from_seconds(500), false};
  EXPECT_EQ(b.verdict(), "approved") << "nobody waits";
  b.state.groups[1].demand = true;
  b.signals.groups[1].max_red.time.value = 0;
  EXPECT_EQ(b.verdict(), "approved") << "no promise was made";
}

TEST(Guard, AMaximumRedDoesNotForceACutOfARunningMinimumGreen) {
  Bench b;
  b.proposal.write = StageOrder{1};
  b.state.groups[1] = {Aspect::red, b.situation.now - from_seconds(300), true};
  b.state.groups[0].since = b.situation.now - from_seconds(2);
  EXPECT_EQ(b.verdict(), "approved");
}

TEST(Guard, AMaximumRedThatNoAllowedTransitionCanServeIsNotBlamedOnTheOrder) {
  Bench b;
  b.proposal.write = StageOrder{1};
  b.state.groups[1] = {Aspect::red, b.situation.now - from_seconds(300), true};
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

TEST(Guard, PlansMustBeKnownAndChangeRarely) {
  Bench b;
  EXPECT_EQ(b.verdict(PlanOrder{1}), "approved");
  EXPECT_EQ(b.verdict(PlanOrder{0}), "approved");
  EXPECT_EQ(b.verdict(PlanOrder{8}), "unknown_plan");
  b.proposal.write = PlanOrder{1};
  for (double t : {-271.0, 0.0, 10.0})
    note_sent(b.state, *Guard::check(b.proposal, b.signals, b.state, b.situation), at(t));
  EXPECT_EQ(b.verdict(), "approved");
  note_sent(b.state, *Guard::check(b.proposal, b.signals, b.state, b.situation), at(20));
  EXPECT_EQ(b.state.plan_changes.size(), 4U);
  EXPECT_EQ(b.verdict(), "plan_change_rate");
  EXPECT_EQ(b.verdict(PlanOrder{0}), "approved")
      << "back to the controller's own choice is always open";
  b.state.plan_changes = {at(-270), at(0), at(10)};
  EXPECT_EQ(b.verdict(PlanOrder{1}), "plan_change_rate") << "five minutes ago still counts";
  b.state.plan_changes = {at(-270.1), at(0), at(10)};
  EXPECT_EQ(b.verdict(PlanOrder{1}), "approved");
  b.state.observed.mode = ControlMode::startup;
  EXPECT_EQ(b.verdict(PlanOrder{1}), "mode");
  b.signals.lever = Lever::observe;
  EXPECT_EQ(b.verdict(PlanOrder{1}), "lever");
}

TEST(Guard, CyclesOffsetsAndBandsKeepTheirRanges) {
  Bench b;
  // ring: 7 s (walk) + 9 s, 5 s + 6 s
  EXPECT_EQ(b.verdict(CycleOrder{1, Seconds{27}}), "approved");
  EXPECT_EQ(b.verdict(CycleOrder{1, Seconds{26.9}}), "cycle_range");
  EXPECT_EQ(b.verdict(CycleOrder{1, Seconds{255}}), "approved");
  EXPECT_EQ(b.verdict(CycleOrder{1, Seconds{256}}), "cycle_range");
  EXPECT_EQ(b.verdict(CycleOrder{5, Seconds{60}}), "unknown_plan");
  EXPECT_EQ(b.verdict(OffsetOrder{1, Seconds{0}}), "approved");
  EXPECT_EQ(b.verdict(OffsetOrder{1, Seconds{59}}), "approved");
  EXPECT_EQ(b.verdict(OffsetOrder{1, Seconds{60}}), "offset_range");
  EXPECT_EQ(b.verdict(OffsetOrder{1, Seconds{-1}}), "offset_range");
  EXPECT_EQ(b.verdict(OffsetOrder{3, Seconds{0}}), "unknown_plan");
  b.state.observed.mode = ControlMode::failure;
  EXPECT_EQ(b.verdict(BandsOrder{1, {}, 5}), "mode");
  b.signals.lever = Lever::plan;
  EXPECT_EQ(b.verdict(BandsOrder{1, {}, 5}), "lever");
  b.signals.lever = Lever::observe;
  EXPECT_EQ(b.verdict(CycleOrder{1, Seconds{60}}), "lever");
  EXPECT_EQ(b.verdict(OffsetOrder{1, Seconds{0}}), "lever");
}

TEST(Guard, ABandExtendsItsStageAtTheCostOfTheLast) {
  Bench b;
  auto& ring = b.signals.plans[0].ring;
  const auto verdict = [&](std::vector<Band> bands) {
    return b.verdict(BandsOrder{1, std::move(bands), 5});
  };
  // Stage 1 has 40 - 9 s green, stage 2 has 20 - 6 s.
  EXPECT_EQ(verdict({{1, Seconds{0}}}), "approved") << "as planned";
  EXPECT_EQ(verdict({{1, Seconds{9}}}), "approved") << "40 s and 5 s green";
  EXPECT_EQ(verdict({{1, Seconds{10}}}), "band_range");
  ring[0].max_green = Seconds{39};
  EXPECT_EQ(verdict({{1, Seconds{8}}}), "approved");
  EXPECT_EQ(verdict({{1, Seconds{9}}}), "band_range") << "more than the maximum of the stage";
  ring[0].max_green = Seconds{60};
  EXPECT_EQ(verdict({{1, Seconds{10}}}), "band_range") << "less than the minimum of the last";
  ring[1].min_green = Seconds{1};
  EXPECT_EQ(verdict({{1, Seconds{9}}}), "approved");
  EXPECT_EQ(verdict({{1, Seconds{10}}}), "band_range") << "less than the group's minimum green";
  EXPECT_EQ(verdict({{1, Seconds{99}}}), "band_range");
  ring[0].max_green = Seconds{20};
  ring[1].min_green = Seconds{16};
  EXPECT_EQ(verdict({{1, Seconds{0}}}), "approved") << "bands do not judge the plan itself";
  EXPECT_EQ(verdict({{1, Seconds{1}}}), "band_range");
}

TEST(Guard, BandsAreNamedOnceInWholeSecondsAndAllOfThem) {
  Bench b;
  const auto verdict = [&](std::vector<Band> bands, std::uint32_t minutes = 5) {
    return b.verdict(BandsOrder{1, std::move(bands), minutes});
  };
  EXPECT_EQ(verdict({{1, Seconds{5}}}, 0), "bands_timeout");
  EXPECT_EQ(verdict({}), "bands_incomplete");
  EXPECT_EQ(verdict({{0, Seconds{5}}}), "band_range");
  EXPECT_EQ(verdict({{1, Seconds{5}}, {2, Seconds{0}}}), "band_range") << "the last has none";
  EXPECT_EQ(verdict({{1, Seconds{5}}, {1, Seconds{5}}}), "band_range") << "which of them?";
  EXPECT_EQ(verdict({{1, Seconds{4.5}}}), "band_range");
  EXPECT_EQ(verdict({{1, Seconds{-1}}}), "band_range");
  EXPECT_EQ(b.verdict(BandsOrder{9, {}, 5}), "unknown_plan");
}

TEST(Guard, ABandHasTwoDigits) {
  Bench b;
  auto& plan = b.signals.plans[0];
  plan.cycle = Seconds{200};
  plan.ring[0].max_green = plan.ring[1].max_green = Seconds{200};
  EXPECT_EQ(b.verdict(BandsOrder{1, {{1, Seconds{99}}}, 5}), "approved");
  EXPECT_EQ(b.verdict(BandsOrder{1, {{1, Seconds{100}}}, 5}), "band_range");
}

TEST(Guard, TheBandsOfThreeStagesMoveAllThatFollow) {
  Bench b;
  // main 0..40, side 40..70, main once more 70..100
  b.signals.plans[0].cycle = Seconds{120};
  b.signals.plans[0].ring = {{1, Seconds{0}, Seconds{7}, Seconds{60}},
                             {2, Seconds{40}, Seconds{5}, Seconds{60}},
                             {1, Seconds{70}, Seconds{7}, Seconds{60}},
                             {2, Seconds{100}, Seconds{5}, Seconds{60}}};
  const auto verdict = [&](double first, double second, double third) {
    return b.verdict(
        BandsOrder{1, {{1, Seconds{first}}, {2, Seconds{second}}, {3, Seconds{third}}}, 5});
  };
  // The last has 20 - 6 s green and needs 5 s.
  EXPECT_EQ(verdict(3, 3, 3), "approved");
  EXPECT_EQ(verdict(4, 3, 3), "band_range");
  EXPECT_EQ(verdict(3, 4, 3), "band_range");
  EXPECT_EQ(verdict(3, 3, 4), "band_range");
  EXPECT_EQ(b.verdict(BandsOrder{1, {{1, Seconds{3}}, {3, Seconds{3}}}, 5}), "bands_incomplete");
}

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

TEST(FieldState, GreensAndRedsAreTimedFromTheReportThatChangedThem) {
  Bench b;
  EXPECT_EQ(b.state.groups[0].since, at(0));
  b.see({Aspect::amber, Aspect::red, Aspect::green_flash}, std::nullopt, 31);
  EXPECT_EQ(b.state.groups[0].since, at(31));
  EXPECT_EQ(b.state.groups[1].since, at(0));
  EXPECT_EQ(b.state.groups[2].since, at(0)) << "flashing green is still green";
  EXPECT_EQ(b.state.stage, 0U);
  EXPECT_EQ(b.state.last_stage, 1U);
  b.see({Aspect::red, Aspect::red, Aspect::red}, std::nullopt, 33);
  EXPECT_EQ(b.state.groups[0].since, at(31)) << "amber and red are one wait";
  b.see({Aspect::red, Aspect::green}, 2, 34);
  EXPECT_EQ(b.state.groups[1].aspect, Aspect::red)
      << "a list of the wrong length says nothing of the lamps";
}

TEST(FieldState, DemandIsForgottenWithGreenAndIgnoredAtTheWrongLength) {
  Bench b;
  set_demand(b.state, {true, true, true});
  EXPECT_TRUE(b.state.groups[1].demand);
  set_demand(b.state, {false});
  EXPECT_TRUE(b.state.groups[1].demand);
  b.see({Aspect::red, Aspect::green, Aspect::red}, 2, 40);
  EXPECT_FALSE(b.state.groups[1].demand);
}

TEST(FieldState, AfterADisconnectNothingIsBelieved) {
  Bench b;
  note_sent(b.state, *Guard::check(b.proposal, b.signals, b.state, b.situation), at(30));
  EXPECT_EQ(b.state.ordered_stage, 2U);
  note_disconnect(b.state);
  EXPECT_EQ(b.state.ordered_stage, 0U);
  EXPECT_FALSE(b.state.inputs_clean);
  EXPECT_EQ(b.verdict(), "no_communication");
  b = Bench();
  note_sent(b.state, *Guard::check(b.proposal, b.signals, b.state, b.situation), at(30));
  b.proposal.write = ReleaseOrder{};
  note_sent(b.state, *Guard::check(b.proposal, b.signals, b.state, b.situation), at(31));
  EXPECT_EQ(b.state.ordered_stage, 0U);
}

}  // namespace
}  // namespace dispecer::guard
