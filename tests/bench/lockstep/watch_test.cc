#include "tests/bench/lockstep/watch.h"

#include <gtest/gtest.h>

namespace dispecer::bench {
namespace {

void pass(HeadwayWatch& watch, const char* bus, const char* link, double s) {
  sim::StreetVehicle v;
  v.id = bus;
  v.link = LinkId(link);
  watch.add(v, LineId("1"), s);
}

TEST(HeadwayWatch, EvenBusesHaveNoVariationAndBunchedOnesTheirOwn) {
  HeadwayWatch even;
  pass(even, "a", "x", 0);
  pass(even, "b", "x", 300);
  EXPECT_FALSE(even.cv()) << "one headway says nothing of how they vary";
  pass(even, "b", "x", 310);  // still on that link
  pass(even, "c", "x", 600);
  ASSERT_TRUE(even.cv());
  EXPECT_NEAR(*even.cv(), 0, 1e-12);

  HeadwayWatch bunched;
  pass(bunched, "a", "x", 0);
  pass(bunched, "b", "x", 150);
  pass(bunched, "c", "x", 600);
  EXPECT_NEAR(*bunched.cv(), 150.0 / 300, 1e-12);
}

TEST(SparedWatch, AGrantIsEffectiveWhereTheStreetSawItsBusPassInTheRedThatItWasSpared) {
  Network network;
  Movement m;
  m.id = MovementId("m");
  m.from = LinkId("in");
  network.movements.push_back(m);
  const UtcTime start{1'700'000'000'000'000};
  for (const double leaves : {5.0, 25.0, 40.0}) {
    SparedWatch watch;
    PriorityRequest r;
    r.id = RequestId("r");
    r.vehicle = VehicleId("b");
    r.movement = m.id;
    watch.add(r);  // changed nothing yet
    EXPECT_EQ(watch.grants(network).changed, 0);
    r.spared_from = start + from_seconds(10);
    r.spared_until = start + from_seconds(30);
    watch.add(r);
    sim::StreetVehicle bus;
    bus.id = "b";
    bus.link = LinkId("in");
    watch.add(bus, start);
    bus.link = LinkId("out");
    watch.add(bus, start + from_seconds(leaves));
    const auto grants = watch.grants(network);
    EXPECT_EQ(grants.changed, 1);
    EXPECT_EQ(grants.effective, leaves == 25 ? 1 : 0);
    EXPECT_NEAR(grants.saved_s, leaves == 25 ? 5 : 0, 1e-6);
  }
}

}  // namespace
}  // namespace dispecer::bench
