#include "tests/fusion/app/town.h"

namespace dispecer::fusion::test {
namespace {

Intent intent(IntentAction action, Role role = Role::op, const std::string& id = "i") {
  Intent out;
  out.id = IntentId{id};
  out.expires = at(1e6);
  out.actor = {PersonId{"ana"}, role, WorkplaceId{"1"}};
  out.action = std::move(action);
  return out;
}

std::vector<AlarmId> ids(const FusionState& state) {
  std::vector<AlarmId> out;
  for (const auto& alarm : alarm_list(state).alarms) out.push_back(alarm.id);
  return out;
}

TEST(Fusion, ABusIsToldAtOnceAndStandsInTheNextPicture) {
  auto state = make();
  step(state, {at(1200), 1, 0});
  const auto bus = apply(state, fix(1200, 200));
  ASSERT_TRUE(bus.has_value());
  EXPECT_EQ(bus->next_movement, MovementId{"W-E"});
  EXPECT_EQ(bus->quality, Quality::live);
  EXPECT_NEAR(bus->lateness->value, 0, 1);
  const auto picture = step(state, {at(1201), 1, 0});
  ASSERT_EQ(picture.buses.size(), 1U);
  EXPECT_EQ(picture.buses[0].vehicle, VehicleId{"v"});
  EXPECT_FALSE(apply(state, fix(1200, 200)).has_value());
}

TEST(Fusion, AQueueThatTrafficSeesIsHandedToTheBusesAndIsNoPartOfTheirArrival) {
  auto state = make();
  step(state, {at(1200), 1, 0});
  const auto before = apply(state, fix(1200, 430));
  state.traffic.movements[0].queue = 20;
  step(state, {at(1201), 1, 0});
  state.traffic.movements[0].queue = 20;
  step(state, {at(1202), 1, 0});
  const auto after = apply(state, fix(1202, 431));
  EXPECT_GT(state.transit.conditions.discharge_s.at(0), 10);
  EXPECT_NEAR(after->eta->value, before->eta->value, 1);
}

TEST(Fusion, EveryFeedOfThePictureSaysHowOldItIs) {
  auto state = make();
  observe(state, 1);
  apply(state, ParkingCount{ParkingId{"P"}, at(0), 20, {}, {}, "camera"});
  const auto picture = step(state, {at(2), 1, 0});
  ASSERT_EQ(picture.sources.size(), 6U);
  EXPECT_EQ(picture.sources[0].source, kSignals);
  EXPECT_EQ(picture.sources[0].quality, Quality::live);
  EXPECT_DOUBLE_EQ(picture.sources[0].age.value, 1);
  EXPECT_EQ(picture.sources[0].devices, 1U);
  EXPECT_EQ(picture.sources[0].devices_live, 1U);
  EXPECT_EQ(picture.sources[3].source, kParkingCounts);
  EXPECT_EQ(picture.sources[3].devices_live, 1U);
  EXPECT_EQ(picture.sources[4].quality, Quality::unknown);  // air was never heard
  EXPECT_EQ(picture.signals.size(), 1U);
}

TEST(Fusion, ASilentFeedIsOneAlarmAndNoSickDetector) {
  auto state = make();
  for (int s = 1; s <= 30; ++s) {
    observe(state, s);
    step(state, {at(s), 1, 0});
  }
  EXPECT_TRUE(ids(state).empty());
  CityPicture picture;
  for (int s = 31; s <= 50; ++s) picture = step(state, {at(s), 1, 0});
  EXPECT_EQ(picture.sources[0].quality, Quality::stale);
  EXPECT_EQ(picture.sources[0].devices_live, 0U);
  EXPECT_FALSE(picture.movements[0].demand_known);
  int loud = 0;
  for (const auto& alarm : alarm_list(state).alarms) {
    loud += alarm.state == AlarmState::unacknowledged ? 1 : 0;
  }
  EXPECT_EQ(loud, 1);
  EXPECT_EQ(alarm_list(state).alarms[0].id, AlarmId{"source_silent/signals"});
}

TEST(Fusion, AnExpectedFeedThatNeverSpeaksIsAnAlarmAfterAMinuteOthersAreNot) {
  auto state = make();
  for (int s = 0; s <= 59; ++s) step(state, {at(s), 1, 0});
  EXPECT_TRUE(ids(state).empty());
  for (int s = 60; s <= 70; ++s) step(state, {at(s), 1, 0});
  ASSERT_FALSE(ids(state).empty());
  for (const auto& id : ids(state)) {
    EXPECT_TRUE(id == AlarmId{"source_silent/signals"} || id == AlarmId{"source_silent/detectors"});
  }
}

TEST(Fusion, BusesMayBeSilentAtNightButNotWhileTripsRun) {
  auto state = make();
  const auto silent = [&] {
    for (const auto& id : ids(state)) {
      if (id == AlarmId{"source_silent/avl"}) return true;
    }
    return false;
  };
  for (int s = 0; s < 200; s += 5) step(state, {at(s), 1, 0});
  EXPECT_FALSE(silent());
  for (int s = 1300; s < 1400; s += 5) step(state, {at(s), 1, 0});
  EXPECT_TRUE(silent());
}

TEST(Fusion, ANewEpochForgetsEstimatesButNotAlarms) {
  auto state = make();
  observe(state, 1200);
  step(state, {at(1200), 1, 0});
  apply(state, fix(1200, 200));
  apply(state, AlarmEvent{"order_deviated", "J", AlarmPriority::high, true, at(1200), ""}, "rsmp");
  const auto picture = step(state, {at(100), 1, 1});
  EXPECT_TRUE(picture.buses.empty());
  EXPECT_TRUE(picture.signals.empty());
  EXPECT_EQ(picture.epoch, 1U);
  EXPECT_EQ(ids(state).at(0), AlarmId{"order_deviated/J"});
  ASSERT_TRUE(apply(state, fix(100, 200)).has_value());
}

TEST(Fusion, TheSameInputsGiveTheSamePictures) {
  const auto play = [] {
    auto state = make();
    std::vector<CityPicture> out;
    for (int s = 1000; s < 1120; ++s) {
      observe(state, s, s % 7 == 0 ? 1 : 0);
      apply(state, fix(s, 4.0 * (s - 1000)));
      out.push_back(step(state, {at(s), 1, 0}));
    }
    return out;
  };
  EXPECT_EQ(play(), play());
}

TEST(FusionIntents, AcknowledgingNeedsTheRightAndHappensOnce) {
  auto state = make();
  step(state, {at(10), 1, 0});
  apply(state, AlarmEvent{"order_deviated", "J", AlarmPriority::high, true, at(10), ""}, "rsmp");
  const AcknowledgeAlarm ack{AlarmId{"order_deviated/J"}};
  auto result = apply(state, intent(ack, Role::viewer, "a"), at(11));
  EXPECT_EQ(result->outcome, IntentOutcome::refused);
  EXPECT_EQ(result->cause, "right");
  EXPECT_EQ(alarm_list(state).alarms[0].state, AlarmState::unacknowledged);
  result = apply(state, intent(ack, Role::op, "b"), at(12));
  EXPECT_EQ(result->outcome, IntentOutcome::done);
  EXPECT_EQ(alarm_list(state).alarms[0].state, AlarmState::acknowledged);
  // The same word again is answered the same and does nothing.
  EXPECT_EQ(*apply(state, intent(ack, Role::op, "b"), at(50)), *result);
  EXPECT_EQ(apply(state, intent(AcknowledgeAlarm{AlarmId{"x/y"}}, Role::op, "c"), at(12))->cause,
            "unknown_alarm");
}

TEST(FusionIntents, AnExpiredOrForeignWordDoesNothing) {
  auto state = make();
  step(state, {at(10), 1, 0});
  apply(state, AlarmEvent{"order_deviated", "J", AlarmPriority::high, true, at(10), ""}, "rsmp");
  auto late = intent(AcknowledgeAlarm{AlarmId{"order_deviated/J"}});
  late.expires = at(11);
  EXPECT_EQ(apply(state, late, at(11))->outcome, IntentOutcome::expired);
  auto other = intent(AcknowledgeAlarm{AlarmId{"order_deviated/J"}}, Role::op, "k");
  other.epoch = 7;
  EXPECT_EQ(apply(state, other, at(11))->outcome, IntentOutcome::expired);
  EXPECT_EQ(alarm_list(state).alarms[0].state, AlarmState::unacknowledged);
  EXPECT_FALSE(apply(state, intent(ReleaseJunction{JunctionId{"J"}, at(99)}), at(11)).has_value());
}

TEST(FusionIntents, AShelfEndsByItself) {
  auto state = make();
  step(state, {at(10), 1, 0});
  apply(state, AlarmEvent{"order_deviated", "J", AlarmPriority::high, true, at(10), ""}, "rsmp");
  const ShelveAlarm shelve{AlarmId{"order_deviated/J"}, at(30)};
  EXPECT_EQ(apply(state, intent(shelve, Role::maintainer, "a"), at(11))->cause, "right");
  EXPECT_EQ(apply(state, intent(shelve, Role::supervisor, "b"), at(11))->outcome,
            IntentOutcome::done);
  step(state, {at(20), 1, 0});
  EXPECT_EQ(alarm_list(state).alarms[0].state, AlarmState::shelved);
  step(state, {at(31), 1, 0});
  EXPECT_EQ(alarm_list(state).alarms[0].state, AlarmState::unacknowledged);
}

TEST(FusionHealth, ADegradedProcessIsAnAlarmUntilItIsWell) {
  auto state = make();
  step(state, {at(10), 1, 0});
  ProcessHealth health{"feeds", 1, ProcessState::degraded, "no peer", 0, {}};
  apply(state, health);
  apply(state, health);
  ASSERT_EQ(ids(state).size(), 1U);
  EXPECT_EQ(alarm_list(state).alarms[0].text, "no peer");
  EXPECT_EQ(alarm_list(state).alarms[0].count, 1U);
  health.state = ProcessState::ready;
  apply(state, health);
  EXPECT_EQ(alarm_list(state).alarms[0].state, AlarmState::returned_unacknowledged);
}

}  // namespace
}  // namespace dispecer::fusion::test
