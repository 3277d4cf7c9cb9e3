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

TEST(UnheardBus, ItsWeightFadesOnceItsGreenHasRunAndANewPositionBringsItBack) {
  auto state = places();
  priority::apply(state, bus(0, 6), at(0));
  const double whole = priority::asks(state, JunctionId("j"), at(0)).at(0).weight;
  const auto run = [&](double from, double to, bool green) {
    for (double t = from; t < to; ++t)
      priority::lamps(state, JunctionId("j"), {green, false}, at(t));
  };
  run(0, 9, false);
  EXPECT_EQ(priority::asks(state, JunctionId("j"), at(9)).at(0).weight, whole)
      << "it stands at red";
  run(9, 14, true);
  const auto asks = priority::asks(state, JunctionId("j"), at(14));
  EXPECT_TRUE(asks.empty()) << "whoever came by then has gone";
  priority::apply(state, bus(14, 2), at(14));
  EXPECT_EQ(priority::asks(state, JunctionId("j"), at(14)).at(0).weight, whole);
}

TEST(UnheardBus, ALateOneStillCountsForTheShareThatMayBeComing) {
  auto state = places();
  auto wide = bus(0, 10);
  wide.eta_low = Seconds{2};
  wide.eta_high = Seconds{30};
  priority::apply(state, wide, at(0));
  const double whole = priority::asks(state, JunctionId("j"), at(0)).at(0).weight;
  for (double t = 2; t < 8; ++t) priority::lamps(state, JunctionId("j"), {true, false}, at(t));
  const auto asks = priority::asks(state, JunctionId("j"), at(8));
  ASSERT_EQ(asks.size(), 1u);
  EXPECT_NEAR(asks[0].weight, whole * 2 / 3, 1e-9);
  EXPECT_NEAR(asks[0].low, 2, 1e-9) << "the middle arrival is the next one";
}

}  // namespace
}  // namespace dispecer
