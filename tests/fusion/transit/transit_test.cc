#include "tests/fusion/transit/route.h"

namespace dispecer::transit::test {
namespace {

TEST(Lateness, IsInterpolatedBetweenTimePointsByDistanceAndPositiveWhenLate) {
  State state = make();
  // Half way from the first time point (0 m, leaves 0) to the next (900 m, 120 s): due at 60 s.
  const auto bus = apply(state, fix("v", 28800 + 90, 450, 10))->bus;
  ASSERT_TRUE(bus.lateness.has_value());
  EXPECT_NEAR(bus.lateness->value, 30, 0.5);
  EXPECT_GT(bus.lateness->sd, 0);
  EXPECT_EQ(bus.lateness->sources, static_cast<std::uint32_t>(kBuses | kTimetable));
  EXPECT_EQ(bus.phase, BusPhase::running);
  EXPECT_EQ(bus.line, LineId{"1"});
  const auto early = apply(state, fix("w", 28800 + 30, 450, 10))->bus;
  EXPECT_NEAR(early.lateness->value, -30, 0.5);
}

TEST(Lateness, ABusThatWaitsItsTimeAtATimePointIsOnTime) {
  State state = make();
  EXPECT_NEAR(apply(state, fix("v", 28800 + 130, 900, 0))->bus.lateness->value, 0, 1e-9);
  EXPECT_NEAR(apply(state, fix("v", 28800 + 150, 900, 0))->bus.lateness->value, 10, 1e-9);
  EXPECT_NEAR(apply(state, fix("w", 28800 + 100, 900, 0))->bus.lateness->value, -20, 1e-9);
}

TEST(Lateness, ATripAfterMidnightBelongsToTheServiceDayBefore) {
  // 24:30 of the service day, seen at half past midnight of the next calendar day.
  State state = make_state(make_timetable(24 * 3600 + 1800), make_network(), {}, make_days());
  const double s = 24 * 3600 + 1800;
  const auto untold = apply(state, fix("v", s + 100, 450, 10))->bus;
  EXPECT_NEAR(untold.lateness->value, 40, 0.5);
  auto told = fix("w", s + 100, 450, 10);
  told.start_date = std::to_string(kDate);
  EXPECT_NEAR(apply(state, told)->bus.lateness->value, 40, 0.5);
}

TEST(Lateness, TheNightWhenTheClocksChangeIsReckonedFromTheStartOfTheServiceDay) {
  // A day of 25 hours: its service day starts an hour after midnight (noon less twelve hours).
  auto days = make_days();
  days[kDate] = kDay + std::chrono::hours(1);
  State state = make_state(make_timetable(), make_network(), {}, days);
  auto told = fix("v", 28800 + 3600 + 60, 450, 10);
  told.start_date = std::to_string(kDate);
  EXPECT_NEAR(apply(state, told)->bus.lateness->value, 0, 0.5);
}

TEST(Lateness, WithoutServiceDaysThereIsNone) {
  State state = make_state(make_timetable(), make_network(), {}, {});
  const auto bus = apply(state, fix("v", 28860, 450, 10))->bus;
  EXPECT_FALSE(bus.lateness.has_value());
  EXPECT_EQ(bus.phase, BusPhase::running);
  EXPECT_EQ(bus.link, LinkId{"A"});
}

TEST(Tracking, AnUnknownOrMissingTripIsNoTrip) {
  State state = make();
  auto bus = apply(state, fix("v", 28860, 450, 10, "ghost"))->bus;
  EXPECT_EQ(bus.phase, BusPhase::no_trip);
  EXPECT_FALSE(bus.lateness.has_value());
  EXPECT_TRUE(bus.next_movement.empty());
  EXPECT_FALSE(bus.eta.has_value());
  EXPECT_EQ(state.counters.at("transit.unknown_trip"), 1U);
  bus = apply(state, fix("v", 28861, 450, 10, ""))->bus;
  EXPECT_EQ(bus.phase, BusPhase::no_trip);
  EXPECT_EQ(state.counters.at("transit.unknown_trip"), 1U);
}

TEST(Tracking, AParkedBusThatWasGivenATripOfThisMorningIsNoTrip) {
  State state = make();
  const auto bus = apply(state, fix("v", 28800 + 7200, 450, 0))->bus;
  EXPECT_EQ(bus.phase, BusPhase::no_trip);
  EXPECT_EQ(state.counters.at("transit.wrong_trip"), 1U);
  EXPECT_TRUE(bus.next_movement.empty());
}

TEST(Tracking, ABusFarFromItsShapeIsOffRouteAndComesBack) {
  State state = make();
  auto away = fix("v", 28860, 450, 10);
  away.position = at(450, 150);
  auto bus = apply(state, away)->bus;
  EXPECT_EQ(bus.phase, BusPhase::off_route);
  EXPECT_FALSE(bus.lateness.has_value());
  EXPECT_TRUE(bus.link.empty());
  bus = apply(state, fix("v", 28870, 600, 10))->bus;
  EXPECT_EQ(bus.phase, BusPhase::running);
  EXPECT_EQ(bus.link, LinkId{"B"});
}

TEST(Tracking, OldFutureRepeatedAndImpossiblePositionsAreCountedAndChangeNothing) {
  State state = make();
  step(state, when(28860));
  ASSERT_TRUE(apply(state, fix("v", 28860, 450, 10)).has_value());
  EXPECT_FALSE(apply(state, fix("v", 28850, 300, 10)).has_value());
  EXPECT_FALSE(apply(state, fix("v", 28860, 460, 10)).has_value());
  EXPECT_FALSE(apply(state, fix("v", 29860, 900, 10)).has_value());
  auto nowhere = fix("v", 28861, 0, 0);
  nowhere.position = LonLat{0, 0};
  EXPECT_FALSE(apply(state, nowhere).has_value());
  EXPECT_FALSE(apply(state, fix("", 28861, 0, 0)).has_value());
  for (const char* cause : {"transit.older", "transit.repeated", "transit.future",
                            "transit.bad_position", "transit.no_vehicle_id"}) {
    EXPECT_EQ(state.counters.at(cause), 1U) << cause;
  }
  CityPicture out;
  picture(state, out);
  ASSERT_EQ(out.buses.size(), 1U);
  EXPECT_EQ(out.buses[0].fix, when(28860));
}

TEST(Tracking, AnOldFixNeverLooksLiveAndIsForgottenInTheEnd) {
  State state = make();
  step(state, when(28860));
  apply(state, fix("v", 28860, 450, 10));
  const auto look = [&] {
    CityPicture out;
    picture(state, out);
    return out.buses;
  };
  EXPECT_EQ(look()[0].quality, Quality::live);
  step(state, when(28871));
  EXPECT_EQ(look()[0].quality, Quality::stale);
  EXPECT_EQ(look()[0].lateness->quality, Quality::stale);
  EXPECT_DOUBLE_EQ(look()[0].lateness->age_s, 11);
  step(state, when(28860 + 901));
  EXPECT_TRUE(look().empty());
}

TEST(Tracking, APositionThatIsAlreadyOldWhenItComesIsStale) {
  State state = make();
  step(state, when(28900));
  EXPECT_EQ(apply(state, fix("v", 28860, 450, 10))->bus.quality, Quality::stale);
}

TEST(Tracking, ALoopRouteIsMatchedByTheTimetableNotByTheNearerEnd) {
  auto table = make_timetable();
  table.shapes[0].links.clear();
  table.shapes[0].points = {at(0), at(700), at(700, 50), at(0, 50), at(0)};
  for (auto& trip : table.trips) {
    trip.stop_times[3].along = Metres{1500};
    trip.stop_times[3].stop = StopId{"S0"};
  }
  State state = make_state(table, make_network(), {}, make_days());
  // 25 m above the outbound half and 25 m below the way back: late in the trip it is the way back.
  auto back = fix("v", 28800 + 210, 300, 10);
  back.position = at(300, 25);
  EXPECT_NEAR(apply(state, back)->bus.lateness->value, 0, 45);
  auto out = fix("w", 28800 + 40, 300, 10);
  out.position = at(300, 25);
  EXPECT_NEAR(apply(state, out)->bus.lateness->value, 0, 5);
}

TEST(Tracking, ABusThatStandsForTenMinutesAwayFromATerminusIsFrozen) {
  State state = make();
  BusState bus;
  for (int s = 0; s <= 620; s += 10) bus = apply(state, fix("v", 28860 + s, 600, 0))->bus;
  EXPECT_EQ(bus.phase, BusPhase::frozen);
  bus = apply(state, fix("v", 28860 + 640, 650, 8))->bus;
  EXPECT_EQ(bus.phase, BusPhase::running);
}

TEST(Tracking, HeadwayIsTheTimeToTheVehicleAheadOnTheSameShape) {
  State state = make();
  apply(state, fix("ahead", 28800 + 660, 900, 10, "t1"));
  const auto bus = apply(state, fix("behind", 28800 + 660, 450, 10, "t2"))->bus;
  ASSERT_TRUE(bus.headway_ahead.has_value());
  EXPECT_NEAR(bus.headway_ahead->value, 60, 1);
  EXPECT_FALSE(apply(state, fix("ahead", 28800 + 670, 950, 10, "t1"))->bus.headway_ahead);
}

TEST(Tracking, AStopStandsOnItsLinkWhateverDistanceWasTold) {
  auto table = make_timetable();
  // Told 60 m short at the third stop, as by lengths without the junctions between.
  for (auto& trip : table.trips) trip.stop_times[2].along = Metres{840};
  const State state = make_state(table, make_network(), {}, make_days());
  EXPECT_NEAR(state.index.trips[0].stops[2].along, 900, 1);
  // Without a link, where its position is.
  table.stops[2].link = LinkId{};
  const State by_place = make_state(table, make_network(), {}, make_days());
  EXPECT_NEAR(by_place.index.trips[0].stops[2].along, 900, 1);
}

TEST(Tracking, ATripWithoutAShapeRunsFromStopToStop) {
  auto table = make_timetable();
  table.trips[0].shape = ShapeId{"none"};
  State state = make_state(table, make_network(), {}, make_days());
  const auto bus = apply(state, fix("v", 28890, 450, 10))->bus;
  EXPECT_EQ(bus.phase, BusPhase::running);
  EXPECT_NEAR(bus.lateness->value, 30, 1);
  EXPECT_TRUE(bus.next_movement.empty());
}

TEST(Tracking, SilenceIsNewsOnlyWhileTripsRun) {
  const State state = make();
  EXPECT_TRUE(service_runs(state, when(28900), 0));
  EXPECT_FALSE(service_runs(state, when(40000), 0));
  EXPECT_TRUE(service_runs(state, when(28700), 300));
}

TEST(Tracking, TheSameInputsGiveTheSamePicture) {
  const auto play = [] {
    State state = make();
    for (int s = 0; s < 200; ++s) {
      step(state, when(28800 + s));
      apply(state, fix("v", 28800 + s, 7.0 * s, 7));
      apply(state, fix("w", 28800 + s, 5.0 * s, 5, "t2"));
    }
    CityPicture out;
    picture(state, out);
    return out;
  };
  EXPECT_EQ(play(), play());
}

}  // namespace
}  // namespace dispecer::transit::test
