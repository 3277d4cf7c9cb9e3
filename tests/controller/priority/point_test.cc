// Vehicles that announce themselves at a point, alone and beside their positions.
#include <gtest/gtest.h>

#include "controller/priority/priority.h"
#include "tests/controller/priority/late_bus.h"
#include "tests/controller/signals/crossroads.h"

namespace dispecer {
namespace {

using namespace test;
using S = RequestState;

priority::State places() {
  return priority::make_state({{MovementId("m"), {JunctionId("j"), SignalGroupId("g"), 0}},
                               {MovementId("n"), {JunctionId("k"), SignalGroupId("h"), 1}}});
}

PriorityPoint point(double t, PointKind kind = PointKind::registration) {
  PriorityPoint p;
  p.junction = JunctionId("j");
  p.group = SignalGroupId("g");
  p.t = at(t);
  p.kind = kind;
  p.source = "loop7";
  p.to_stop_line = Metres{140};
  return p;
}

BusState bus(double t, double eta, const std::string& id = "b1", const std::string& line = "1") {
  auto b = test::late_bus(at(t), eta, 3);
  b.vehicle = VehicleId(id);
  b.line = LineId(line);
  return b;
}

std::size_t weighing(const priority::State& state, double t) {
  return priority::asks(state, JunctionId("j"), at(t)).size();
}

TEST(PriorityPoint, APointAloneAsksAtOnceAndItsDeregistrationServesIt) {
  auto state = places();
  const auto heard = priority::apply(state, point(0), at(0.2));
  ASSERT_EQ(heard.size(), 2u);
  EXPECT_EQ(heard[0].state, S::received);
  EXPECT_EQ(heard[1].state, S::queued);
  const auto asks = priority::asks(state, JunctionId("j"), at(5));
  ASSERT_EQ(asks.size(), 1u);
  EXPECT_NEAR(asks[0].eta, 140.0 / 7 - 5, 1e-9);
  EXPECT_LT(asks[0].low, asks[0].eta);
  EXPECT_GT(asks[0].high, asks[0].eta);
  EXPECT_GT(asks[0].weight, 0);
  EXPECT_TRUE(priority::step(state, at(12)).empty()) << "no position is to be expected of it";
  const auto gone = priority::apply(state, point(19, PointKind::deregistration), at(19.1));
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_EQ(gone[0].state, S::served);
  EXPECT_EQ(gone[0].reason.rule, "passed_point");
  EXPECT_EQ(gone[0].id, heard[0].id);
  EXPECT_TRUE(state.entries.empty());
}

TEST(PriorityPoint, ABusOnBothChannelsIsOneRequestWhicheverIsFirst) {
  for (const bool point_first : {true, false}) {
    auto state = places();
    if (point_first) {
      priority::apply(state, point(0), at(0));
      priority::apply(state, bus(1, 18), at(1));
    } else {
      priority::apply(state, bus(0, 19), at(0));
      priority::apply(state, point(1), at(1));
    }
    EXPECT_EQ(state.entries.size(), 1u);
    EXPECT_EQ(weighing(state, 2), 1u);
    EXPECT_EQ(state.entries.begin()->second.request.vehicle.str(), "b1");
    auto gone = bus(21, 0);
    gone.next_movement = MovementId();
    const auto served = priority::apply(state, gone, at(21));
    ASSERT_EQ(served.size(), 1u);
    EXPECT_EQ(served[0].state, S::served);
    EXPECT_TRUE(state.entries.empty());
  }
}

TEST(PriorityPoint, AnotherLineAnotherVehicleOrAnotherTimeIsAnotherRequest) {
  struct Case {
    const char* what;
    std::function<void(PriorityPoint&)> change;
  };
  for (const auto& c :
       std::vector<Case>{{"line", [](PriorityPoint& p) { p.line = LineId("2"); }},
                         {"vehicle", [](PriorityPoint& p) { p.vehicle = VehicleId("b9"); }},
                         {"time", [](PriorityPoint& p) { p.eta = Seconds{60}; }}}) {
    SCOPED_TRACE(c.what);
    auto state = places();
    priority::apply(state, bus(0, 19), at(0));
    auto p = point(1);
    c.change(p);
    priority::apply(state, p, at(1));
    EXPECT_EQ(state.entries.size(), 2u);
  }
}

TEST(PriorityPoint, TheSameVehicleByNameIsOneRequestWhateverItsArrival) {
  auto state = places();
  priority::apply(state, bus(0, 40), at(0));
  auto p = point(1);
  p.vehicle = VehicleId("b1");
  p.eta = Seconds{8};
  priority::apply(state, p, at(1));
  ASSERT_EQ(state.entries.size(), 1u);
  EXPECT_NEAR(priority::asks(state, JunctionId("j"), at(1)).at(0).eta, 8, 1e-9);
}

TEST(PriorityPoint, AClosedDoorEndsTheWaitForTheStopAhead) {
  auto state = places();
  auto stands = bus(0, 20);
  stands.phase = BusPhase::at_stop;
  priority::apply(state, stands, at(0));
  ASSERT_EQ(weighing(state, 0), 0u);
  const auto closed = priority::apply(state, point(2, PointKind::door_closed), at(2));
  ASSERT_FALSE(closed.empty());
  EXPECT_EQ(closed.back().state, S::queued);
  EXPECT_EQ(weighing(state, 2), 1u);
}

TEST(PriorityPoint, ABusThatItsPositionsCallEarlyIsNotHelpedByALoopAndAStaleOneIs) {
  auto state = places();
  auto early = bus(0, 20);
  early.lateness->value = -90;
  priority::apply(state, early, at(0));
  priority::apply(state, point(1), at(1));
  EXPECT_EQ(weighing(state, 1), 0u);

  auto other = places();
  priority::apply(other, bus(0, 30), at(0));
  priority::step(other, at(12));
  ASSERT_EQ(other.entries.begin()->second.request.state, S::refused);
  priority::apply(other, point(13), at(13));
  EXPECT_EQ(weighing(other, 13), 1u);
}

TEST(PriorityPoint, AnUnknownPlaceAndOldNewsAreCountedAndLeftOut) {
  auto state = places();
  auto nowhere = point(0);
  nowhere.group = SignalGroupId("x");
  EXPECT_TRUE(priority::apply(state, nowhere, at(0)).empty());
  EXPECT_TRUE(priority::apply(state, point(0), at(60)).empty());
  EXPECT_EQ(state.points_unknown, 1u);
  EXPECT_EQ(state.points_old, 1u);
  EXPECT_TRUE(state.entries.empty());
}

TEST(PriorityPoint, OneThatNeverPassesTimesOut) {
  auto state = places();
  priority::apply(state, point(0), at(0));
  std::vector<PriorityRequest> ended;
  double t = 0;
  for (; t < 120 && ended.empty(); ++t) ended = priority::step(state, at(t));
  ASSERT_EQ(ended.size(), 1u);
  EXPECT_EQ(ended[0].state, S::timed_out);
  EXPECT_GT(t, 140.0 / 4);
}

double still_there(const priority::State& state, double t) {
  const auto asks = priority::asks(state, JunctionId("j"), at(t));
  return asks.empty() ? 0 : asks[0].chance[0] + asks[0].chance[1] + asks[0].chance[2];
}

void show(priority::State& state, double from, double to, bool green, double queue_s = 0) {
  for (double t = from; t < to; ++t) {
    priority::lamps(state, JunctionId("j"), {{green, queue_s}, {false, 0}}, at(t));
  }
}

TEST(UnheardBus, ItsChanceGoesOnceItsGreenHasRunAndANewPositionBringsItBack) {
  auto state = places();
  priority::apply(state, bus(0, 6), at(0));
  show(state, 0, 9, false);
  EXPECT_NEAR(still_there(state, 9), 1, 1e-9) << "it stands at red";
  show(state, 9, 14, true);
  EXPECT_EQ(still_there(state, 14), 0) << "whoever came by then has gone";
  priority::apply(state, bus(14, 2), at(14));
  EXPECT_NEAR(still_there(state, 14), 1, 1e-9);
}

TEST(UnheardBus, TheSamePositionAgainIsNoNewsOfIt) {
  auto state = places();
  priority::apply(state, bus(0, 6), at(0));
  show(state, 0, 9, false);
  for (double t = 9; t < 14; ++t) {
    priority::apply(state, bus(0, 6), at(t));
    show(state, t, t + 1, true);
  }
  EXPECT_EQ(still_there(state, 14), 0);
}

TEST(UnheardBus, WhoStoodBeforeItGoesFirst) {
  auto state = places();
  priority::apply(state, bus(0, 6), at(0));
  show(state, 0, 9, false, 10);
  show(state, 9, 14, true, 10);
  EXPECT_NEAR(still_there(state, 14), 1, 1e-9) << "the queue is not through yet";
  show(state, 14, 25, true);
  EXPECT_EQ(still_there(state, 25), 0);
}

TEST(UnheardBus, NobodyQueuesLongerThanThereIsRoomBeforeIt) {
  const auto left = [](double metres) {
    auto state = places();
    auto b = bus(0, 6);
    b.to_stop_line = Metres{metres};
    priority::apply(state, b, at(0));
    show(state, 0, 9, false, 60);
    show(state, 9, 19, true, 60);
    return still_there(state, 19);
  };
  EXPECT_EQ(left(15), 0);
  EXPECT_NEAR(left(200), 1, 1e-9);
}

TEST(UnheardBus, WhoMeetsGreenAndNobodyBeforeItPassesAtOnce) {
  auto state = places();
  auto exact = bus(0, 6);
  exact.eta_low = exact.eta_high = exact.eta;
  priority::apply(state, exact, at(0));
  show(state, 0, 6, true);
  EXPECT_NEAR(still_there(state, 6), 1, 1e-9);
  show(state, 6, 7, true);
  EXPECT_EQ(still_there(state, 7), 0);
}

TEST(UnheardBus, ALateOneAsksOnlyWhileItIsMoreLikelyThereThanGone) {
  auto state = places();
  auto wide = bus(0, 10);
  wide.eta_low = Seconds{2};
  wide.eta_high = Seconds{30};
  priority::apply(state, wide, at(0));
  show(state, 2, 8, true);
  const auto asks = priority::asks(state, JunctionId("j"), at(8));
  ASSERT_EQ(asks.size(), 1u);
  EXPECT_EQ(asks[0].chance[0], 0);
  EXPECT_EQ(asks[0].chance[1], priority::kChances[1]);
  EXPECT_NEAR(asks[0].eta, 2, 1e-9);
  show(state, 8, 16, true);
  EXPECT_TRUE(priority::asks(state, JunctionId("j"), at(16)).empty());
}

TEST(UnheardBus, WhatWasBegunForItIsGivenUpLater) {
  const auto asks_at = [](bool begun) {
    auto state = places();
    auto b = bus(0, 10);
    b.eta_high = Seconds{20};
    priority::apply(state, b, at(0));
    if (begun) {
      priority::Verdict verdict;
      verdict.green = {true, false};
      verdict.given = 1;
      verdict.sent = true;
      priority::decided(state, JunctionId("j"), verdict, at(1));
    }
    double t = 0;
    for (; t < 60 && !priority::asks(state, JunctionId("j"), at(t)).empty(); ++t) {
      show(state, t, t + 1, true);
    }
    return t;
  };
  EXPECT_GT(asks_at(true), asks_at(false));
  EXPECT_LT(asks_at(true), 20);
}

}  // namespace
}  // namespace dispecer
