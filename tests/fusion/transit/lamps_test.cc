#include <cmath>

#include "tests/fusion/transit/route.h"

namespace dispecer::transit::test {
namespace {

// Green for `green` s, then not for `red` s, again and again from second 0 on, seen each second up
// to and with `until`.
void cycle(LampHistory& h, double green, double red, double from, double until) {
  for (double s = from; s <= until; s += 1) {
    note(h, std::fmod(s, green + red) < green, when(s), 5);
  }
}

TEST(Lamps, AFixedCycleIsForetoldToTheSecond) {
  LampHistory h;
  cycle(h, 30, 60, 0, 400);  // 400 = 40 s into the fifth cycle, 10 s into red
  const auto f = futures(h, when(400));
  ASSERT_GE(f.count, 2U);
  for (std::size_t i = 0; i < f.count; ++i) {
    EXPECT_FALSE(f.row[i].green);
    EXPECT_NEAR(f.row[i].s[0], 50, 1e-9);
    EXPECT_NEAR(f.row[i].s[1], 30, 1e-9);
    EXPECT_NEAR(f.row[i].s[2], 60, 1e-9);
  }
}

TEST(Lamps, AGroupWithTwoGreensInACycleIsForetoldByWhichOneItWas) {
  LampHistory h;
  // 10 green, 20 red, 25 green, 45 red.
  for (int s = 0; s <= 415; ++s) {
    const int in = s % 100;
    note(h, in < 10 || (in >= 30 && in < 55), when(s), 5);
  }
  const auto f = futures(h, when(415));  // 15: 5 s into the short red
  ASSERT_GT(f.count, 0U);
  EXPECT_NEAR(f.row[0].s[0], 15, 1e-9);
  EXPECT_NEAR(f.row[0].s[1], 25, 1e-9);
  EXPECT_NEAR(f.row[0].s[2], 45, 1e-9);
  EXPECT_NEAR(f.row[0].s[3], 10, 1e-9);
}

TEST(Lamps, NothingIsForetoldBeforeACycleWasSeenOrAfterAGap) {
  LampHistory h;
  cycle(h, 30, 60, 0, 80);
  EXPECT_EQ(futures(h, when(80)).count, 0U);
  cycle(h, 30, 60, 81, 400);
  EXPECT_GT(futures(h, when(400)).count, 0U);
  note(h, false, when(420), 5);
  EXPECT_EQ(futures(h, when(420)).count, 0U);
}

TEST(Lamps, ARedThatLastsLongerThanEverMayEndAtAnyTime) {
  LampHistory h;
  cycle(h, 30, 60, 0, 360);
  for (int s = 361; s <= 489; ++s) note(h, s < 390, when(s), 5);
  const auto f = futures(h, when(489));  // red since 390, 99 s; all before were 60
  ASSERT_GT(f.count, 0U);
  EXPECT_FALSE(f.row[0].green);
  EXPECT_LT(f.row[0].s[0], 10);
  EXPECT_GT(f.row[f.count - 1].s[0], 30);
}

TEST(Lamps, APlanTellsWhatWillComeBeforeACycleWasSeen) {
  LampHistory h;
  // Green from 80 to 10 and from 30 to 55 of a cycle of 100 s; seen at second 20, at red.
  const std::vector<LampSwitch> plan{{10, false}, {30, true}, {55, false}, {80, true}};
  seed(h, plan, 100, 20, false, when(500));
  const auto f = futures(h, when(500));
  ASSERT_GT(f.count, 0U);
  EXPECT_NEAR(f.row[0].s[0], 10, 1e-9);
  EXPECT_NEAR(f.row[0].s[1], 25, 1e-9);
  EXPECT_NEAR(f.row[0].s[2], 25, 1e-9);
  EXPECT_NEAR(f.row[0].s[3], 30, 1e-9);
  LampHistory other;
  seed(other, plan, 100, 40, false, when(500));  // the plan says green there
  EXPECT_FALSE(other.known);
}

LampFuture red_then_green(double red, double green) {
  LampFuture f;
  f.green = false;
  f.count = 4;
  f.s = {red, green, red, green};
  return f;
}

TEST(Pass, WhoComesAtRedWaitsForGreenAndForThoseBefore) {
  EXPECT_NEAR(pass_s(red_then_green(20, 30), {5, 0, 2, 2}), 22, 1e-9);
  EXPECT_NEAR(pass_s(red_then_green(20, 30), {5, 10, 2, 2}), 32, 1e-9);
}

TEST(Pass, WhoComesAtGreenToAFreeLineDrivesThrough) {
  EXPECT_NEAR(pass_s(red_then_green(20, 30), {35, 0, 2, 2}), 35, 1e-9);
  EXPECT_NEAR(pass_s(red_then_green(20, 30), {51, 0, 2, 2}), 51, 1e-9);  // at amber
}

TEST(Pass, AQueueLongerThanAGreenTakesTwo) {
  // 28 s of the first green are used, 12 s are left for the second.
  EXPECT_NEAR(pass_s(red_then_green(20, 30), {5, 40, 2, 2}), 20 + 30 + 20 + 2 + 12, 1e-9);
}

void run_lamps(State& state, double from, double until) {
  for (double s = from; s <= until; s += 1) {
    const bool green = std::fmod(s - 28800, 90) < 30;
    apply(state, lamps(s, green ? Aspect::green : Aspect::red));
    step(state, when(s));
  }
}

TEST(Passing, OfABusThatWaitsAtRedIsTheBeginningOfGreen) {
  State state = make_with_lamps();
  run_lamps(state, 28800 - 450, 28800 + 140);  // red since 120, green at 180
  apply(state, fix("v", 28800 + 138, 960, 10));
  const auto bus = apply(state, fix("v", 28800 + 140, 975, 6))->bus;
  ASSERT_TRUE(bus.pass);
  EXPECT_NEAR(bus.pass->value, 42, 2);
  EXPECT_LT(bus.eta->value, 8);  // whatever the lamps show
  EXPECT_LE(bus.pass_low->value, bus.pass->value);
  EXPECT_GE(bus.pass_high->value, bus.pass->value);
}

TEST(Passing, IsNotToldWhereTheLampsAreNotKnown) {
  State state = make_with_lamps();
  EXPECT_FALSE(apply(state, fix("v", 28940, 960, 10))->bus.pass);
  run_lamps(state, 28800 - 450, 28800 + 140);
  apply(state, fix("v", 28800 + 141, 965, 6));
  auto dark = lamps(28800 + 141, Aspect::dark);
  dark.mode = ControlMode::dark;
  apply(state, dark);
  EXPECT_FALSE(apply(state, fix("v", 28800 + 142, 970, 6))->bus.pass);
}

TEST(Passing, OfTheLastFixIsToldAnewAsTheLampsChange) {
  State state = make_with_lamps();
  run_lamps(state, 28800 - 450, 28800 + 140);
  const auto told = apply(state, fix("v", 28800 + 140, 975, 6))->bus;
  // The controller lets it go at once, 40 s before its time.
  for (int s = 141; s <= 145; ++s) {
    apply(state, lamps(28800 + s, Aspect::green));
    step(state, when(28800 + s));
  }
  CityPicture out;
  picture(state, out);
  ASSERT_TRUE(out.buses.at(0).pass);
  EXPECT_LT(out.buses[0].pass->value, told.pass->value - 25);
}

TEST(Passing, OfWhoHasJustServedItsStopIsNoQueueUpToTheLine) {
  State state = make_with_lamps();
  run_lamps(state, 28800 - 450, 28800 + 180);
  auto position = fix("v", 28800 + 181, 900, 0);
  position.stop_status = StopStatus::stopped;
  apply(state, position);
  run_lamps(state, 28800 + 181, 28800 + 182);  // green since 180, for 30 s
  const auto bus = apply(state, fix("v", 28800 + 183, 901, 0))->bus;
  ASSERT_TRUE(bus.pass);
  EXPECT_FALSE(bus.stop_ahead);
  EXPECT_NEAR(bus.pass->value, bus.eta->value, 2);
}

TEST(Passing, GreenThatIsGoneCountsForThoseWhoStoodBeforeIt) {
  State state = make_with_lamps();
  run_lamps(state, 28800 - 450, 28800 + 150);
  for (int s = 151; s <= 190; ++s) {
    apply(state, fix("v", 28800 + s, 940, 0));
    run_lamps(state, 28800 + s, 28800 + s);
    const auto bus = apply(state, fix("v", 28800 + s + 0.5, 940, 0))->bus;
    ASSERT_TRUE(bus.pass);
    // 60 m of queue are 16 s of green, and it needs 10 s to run from standing.
    if (s == 179) {
      EXPECT_NEAR(bus.pass->value, 1 + 2 + 16, 2);
    }
    if (s == 184) {
      EXPECT_NEAR(bus.pass->value, 2 + 16 - 4, 2);
    }
    if (s == 190) {
      EXPECT_NEAR(bus.pass->value, 10.4, 2);
    }
  }
}

TEST(Passing, WhoDrivesAtGreenHasNobodyStandingBeforeIt) {
  State state = make_with_lamps();
  state.conditions.discharge_s = {0, 60};
  run_lamps(state, 28800 - 450, 28800 + 185);
  apply(state, fix("v", 28800 + 184, 928, 12));
  const auto bus = apply(state, fix("v", 28800 + 185, 940, 12))->bus;
  ASSERT_TRUE(bus.pass);
  EXPECT_LT(bus.pass->value, 8);
}

// `before` stood or drove 10 m before the line at `t`; 2 s later it was 10 m beyond.
Vehicle passes(State& state, Vehicle& before, double t) {
  before.trip = 0;
  before.matched = true;
  before.signal = 1;
  before.along = 990;
  before.shown.fix = when(t);
  before.shown.trust = Trust::trusted;
  Vehicle after = before;
  after.signal = kNone;
  after.along = 1010;
  after.shown.fix = when(t + 2);
  detail::settle_told(state, after, before);
  return after;
}

TEST(Passing, TheTimeThatTheFirstLosesAtGreenIsLearnt) {
  State state = make_with_lamps();
  for (int i = 0; i < 20; ++i) {
    Vehicle vehicle;
    vehicle.queued_m = 0.5;
    vehicle.green_at = when(29000);
    passes(state, vehicle, 29000);
  }
  EXPECT_LT(state.learnt.start_loss_s, 0.5);
  Vehicle held;  // by something else
  held.queued_m = 0.5;
  held.green_at = when(28980);
  passes(state, held, 29000);
  EXPECT_LT(state.learnt.start_loss_s, 0.5);
}

TEST(Passing, TheShareOfACountedQueueFallsWhereItDidNotHoldAndRisesWhereItDid) {
  State state = make_with_lamps();
  run_lamps(state, 28800 - 450, 28800 + 459);  // green since 450
  const double t = 28800 + 458;
  Vehicle vehicle;
  vehicle.told[1] = {true, when(t - 20), 20, 15, 25, 40, 20, 20};
  passes(state, vehicle, t);  // 7 s after the start, not 20
  const double fallen = state.learnt.queue_share[1];
  EXPECT_LT(fallen, kQueueBefore);
  Vehicle queued;
  queued.queued_m = 30;
  queued.green_at = when(28800 + 450);
  queued.told[1] = {true, when(t - 20), 20, 15, 25, 4, 1, 20};
  passes(state, queued, t);
  EXPECT_GT(state.learnt.queue_share[1], fallen);
}

TEST(Passing, TheIntervalWidensForThoseWhoWereMissed) {
  State state = make_with_lamps();
  const double before = state.learnt.passes[ahead_of(42)].above;
  const double t = 28800 + 470;
  auto& score = state.learnt.passes[ahead_of(42)];
  Vehicle vehicle;
  vehicle.told[ahead_of(42)] = {true, when(t - 60), 42, 38, 46, 0, 0, 10};
  const auto after = passes(state, vehicle, t);
  EXPECT_GT(score.above, before);
  EXPECT_GT(score.shift_s, 0);
  EXPECT_EQ(score.seen, 1U);
  EXPECT_NEAR(score.mae_s, 19, 1e-6);
  EXPECT_FALSE(after.told[ahead_of(42)].open);
}

}  // namespace
}  // namespace dispecer::transit::test
