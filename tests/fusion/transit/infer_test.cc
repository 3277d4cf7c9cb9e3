#include "tests/fusion/transit/route.h"

namespace dispecer::transit::test {
namespace {

// Without a trip, on line 1.
VehiclePosition nameless(const std::string& vehicle, double s, double x, double speed) {
  auto p = fix(vehicle, s, x, speed, "");
  p.line = LineId{"1"};
  return p;
}

TEST(Infer, ABusOfALineIsPutOnTheTripThatFitsPlaceAndTime) {
  State state = make();
  const auto first = apply(state, nameless("v", 28840, 250, 10))->bus;
  EXPECT_EQ(first.trip, TripId{"t1"});
  EXPECT_EQ(first.trust, Trust::inferred);
  EXPECT_EQ(first.link, LinkId{"A"});
  EXPECT_EQ(apply(state, nameless("w", 29450, 250, 10))->bus.trip, TripId{"t2"});
  EXPECT_EQ(state.counters.at("transit.inferred_trip"), 2U);
}

TEST(Infer, ItsLatenessIsNeverSureAndItDoesNotAskHoweverFarItGoes) {
  State state = make();
  BusState bus;
  for (int s = 0; s < 60; ++s) bus = apply(state, nameless("v", 28840 + s, 250 + 8 * s, 8))->bus;
  EXPECT_EQ(bus.trust, Trust::inferred);
  EXPECT_FALSE(may_ask(bus.trust));
  ASSERT_TRUE(bus.lateness);
  EXPECT_GE(bus.lateness->sd, 300);
  EXPECT_TRUE(bus.eta);
}

TEST(Infer, TheSameTripIsKeptWhileItFits) {
  State state = make();
  apply(state, nameless("v", 28840, 250, 10));
  // Standing, it comes nearer to the time of the next one.
  for (int s = 10; s < 500; s += 10) {
    EXPECT_EQ(apply(state, nameless("v", 28840 + s, 250, 0))->bus.trip, TripId{"t1"}) << s;
  }
}

TEST(Infer, NobodyIsPutOnATripThatAnotherDrives) {
  State state = make();
  apply(state, fix("v", 28840, 250, 10, "t1"));
  EXPECT_EQ(apply(state, nameless("w", 28841, 200, 10))->bus.trip, TripId{"t2"});
}

TEST(Infer, WhoIsToldToBeOnATripHasItAgainstWhoWasGuessedToBe) {
  State state = make();
  apply(state, nameless("w", 28840, 250, 10));
  BusState told;
  for (int s = 0; s < 40; ++s) {
    apply(state, nameless("w", 28841 + s, 250 + 8 * s, 8));
    told = apply(state, fix("v", 28841 + s, 8.0 * s, 8, "t1"))->bus;
  }
  EXPECT_EQ(told.trust, Trust::trusted);
}

TEST(Infer, WithoutALineOffTheRouteAgainstTheWayOrOutOfTimeThereIsNone) {
  State state = make();
  EXPECT_EQ(apply(state, fix("a", 28840, 250, 10, ""))->bus.phase, BusPhase::no_trip);
  auto other = nameless("b", 28840, 250, 10);
  other.line = LineId{"9"};
  EXPECT_EQ(apply(state, other)->bus.phase, BusPhase::no_trip);
  auto away = nameless("c", 28840, 250, 10);
  away.position = at(250, 200);
  EXPECT_EQ(apply(state, away)->bus.phase, BusPhase::no_trip);
  auto back = nameless("d", 28840, 250, 10);
  back.bearing = Bearing{270};
  EXPECT_EQ(apply(state, back)->bus.phase, BusPhase::no_trip);
  EXPECT_EQ(apply(state, nameless("e", 20000, 250, 10))->bus.phase, BusPhase::no_trip);
}

TEST(Infer, WhoTurnsOutToGoAgainstItIsTakenOff) {
  State state = make();
  apply(state, nameless("v", 28900, 800, 10));
  BusState bus;
  for (int s = 1; s < 12; ++s) bus = apply(state, nameless("v", 28900 + s, 800 - 10 * s, 10))->bus;
  EXPECT_NE(bus.trip, TripId{"t1"});
}

}  // namespace
}  // namespace dispecer::transit::test
