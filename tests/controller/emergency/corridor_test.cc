#include <gtest/gtest.h>

#include <algorithm>

#include "tests/controller/emergency/row.h"

namespace dispecer::test {
namespace {

const auto kOp = person(Role::op);

// "state rule" of each request at a junction, in order.
std::vector<std::string> life(const std::vector<PriorityRequest>& all,
                              const std::string& junction) {
  std::vector<std::string> out;
  for (const auto& r : all) {
    if (r.junction.str() == junction)
      out.push_back(std::string(to_name(r.state)) + " " + r.reason.rule);
  }
  return out;
}

struct Drive {
  const Row& row;
  emergency::State& state;
  std::vector<PriorityRequest> told = {};
  std::vector<Proposal> orders = {};
  CityPicture picture = {};

  void step(double s) {
    auto out = emergency::step(state, &picture, at(s), 0);
    told.insert(told.end(), out.requests.begin(), out.requests.end());
    orders.insert(orders.end(), out.orders.begin(), out.orders.end());
  }
  void hear(Local p, double bearing, double s) {
    emergency::heard(state, row.position("v", p, bearing, s), at(s));
    step(s);
  }
};

TEST(Corridor, PositionsMoveItOverEachStopLineUntilTheLastOneEndsIt) {
  const Row row;
  auto state = row.state();
  ASSERT_TRUE(emergency::open(state, request("c", "v", "west_a", "b_east"), kOp, at(0)));
  Drive drive{row, state};
  double s = 0;
  for (double x = 0; x < 700; x += 14) drive.hear({x, 2}, 90, ++s);
  EXPECT_EQ(life(drive.told, "a"),
            (std::vector<std::string>{"received opened", "served passed_without_grant",
                                      "served corridor_over"}));
  EXPECT_EQ(life(drive.told, "b"),
            (std::vector<std::string>{"received opened", "served passed_without_grant",
                                      "served corridor_over"}));
  EXPECT_TRUE(state.corridors.empty());
}

TEST(Corridor, ArrivalIsToldEarlierThanTheLimitAllowsAndFallsWithTheWay) {
  const Row row;
  auto state = row.state();
  ASSERT_TRUE(emergency::open(state, request("c", "v", "west_a", "b_east"), kOp, at(0)));
  emergency::heard(state, row.position("v", {150, 0}, 90, 1), at(1));
  const auto a = emergency::asks(state, JunctionId("a"), at(1));
  ASSERT_EQ(a.size(), 1u);
  EXPECT_EQ(a[0].movement.str(), "west_a>a_b");
  EXPECT_NEAR(a[0].claim.eta, 140 / 13.9, 0.3);
  EXPECT_NEAR(a[0].claim.low, 140 / 13.9 / 1.3, 0.3);
  EXPECT_NEAR(emergency::asks(state, JunctionId("a"), at(3))[0].claim.eta, 140 / 13.9 - 2, 0.3);
  EXPECT_NEAR(emergency::asks(state, JunctionId("b"), at(1))[0].claim.eta, 420 / 13.9, 0.3);
}

TEST(Corridor, WhereTheVehicleLeavesItsWayANewOneIsLaidWithinThreeSeconds) {
  const Row row;
  auto state = row.state();
  ASSERT_TRUE(emergency::open(state, request("c", "v", "west_a", "b_east"), kOp, at(0)));
  Drive drive{row, state};
  double s = 0;
  for (double x = 200; x < 300; x += 14) drive.hear({x, 0}, 90, ++s);
  ASSERT_EQ(state.corridors.at(RequestId("c")).replans, 0u);
  // It turns to the north at a; the first position on the side street is told at s + 1.
  const double turned = s;
  for (double y = 15; y < 100 && state.corridors.at(RequestId("c")).replans == 0; y += 14) {
    drive.hear({300, y}, 0, ++s);
  }
  EXPECT_EQ(state.corridors.at(RequestId("c")).replans, 1u);
  EXPECT_LE(s - turned, 3);
  const auto& ahead = state.corridors.at(RequestId("c")).ahead;
  ASSERT_EQ(ahead.size(), 1u);
  EXPECT_EQ(ahead[0].request.movement.str(), "nb_b>b_east");
  EXPECT_EQ(life(drive.told, "b"), (std::vector<std::string>{"received opened", "received opened",
                                                             "cancelled left_route"}));
}

TEST(Corridor, NoiseBesideTheWayDoesNotMakeItLeave) {
  const Row row;
  auto state = row.state();
  ASSERT_TRUE(emergency::open(state, request("c", "v", "west_a", "b_east"), kOp, at(0)));
  double s = 0;
  for (double x = 0; x < 640; x += 10) {
    const double off = static_cast<int>(s) % 2 == 0 ? 8 : -8;
    ++s;
    emergency::heard(state, row.position("v", {x, off}, 90, s), at(s));
  }
  EXPECT_EQ(state.corridors.at(RequestId("c")).replans, 0u);
  EXPECT_TRUE(state.corridors.at(RequestId("c")).ahead.empty());
}

TEST(Corridor, ItEndsAfterThirtySecondsOfSilenceAndNotBefore) {
  const Row row;
  auto state = row.state();
  ASSERT_TRUE(emergency::open(state, request("c", "v", "west_a", "b_east"), kOp, at(0)));
  Drive drive{row, state};
  drive.hear({100, 0}, 90, 5);
  drive.step(35);
  EXPECT_EQ(state.corridors.size(), 1u);
  drive.step(36);
  EXPECT_TRUE(state.corridors.empty());
  EXPECT_EQ(life(drive.told, "a").back(), "timed_out no_position");
}

TEST(Corridor, AVehicleThatDoesNotMoveOnBarsNobodyUntilItDoes) {
  const Row row;
  auto state = row.state();
  ASSERT_TRUE(emergency::open(state, request("c", "v", "west_a", "b_east"), kOp, at(0)));
  const auto stalled = [&](double x, double s) {
    emergency::heard(state, row.position("v", {x, 0}, 90, s), at(s));
    return emergency::asks(state, JunctionId("a"), at(s)).at(0).stalled;
  };
  EXPECT_FALSE(stalled(200, 1));
  for (double s = 2; s < 46; ++s) EXPECT_FALSE(stalled(200 + static_cast<int>(s) % 3, s));
  EXPECT_FALSE(stalled(200, 46));
  EXPECT_TRUE(stalled(203, 47));
  EXPECT_TRUE(stalled(205, 60));
  emergency::decided(state, JunctionId("a"), {"emergency_hold", true, ""}, {SignalGroupId("a_ew")},
                     at(60));
  EXPECT_EQ(state.corridors.begin()->second.ahead.front().request.reason.rule, "stalled");
  EXPECT_FALSE(stalled(214, 61));
}

TEST(Corridor, ItEndsAtItsEndTimeAndByAWord) {
  const Row row;
  auto state = row.state();
  ASSERT_TRUE(emergency::open(state, request("c", "v", "west_a", "b_east", 20), kOp, at(0)));
  Drive drive{row, state};
  drive.hear({10, 0}, 90, 19);
  EXPECT_EQ(state.corridors.size(), 1u);
  drive.step(20);
  EXPECT_EQ(life(drive.told, "b").back(), "cancelled end_time");
  ASSERT_TRUE(emergency::open(state, request("d", "v", "west_a", "b_east"), kOp, at(21)));
  EXPECT_TRUE(emergency::end(state, RequestId("d"), kOp, at(22)));
  drive.step(22);
  EXPECT_EQ(life(drive.told, "b").back(), "cancelled ended");
}

TEST(Corridor, AStationsButtonHasNoPositionsAndMovesWithTime) {
  const Row row;
  auto state = row.state();
  ASSERT_TRUE(emergency::open(state, request("c", "", "west_a", "b_east"), kOp, at(0)));
  Drive drive{row, state};
  EXPECT_NEAR(emergency::asks(state, JunctionId("a"), at(10))[0].claim.eta, 290 / 13.9 - 10, 0.3);
  drive.step(30);
  EXPECT_EQ(state.corridors.at(RequestId("c")).ahead.size(), 2u);
  drive.step(36);  // 290 m at six tenths of the limit take 35 s
  EXPECT_EQ(state.corridors.at(RequestId("c")).ahead.size(), 1u);
  drive.step(70);
  EXPECT_TRUE(state.corridors.empty());
}

TEST(Corridor, AVehicleThatNamesNoDestinationHasItsWayStraightOn) {
  const Row row;
  auto state = row.state({{{VehicleId("v"), EmergencyKind::fire}}, {}, {}});
  auto p = row.position("v", {100, 0}, 90, 1);
  p.emergency = EmergencyKind::fire;
  emergency::heard(state, p, at(1));
  ASSERT_EQ(state.corridors.size(), 1u);
  EXPECT_EQ(state.corridors.begin()->second.ahead.size(), 2u);
  p = row.position("v", {120, 0}, 90, 2);  // its device says that the errand is over
  emergency::heard(state, p, at(2));
  EXPECT_TRUE(state.corridors.empty());
}

TEST(Corridor, QueuesThatItLeavesBehindAreToldAtItsEnd) {
  const Row row;
  auto state = row.state();
  ASSERT_TRUE(emergency::open(state, request("c", "v", "west_a", "b_east"), kOp, at(0)));
  Drive drive{row, state};
  MovementState side;
  side.movement = MovementId("sb_b>b_nb");
  side.queue = {7, 1, 1, Quality::live, kLoops};
  MovementState own;
  own.movement = MovementId("a_b>b_east");
  own.queue = {3, 1, 1, Quality::live, kLoops};
  drive.picture.movements = {side, own};
  drive.hear({580, 0}, 90, 1);
  drive.hear({640, 0}, 90, 3);
  const auto& last = *std::find_if(drive.told.rbegin(), drive.told.rend(), [](const auto& r) {
    return r.junction.str() == "b" && r.reason.rule == "corridor_over";
  });
  const auto& inputs = last.reason.inputs;
  EXPECT_TRUE(std::find(inputs.begin(), inputs.end(), NamedValue{"queue_left_veh", "7.0"}) !=
              inputs.end());
}

TEST(Corridor, ARouteOfTheControllersOwnIsAskedForByAPersonOnlyAndTakenBack) {
  const Row row;
  const EmergencyRegister reg{{},
                              {{PersonId("dispatch"), {EmergencyKind::ambulance}, {}}},
                              {{MovementId("a_b>b_east"), 4}}};
  auto state = row.state(reg);
  ASSERT_TRUE(emergency::open(state, request("c", "v", "west_a", "b_east"), kOp, at(0)));
  Drive drive{row, state};
  drive.hear({150, 0}, 90, 1);
  ASSERT_EQ(drive.orders.size(), 1u);
  EXPECT_EQ(drive.orders[0].write, (FieldWrite{EmergencyRouteOrder{4, true}}));
  EXPECT_EQ(drive.orders[0].until, at(600));
  EXPECT_FALSE(drive.orders[0].id.empty());
  drive.hear({580, 0}, 90, 20);
  drive.hear({640, 0}, 90, 22);
  ASSERT_EQ(drive.orders.size(), 2u);
  EXPECT_EQ(drive.orders[1].write, (FieldWrite{EmergencyRouteOrder{4, false}}));
  ASSERT_TRUE(emergency::open(state, request("d", "v", "west_a", "b_east"),
                              person(Role::automaton, "dispatch"), at(30)));
  drive.hear({150, 0}, 90, 31);
  EXPECT_EQ(drive.orders.size(), 2u);
}

TEST(Corridor, WhatCannotBeLaidIsRefusedByName) {
  const Row row;
  auto state = row.state();
  const auto cause = [&](const OpenCorridor& r) {
    const auto done = emergency::open(state, r, kOp, at(0));
    return done ? std::string("ok") : done.error().cause;
  };
  EXPECT_EQ(cause(request("c", "", "", "b_east")), "no_vehicle");
  EXPECT_EQ(cause(request("c", "v", "nowhere", "b_east")), "unknown_link");
  EXPECT_EQ(cause(request("c", "v", "b_east", "west_a")), "no_way");
  EXPECT_EQ(cause(request("c", "v", "a_na", "na_nb")), "no_signals");
  EXPECT_EQ(cause(request("c", "v", "west_a", "b_east", 0)), "until");
  EXPECT_EQ(cause(request("c", "v", "west_a", "b_east", 8000)), "until");
  auto broken = request("c", "v", "", "");
  broken.route = {LinkId("west_a"), LinkId("b_east")};
  EXPECT_EQ(cause(broken), "no_way");
  EXPECT_EQ(cause(request("c", "v", "west_a", "b_east")), "ok");
  EXPECT_EQ(cause(request("c", "v", "west_a", "b_east")), "known");
}

TEST(Corridor, ARestartKeepsItAndTheNextPositionSaysWhereItIs) {
  const Row row;
  auto state = row.state();
  ASSERT_TRUE(emergency::open(state, request("c", "v", "west_a", "b_east"), kOp, at(0)));
  emergency::heard(state, row.position("v", {100, 0}, 90, 5), at(5));
  const auto kept = emergency::kept(state);
  auto again = row.state();
  emergency::restore(again, kept);
  emergency::heard(again, row.position("v", {350, 0}, 90, 20), at(20));
  ASSERT_EQ(again.corridors.size(), 1u);
  const auto& ahead = again.corridors.begin()->second.ahead;
  ASSERT_EQ(ahead.size(), 1u);
  EXPECT_EQ(ahead[0].request.junction.str(), "b");
}

}  // namespace
}  // namespace dispecer::test
