#include "tests/fusion/transit/route.h"

namespace dispecer::transit::test {
namespace {

TEST(Arrival, LooksAcrossPlainJunctionsToTheNextSignal) {
  State state = make();
  const auto bus = apply(state, fix("v", 28860, 450, 10))->bus;
  EXPECT_EQ(bus.link, LinkId{"A"});
  EXPECT_EQ(bus.next_movement, MovementId{"B-C"});
  EXPECT_NEAR(bus.to_stop_line.value, 550, 2);
  EXPECT_TRUE(bus.stop_ahead);
}

TEST(Arrival, AfterTheLastStopItIsDistanceAndSpeed) {
  State state = make();
  apply(state, fix("v", 28930, 880, 0));
  const auto bus = apply(state, fix("v", 28945, 930, 10))->bus;
  EXPECT_FALSE(bus.stop_ahead);
  EXPECT_NEAR(bus.to_stop_line.value, 70, 1);
  ASSERT_TRUE(bus.eta.has_value());
  EXPECT_NEAR(bus.eta->value, 7, 1);
  EXPECT_LE(bus.eta_low->value, bus.eta->value);
  EXPECT_GE(bus.eta_high->value, bus.eta->value);
  EXPECT_NEAR(bus.eta_low->value, 70 / 15.4, 0.2);
}

TEST(Arrival, AStopAheadAddsItsDwell) {
  State state = make();
  const auto bus = apply(state, fix("v", 28915, 800, 10))->bus;
  EXPECT_TRUE(bus.stop_ahead);
  EXPECT_GT(bus.eta->value, 200 / 14.0 + 18);
  EXPECT_GT(bus.eta_high->value, bus.eta->value + 10);
  EXPECT_LT(bus.eta_low->value, 200 / 14.0);
}

TEST(Arrival, AQueueAtTheSignalIsNoPartOfIt) {
  State state = make();
  apply(state, fix("w", 28945, 940, 10));
  state.conditions.discharge_s = {0, 20};
  const auto queued = apply(state, fix("w", 28946, 950, 10))->bus;
  EXPECT_LT(queued.eta->value, 10);
  EXPECT_LT(queued.eta_high->value, 12);
}

TEST(Arrival, AKnownLinkSpeedReplacesTheAssumedOne) {
  State state = make();
  state.conditions.speed = {0, 4, 0};
  const auto slow = apply(state, fix("v", 28915, 510, 0))->bus;
  state.conditions.speed = {0, 13, 0};
  const auto fast = apply(state, fix("w", 28915, 510, 0))->bus;
  EXPECT_GT(slow.eta->value, fast.eta->value + 50);
}

TEST(Arrival, ASlowLinkIsNoNewsToTheBusThatStandsAtItsStopThere) {
  const auto eta = [](double speed) {
    State state = make();
    state.parameters.look_ahead_m = 800;
    state.conditions.speed = {speed, 0, 0};
    return apply(state, fix("v", 28855, 398, 0))->bus.eta->value;
  };
  EXPECT_NEAR(eta(3), eta(13), 1e-9);
}

TEST(Arrival, WhereTheQueueIsCountedASlowLinkIsNotCountedAgain) {
  State state = make();
  state.conditions.speed = {0, 4, 0};
  state.conditions.discharge_s = {0, 20};
  EXPECT_LT(apply(state, fix("v", 28945, 930, 10))->bus.eta->value, 10);
}

TEST(Arrival, PastTheStopLineTheSignalIsBehind) {
  State state = make();
  const auto bus = apply(state, fix("v", 28960, 1010, 10))->bus;
  EXPECT_EQ(bus.link, LinkId{"C"});
  EXPECT_TRUE(bus.next_movement.empty());
  EXPECT_FALSE(bus.eta.has_value());
  EXPECT_NEAR(bus.to_stop_line.value, 490, 2);
}

TEST(Stops, DwellAndRunningAreToldApart) {
  State state = make();
  state.parameters.look_ahead_m = 800;
  EXPECT_EQ(apply(state, fix("v", 28850, 300, 10))->bus.phase, BusPhase::running);
  EXPECT_EQ(apply(state, fix("v", 28860, 398, 0))->bus.phase, BusPhase::at_stop);
  const auto standing = apply(state, fix("v", 28870, 398, 0))->bus;
  EXPECT_EQ(standing.phase, BusPhase::at_stop);
  EXPECT_TRUE(standing.stop_ahead);
  apply(state, fix("v", 28880, 398, 0));
  EXPECT_EQ(apply(state, fix("v", 28884, 402, 4))->bus.phase, BusPhase::running);
  // 24 s were learnt at this stop, a little above the assumed 18.
  const auto dwell = detail::dwell_of(state, 1);
  EXPECT_EQ(dwell.seen, 1U);
  EXPECT_GT(dwell.mean_s, 18);
  EXPECT_LT(dwell.mean_s, 24);
}

TEST(Stops, WhoStandsMuchLongerThanAnyDwellIsHeldBySomethingElse) {
  State state = make();
  BusState bus;
  // Late, at a stop that is no time point, 100 m before the plain junction.
  for (int s = 0; s <= 70; s += 5) bus = apply(state, fix("v", 28900 + s, 398, 0))->bus;
  EXPECT_EQ(bus.phase, BusPhase::running);
}

TEST(Stops, BeforeItsTimeAtTheFirstStopABusLaysOver) {
  State state = make();
  auto bus = apply(state, fix("v", 28800 - 300, 5, 0))->bus;
  EXPECT_EQ(bus.phase, BusPhase::layover);
  EXPECT_DOUBLE_EQ(bus.lateness->value, 0);
  bus = apply(state, fix("v", 28800 + 20, 60, 8))->bus;
  EXPECT_EQ(bus.phase, BusPhase::running);
  bus = apply(state, fix("v", 28800 + 260, 1495, 0))->bus;
  EXPECT_EQ(bus.phase, BusPhase::layover);
}

TEST(Stops, TheFeedsOwnStoppedCountsOverItsSpeed) {
  State state = make();
  auto p = fix("v", 28860, 360, 3);
  p.stop_status = StopStatus::stopped;
  EXPECT_EQ(apply(state, p)->bus.phase, BusPhase::at_stop);
}

TEST(GroundSpeed, IsTakenAwayFromStopsAndStopLinesOnly) {
  State state = make();
  apply(state, fix("v", 28830, 150, 10));
  const auto running = apply(state, fix("v", 28840, 250, 10));
  ASSERT_TRUE(running->ground.has_value());
  EXPECT_EQ(running->ground->link, LinkId{"A"});
  EXPECT_NEAR(running->ground->speed.value, 10, 0.1);
  EXPECT_FALSE(apply(state, fix("v", 28850, 380, 3))->ground.has_value());
}

TEST(Matching, AStopSequencePutsTheFirstFixOnTheRightLeg) {
  State state = make();
  auto p = fix("v", 28915, 850, 10);
  p.stop_sequence = 3;
  const auto bus = apply(state, p)->bus;
  EXPECT_EQ(bus.link, LinkId{"B"});
  EXPECT_NEAR(bus.to_stop_line.value, 150, 2);
}

}  // namespace
}  // namespace dispecer::transit::test
