#include "tests/fusion/transit/route.h"

namespace dispecer::transit::test {
namespace {

// Drives from `from` to `to` metres at `speed`, a fix each second from second `s` on; the last one.
BusState drive(State& state, const std::string& vehicle, double s, double from, double to,
               double speed, const std::string& trip = "t1") {
  BusState bus;
  for (double x = from; x <= to; x += speed, s += 1) {
    bus = apply(state, fix(vehicle, s, x, speed, trip))->bus;
  }
  return bus;
}

TEST(Trust, ABusIsTrustedOnceItHasMovedAlongItsTrip) {
  State state = make();
  EXPECT_EQ(apply(state, fix("v", 28805, 10, 8))->bus.trust, Trust::unconfirmed);
  EXPECT_EQ(drive(state, "v", 28806, 18, 50, 8).trust, Trust::trusted);
}

TEST(Trust, WhoIsFirstHeardOnTheWayMustShowMore) {
  State state = make();
  EXPECT_EQ(drive(state, "v", 28860, 450, 540, 10).trust, Trust::unconfirmed);
  EXPECT_EQ(drive(state, "v", 28870, 550, 620, 10).trust, Trust::trusted);
}

TEST(Trust, AGhostThatNeverMovesIsNeverTrusted) {
  State state = make();
  for (int s = 0; s < 900; s += 5) {
    EXPECT_FALSE(may_ask(apply(state, fix("ghost", 28850 + s, 700, 0))->bus.trust));
  }
}

TEST(Trust, APositionThatStandsStillWhileItTellsASpeedIsFrozenInSeconds) {
  State state = make();
  ASSERT_EQ(drive(state, "v", 28805, 5, 205, 8).trust, Trust::trusted);
  BusState bus;
  for (int s = 0; s < 7; ++s) bus = apply(state, fix("v", 28831 + s, 205, 8))->bus;
  EXPECT_EQ(bus.trust, Trust::frozen);
  // It moves again.
  EXPECT_EQ(drive(state, "v", 28840, 260, 300, 8).trust, Trust::trusted);
}

TEST(Trust, ABusDoesNotStopWithinASecond) {
  State state = make();
  ASSERT_EQ(drive(state, "v", 28805, 5, 205, 10).trust, Trust::trusted);
  auto bus = apply(state, fix("v", 28826, 205.5, 0))->bus;
  EXPECT_EQ(bus.trust, Trust::frozen);
}

TEST(Trust, WhoStandsThroughAGreenLampInFrontOfItIsNotBelieved) {
  State state = make_with_lamps();
  ASSERT_EQ(drive(state, "v", 28805, 5, 800, 10).trust, Trust::trusted);
  BusState bus;
  for (int s = 0; s < 80; ++s) {
    const double t = 28890 + s;
    apply(state, lamps(t, s < 30 ? Aspect::red : Aspect::green));
    step(state, when(t));
    bus = apply(state, fix("v", t, std::min(970.0, 800 + 10.0 * s), s < 17 ? 10 : 0))->bus;
    if (s == 29) {
      EXPECT_EQ(bus.trust, Trust::trusted);  // at red it waits
    }
  }
  EXPECT_EQ(bus.trust, Trust::frozen);
}

TEST(Trust, WhoDrivesAgainstItsTripIsOnAnother) {
  State state = make();
  ASSERT_EQ(drive(state, "v", 28805, 200, 400, 10).trust, Trust::trusted);
  BusState bus;
  for (int s = 0; s < 7; ++s) bus = apply(state, fix("v", 28830 + s, 390 - 10 * s, 10))->bus;
  EXPECT_EQ(bus.trust, Trust::wrong_trip);
  // A heading tells sooner.
  BusState other;
  for (int s = 0; s < 4; ++s) {
    auto p = fix("w", 28830 + s, 600 - 5 * s, 5);
    p.bearing = Bearing{270};
    other = apply(state, p)->bus;
  }
  EXPECT_EQ(other.trust, Trust::wrong_trip);
}

TEST(Trust, WhoServesStopsThatItsTripDoesNotHaveIsOnAnother) {
  State state = make();
  ASSERT_EQ(drive(state, "v", 28805, 5, 205, 10).trust, Trust::trusted);
  const auto serve = [&](double s, double x) {
    auto p = fix("v", s, x, 0);
    p.stop_status = StopStatus::stopped;
    return apply(state, p)->bus;
  };
  EXPECT_EQ(serve(28830, 230).trust, Trust::trusted);  // once may be a mistake of the feed
  drive(state, "v", 28835, 240, 600, 10);
  EXPECT_EQ(serve(28880, 640).trust, Trust::wrong_trip);
}

TEST(Trust, OfTwoOnOneTripTheBetterFittingOneKeepsIt) {
  State state = make();
  drive(state, "good", 28805, 5, 205, 8);
  // Six minutes early for where it is.
  auto bad = drive(state, "bad", 28806, 1100, 1300, 8);
  auto good = apply(state, fix("good", 28832, 213, 8))->bus;
  EXPECT_EQ(good.trust, Trust::trusted);
  EXPECT_EQ(bad.trust, Trust::duplicate);
}

TEST(Trust, ATripThatAnotherHasDrivenPastHereIsNotDrivenTwice) {
  State state = make();
  ASSERT_EQ(drive(state, "v", 28805, 5, 805, 8).trust, Trust::trusted);
  // Long after that one was silent.
  EXPECT_EQ(drive(state, "w", 29100, 450, 650, 10).trust, Trust::duplicate);
  // Who takes over where it stopped may ask.
  EXPECT_EQ(drive(state, "x", 29300, 780, 980, 10).trust, Trust::trusted);
}

TEST(Trust, OfTwoThatDroveATripOneAfterTheOtherTheOnePunctualByFarKeepsIt) {
  State state = make();
  ASSERT_EQ(drive(state, "v", 28805 - 400, 5, 805, 8).trust, Trust::trusted);
  EXPECT_EQ(drive(state, "w", 28860, 410, 650, 10).trust, Trust::trusted);
}

// Stands for 12 s from second `s` on, then goes on; each fix `jitter` metres from the one before.
void stand(State& state, double s, double x, double jitter) {
  for (int i = 0; i < 12; ++i) apply(state, fix("v", s + i, x + (i % 2) * jitter, 0));
  apply(state, fix("v", s + 12, x + 20, 8));
}

// The bus rolls on and then tells the very same position four times.
Trust repeats_itself(State& state) {
  apply(state, fix("v", 28880, 230, 2));
  Trust trust{};
  for (int i = 0; i < 4; ++i) trust = apply(state, fix("v", 28881 + i, 231, 0))->bus.trust;
  return trust;
}

TEST(Trust, WherePositionsJitterOneThatDoesNotIsFrozen) {
  State state = make();
  ASSERT_EQ(drive(state, "v", 28805, 5, 205, 4).trust, Trust::trusted);
  stand(state, 28860, 206, 0.5);
  EXPECT_EQ(state.learnt.stands, 1U);
  EXPECT_EQ(state.learnt.stands_same, 0U);
  state.learnt.stands = 100;
  EXPECT_EQ(repeats_itself(state), Trust::frozen);
}

TEST(Trust, WhereReceiversHoldTheirPositionARepeatedOneIsBelieved) {
  State state = make();
  ASSERT_EQ(drive(state, "v", 28805, 5, 205, 4).trust, Trust::trusted);
  stand(state, 28860, 206, 0);
  EXPECT_EQ(state.learnt.stands_same, 1U);
  state.learnt.stands = 100;
  state.learnt.stands_same = 10;
  EXPECT_EQ(repeats_itself(state), Trust::trusted);
}

TEST(Trust, ElevenMinutesBeforeItsTimeATripIsNotThisOne) {
  State state = make();
  EXPECT_EQ(drive(state, "v", 28800 + 40, 600, 800, 10, "t2").trust, Trust::wrong_trip);
}

TEST(Depot, WhoStandsLongWithoutATripIsParked) {
  State state = make();
  BusState bus;
  for (int s = 0; s <= 600; s += 10) {
    auto p = fix("v", 28800 + s, 450, 0, "");
    p.position = at(450, 400);
    bus = apply(state, p)->bus;
  }
  EXPECT_EQ(bus.phase, BusPhase::depot);
  auto moves = fix("v", 28800 + 620, 450, 8, "");
  moves.position = at(550, 400);
  EXPECT_EQ(apply(state, moves)->bus.phase, BusPhase::no_trip);
}

TEST(Blockage, AStoppedTrolleybusBlocksItsLineABusDoesNot) {
  for (const auto kind : {VehicleKind::trolleybus, VehicleKind::bus}) {
    auto table = make_timetable();
    table.lines[0].kind = kind;
    State state = make_state(table, make_network(), make_signals(), make_days());
    std::vector<AlarmEvent> events;
    for (int s = 0; s <= 200; ++s) {
      const double t = 28800 + 660 + s;
      apply(state, lamps(t, Aspect::green));
      for (auto& e : step(state, when(t))) events.push_back(e);
      apply(state, fix("first", t, std::min(700.0, 500 + 8.0 * s), s < 25 ? 8 : 0, "t1"));
      apply(state, fix("second", t, std::min(350.0, 10 + 8.0 * s), s < 42 ? 8 : 0, "t2"));
    }
    CityPicture out;
    picture(state, out);
    ASSERT_EQ(out.buses.size(), 2U);
    EXPECT_EQ(out.buses[0].kind, kind);
    if (kind == VehicleKind::bus) {
      EXPECT_TRUE(events.empty());
      EXPECT_TRUE(out.buses[1].blocked_by.empty());
      continue;
    }
    ASSERT_FALSE(events.empty());
    EXPECT_EQ(events[0].kind, "line_blocked");
    EXPECT_EQ(events[0].subject, "first");
    EXPECT_TRUE(events[0].active);
    EXPECT_EQ(out.buses[1].blocked_by, VehicleId{"first"});
    EXPECT_TRUE(out.buses[0].blocked_by.empty());
    // It drives on: the alarm ends, once.
    events.clear();
    for (int s = 0; s < 20; ++s) {
      const double t = 28800 + 861 + s;
      apply(state, fix("first", t, 700 + 8.0 * s, 8, "t1"));
      for (auto& e : step(state, when(t))) events.push_back(e);
    }
    int ended = 0;
    for (const auto& e : events) ended += e.subject == "first" && !e.active ? 1 : 0;
    EXPECT_EQ(ended, 1);
  }
}

TEST(Headway, IsTheTimeBetweenTwoBusesAtTheSamePlaceBothWays) {
  State state = make();
  drive(state, "first", 28800 + 600, 5, 705, 7, "t1");
  // 60 s behind, by the first one's own trail, whatever the timetable says.
  BusState second = drive(state, "second", 28800 + 660, 5, 305, 7, "t2");
  ASSERT_TRUE(second.headway_ahead);
  EXPECT_NEAR(second.headway_ahead->value, 60, 3);
  const auto first = apply(state, fix("first", 28800 + 704, 712, 7, "t1"))->bus;
  ASSERT_TRUE(first.headway_behind);
  EXPECT_NEAR(first.headway_behind->value, 60, 5);
}

TEST(Dwell, IsLearntForTheStopAndABitForAllStops) {
  State state = make();
  const double assumed = detail::dwell_of(state, 2).mean_s;
  for (int n = 0; n < 8; ++n) {
    const double start = 28850 + 100.0 * n;
    const std::string id = "v" + std::to_string(n);
    apply(state, fix(id, start, 370, 8));
    for (int s = 2; s <= 42; ++s) apply(state, fix(id, start + s, 398, 0));
    apply(state, fix(id, start + 43, 404, 6));
    apply(state, fix(id, start + 45, 425, 8));
  }
  EXPECT_NEAR(detail::dwell_of(state, 1).mean_s, 40, 4);
  EXPECT_GT(detail::dwell_of(state, 2).mean_s, assumed + 3);
  EXPECT_LT(detail::dwell_of(state, 2).mean_s, 40);
}

// Buses that come to the time point (900 m, leaves at 140) 80 s early and leave at `leaves`.
void come_early(State& state, int from, int to, int leaves) {
  for (int n = from; n < to; ++n) {
    const std::string id = "v" + std::to_string(n);
    apply(state, fix(id, 28800 + 30, 860, 8));
    for (int s = 35; s < leaves; ++s) apply(state, fix(id, 28800 + s, 898, 0));
    apply(state, fix(id, 28800 + leaves, 904, 6));
    apply(state, fix(id, 28800 + leaves + 2, 925, 8));
  }
}

TEST(Dwell, OfAFeedThatTellsItsStopsAQueueNearAStopIsNoDwell) {
  State state = make();
  const auto at_place = [&](double s, double x, double speed, StopStatus status) {
    auto p = fix("v", s, x, speed);
    p.stop_status = status;
    return apply(state, p)->bus;
  };
  at_place(28810, 20, 8, StopStatus::in_transit);
  at_place(28812, 30, 0, StopStatus::stopped);  // it tells
  at_place(28815, 60, 8, StopStatus::in_transit);
  at_place(28850, 350, 8, StopStatus::in_transit);
  EXPECT_EQ(at_place(28855, 385, 0, StopStatus::in_transit).phase, BusPhase::running);
  EXPECT_EQ(at_place(28865, 398, 0, StopStatus::stopped).phase, BusPhase::at_stop);
  const auto left = at_place(28874, 399, 0, StopStatus::in_transit);
  EXPECT_EQ(left.phase, BusPhase::running);
  EXPECT_FALSE(detail::dwell_of(state, 1).seen == 0);
}

TEST(Hold, IsExpectedOnlyWhereEarlyBusesDoWait) {
  State state = make();
  const auto waits = [&](const std::string& id) {
    return apply(state, fix(id, 28800 + 40, 800, 10))->bus.eta->value;
  };
  const double unknown = waits("a");
  come_early(state, 0, 4, 140);
  const double held = waits("b");
  EXPECT_GT(held, unknown + 30);
  // What they waited for their time is no dwell.
  EXPECT_NEAR(detail::dwell_of(state, 2).mean_s, state.parameters.dwell_mean_s, 1e-9);
  come_early(state, 4, 12, 55);
  EXPECT_LT(waits("c"), unknown + 10);
}

}  // namespace
}  // namespace dispecer::transit::test
