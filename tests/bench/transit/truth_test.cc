#include "tests/bench/transit/truth.h"

#include <gtest/gtest.h>

namespace dispecer::bench {
namespace {

constexpr UtcTime kDay{1'700'000'000'000'000};

Network two_links() {
  Network net;
  for (const char* id : {"A", "B"}) {
    Link link;
    link.id = LinkId(id);
    link.length = Metres{100};
    net.links.push_back(link);
  }
  Movement m;
  m.id = MovementId("A-B");
  m.from = LinkId("A");
  m.to = LinkId("B");
  m.group = SignalGroupId("g");
  net.movements = {m};
  return net;
}

sim::StreetVehicle bus(const char* link, double along, double speed, bool at_stop = false) {
  sim::StreetVehicle v;
  v.id = "v";
  v.trip = TripId("t");
  v.link = LinkId(link);
  v.along_m = along;
  v.speed_mps = speed;
  v.at_stop = at_stop;
  v.stop_sequence = 1;
  return v;
}

TEST(Truth, APassingIsTimedBetweenTheSecondsAndNamedByTheLinkThatFollows) {
  Truth truth(two_links());
  truth.add({bus("A", 95, 10)}, kDay);
  truth.add({bus("", 5, 10)}, kDay + from_seconds(1));
  EXPECT_TRUE(truth.passings().empty());
  truth.add({bus("", 15, 10)}, kDay + from_seconds(2));
  truth.add({bus("B", 5, 10)}, kDay + from_seconds(3));
  ASSERT_EQ(truth.passings().size(), 1U);
  EXPECT_EQ(truth.passings()[0].movement, MovementId("A-B"));
  EXPECT_NEAR(in_seconds(truth.passings()[0].t - kDay), 0.5, 1e-6);
  EXPECT_TRUE(truth.took(VehicleId("v"), MovementId("A-B")));
  EXPECT_FALSE(truth.took(VehicleId("v"), MovementId("B-A")));
  truth.add({bus("B", 15, 10)}, kDay + from_seconds(4));
  EXPECT_TRUE(truth.passings().empty());
}

TEST(Truth, ArrivalAndDepartureAtAStopAreToldOnceEach) {
  Truth truth(two_links());
  truth.add({bus("A", 50, 2)}, kDay);
  truth.add({bus("A", 52, 0, true)}, kDay + from_seconds(1));
  ASSERT_EQ(truth.stops().size(), 1U);
  EXPECT_TRUE(truth.stops()[0].arrival);
  truth.add({bus("A", 52, 0, true)}, kDay + from_seconds(2));
  EXPECT_TRUE(truth.stops().empty());
  auto leaves = bus("A", 53, 1);
  leaves.stop_sequence = 2;
  truth.add({leaves}, kDay + from_seconds(3));
  ASSERT_EQ(truth.stops().size(), 1U);
  EXPECT_FALSE(truth.stops()[0].arrival);
  EXPECT_EQ(truth.stops()[0].sequence, 1U);
}

}  // namespace
}  // namespace dispecer::bench
