#include "tests/bench/transit/feed_errors.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dispecer::bench {
namespace {

constexpr UtcTime kDay{1'700'000'000'000'000};

Timetable make_timetable() {
  Timetable out;
  out.shapes = {{ShapeId("s"), {{23.5, 47.6}, {23.6, 47.6}}, {}}};
  for (int i = 0; i < 20; ++i) {
    Trip trip;
    trip.id = TripId("t" + std::to_string(i));
    trip.line = LineId("1");
    trip.shape = ShapeId("s");
    trip.stop_times = {{StopId("a"), 1, Seconds{0}, Seconds{0}, Metres{0}, true},
                       {StopId("b"), 2, Seconds{7200}, Seconds{7200}, Metres{9000}, true}};
    out.trips.push_back(trip);
  }
  return out;
}

std::vector<VehiclePosition> clean(int vehicles, double s) {
  std::vector<VehiclePosition> out;
  for (int i = 0; i < vehicles; ++i) {
    VehiclePosition p;
    p.vehicle = VehicleId("v" + std::to_string(i));
    p.trip = TripId("t" + std::to_string(i % 20));
    p.t = kDay + from_seconds(s);
    p.position = {23.5 + 1e-4 * s, 47.6};
    p.speed = MetresPerSecond{8};
    out.push_back(std::move(p));
  }
  return out;
}

TEST(FeedErrors, PlantsEveryKindAboutAsOftenAsAsked) {
  const auto timetable = make_timetable();
  FeedErrorShares shares;
  FeedErrors errors(timetable, shares, 7);
  const int n = 2000;
  for (int s = 0; s < 2; ++s) errors.spoil(clean(n, s), kDay + from_seconds(s), s);
  const auto counts = errors.counts();
  const auto share = [&](Planted kind) { return static_cast<double>(counts.at(kind)) / n; };
  EXPECT_NEAR(share(Planted::wrong_trip), shares.wrong_trip, 0.02);
  EXPECT_NEAR(share(Planted::no_trip), shares.no_trip, 0.02);
  EXPECT_NEAR(share(Planted::frozen), shares.frozen, 0.02);
  EXPECT_NEAR(share(Planted::ghost), shares.ghosts, 0.02);
}

TEST(FeedErrors, AFrozenVehicleStandsStillFromItsMomentOnAndOnlyThenCounts) {
  const auto timetable = make_timetable();
  FeedErrorShares shares{0, 0, 1, 0, 0, 30};
  FeedErrors errors(timetable, shares, 3);
  LonLat last;
  int still = 0;
  for (int s = 0; s < 200; ++s) {
    const auto told = errors.spoil(clean(1, s), kDay + from_seconds(s), s);
    ASSERT_EQ(told.size(), 1U);
    const bool frozen = errors.planted(VehicleId("v0")) == Planted::frozen;
    if (s < 20) {
      EXPECT_FALSE(frozen);
    }
    if (frozen) {
      EXPECT_EQ(told[0].position, last);
      ++still;
    }
    last = told[0].position;
  }
  EXPECT_GT(still, 70);
}

TEST(FeedErrors, TheErrorOfAFixHasTheSizeThatWasAsked) {
  const auto timetable = make_timetable();
  FeedErrorShares shares{0, 0, 0, 0, 3, 30};
  FeedErrors errors(timetable, shares, 11);
  double sum = 0;
  int n = 0;
  for (int s = 0; s < 400; ++s) {
    const auto truth = clean(50, s);
    const auto told = errors.spoil(truth, kDay + from_seconds(s), s);
    for (std::size_t i = 0; i < told.size(); ++i) {
      const double north = (told[i].position.lat - truth[i].position.lat) * 111320;
      sum += north * north;
      ++n;
    }
  }
  EXPECT_NEAR(std::sqrt(sum / n), 3, 0.5);
}

TEST(FeedErrors, TheSameSeedPlantsTheSame) {
  const auto timetable = make_timetable();
  FeedErrors a(timetable, {}, 5);
  FeedErrors b(timetable, {}, 5);
  for (int s = 0; s < 50; ++s) {
    EXPECT_EQ(a.spoil(clean(30, s), kDay + from_seconds(s), s),
              b.spoil(clean(30, s), kDay + from_seconds(s), s));
  }
}

}  // namespace
}  // namespace dispecer::bench
