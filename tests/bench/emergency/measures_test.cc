#include <gtest/gtest.h>

#include "tests/bench/emergency/recovery.h"
#include "tests/bench/emergency/same_time.h"

namespace dispecer::bench {
namespace {

// One junction with two groups that conflict and one that does not; cycle 60 s, approach "in".
city::City one_junction() {
  city::City city;
  JunctionSignals s;
  s.junction = JunctionId("j");
  for (const char* id : {"a", "b", "c"}) {
    SignalGroup g;
    g.id = SignalGroupId(id);
    s.groups.push_back(g);
  }
  s.intergreens = {{0, 1, {{5}, 0}}, {1, 0, {{5}, 0}}};
  s.plans.push_back({1, "day", {60}, {0}, {}});
  city.signals[s.junction] = s;
  Movement m;
  m.id = MovementId("m");
  m.junction = s.junction;
  m.from = LinkId("in");
  m.to = LinkId("out");
  m.group = SignalGroupId("a");
  city.network.movements.push_back(m);
  return city;
}

std::vector<sim::StreetVehicle> standing(int n) {
  sim::StreetVehicle v;
  v.link = LinkId("in");
  return std::vector<sim::StreetVehicle>(static_cast<std::size_t>(n), v);
}

TEST(Recovery, CountsTheCyclesAfterAHoldInWhichMoreStandThanBefore) {
  Recovery recovery(one_junction());
  for (int s = 0; s < 200; ++s) recovery.add(standing(4));
  for (int s = 200; s < 240; ++s) recovery.add(standing(20));  // the hold
  for (int s = 240; s < 360; ++s) recovery.add(standing(12));
  for (int s = 360; s < 480; ++s) recovery.add(standing(5));
  EXPECT_EQ(recovery.cycles(JunctionId("j"), 200, 240), 2);
  EXPECT_EQ(recovery.cycles(JunctionId("j"), 200, 360), 0);
}

TEST(Recovery, SaysNothingWhereTooLittleWasSeen) {
  Recovery recovery(one_junction());
  for (int s = 0; s < 300; ++s) recovery.add(standing(9));
  EXPECT_FALSE(recovery.cycles(JunctionId("j"), 100, 120));
  EXPECT_FALSE(recovery.cycles(JunctionId("j"), 200, 280));
  EXPECT_FALSE(recovery.cycles(JunctionId("k"), 200, 220));
}

PriorityRequest request(const std::string& id, const std::string& group, RequestState state) {
  PriorityRequest r;
  r.id = RequestId(id);
  r.kind = RequestKind::emergency;
  r.vehicle = VehicleId(id);
  r.junction = JunctionId("j");
  r.group = SignalGroupId(group);
  r.state = state;
  return r;
}

TEST(SameTime, TwoGreensThatConflictAreOneConflictHoweverLongTheyLast) {
  const auto city = one_junction();
  SameTime watch(city);
  watch.add({request("v", "a", RequestState::granted)});
  EXPECT_EQ(watch.conflicts(), 0u);
  watch.add({request("w", "b", RequestState::granted)});
  watch.add({});
  EXPECT_EQ(watch.conflicts(), 1u);
}

TEST(SameTime, GreensOneAfterTheOtherOrBesideEachOtherAreNone) {
  const auto city = one_junction();
  SameTime watch(city);
  watch.add({request("v", "a", RequestState::granted)});
  watch.add({request("v", "a", RequestState::served), request("w", "b", RequestState::granted),
             request("x", "c", RequestState::granted)});
  EXPECT_EQ(watch.conflicts(), 0u);
}

}  // namespace
}  // namespace dispecer::bench
