// Buses inside the decision, and the way from a position heard to a proposal without the tick.
#include <gtest/gtest.h>

#include "tests/controller/signals/crossroads.h"

namespace dispecer {
namespace {

using namespace test;

BusState bus(double t, const std::string& movement, double eta, double lateness = 90) {
  BusState b;
  b.vehicle = VehicleId("bus_" + movement);
  b.trip = TripId("t");
  b.fix = at(t);
  b.phase = BusPhase::running;
  b.lateness = Estimate{lateness, 5, 0, Quality::live, kBuses};
  b.link = LinkId("in_" + movement);
  b.to_stop_line = {eta * 10};
  b.next_movement = MovementId(movement);
  b.eta_low = Seconds{std::max(0.0, eta - 2)};
  b.eta = Seconds{eta};
  b.eta_high = Seconds{eta + 2};
  b.quality = Quality::live;
  return b;
}

TEST(BusPriority, GreenIsExtendedForALateBusThatIsNearlyThere) {
  Crossroads road;
  auto state = road.controller();
  const double t = settle(state, road);
  road.queue("e", 3);
  auto other = state;
  ASSERT_EQ(second(other, road, t).ordered(), 2u) << "without a bus";
  road.picture->buses = {bus(t, "n", 6)};
  const auto now = second(state, road, t);
  EXPECT_EQ(now.ordered(), 1u);
  EXPECT_EQ(now.decision.reason.rule, "bus_extension");
  EXPECT_EQ(now.decision.reason.otherwise, "least_cost");
  ASSERT_FALSE(now.requests.empty());
  EXPECT_EQ(now.requests.back().state, RequestState::granted);
  EXPECT_GT(now.requests.back().given.value, 0);
  ASSERT_TRUE(now.requests.back().spared_until);
  EXPECT_EQ(now.requests.back().spared_from, at(t));
  // Without the bus its group would have had to wait for the other stage and both clearances.
  EXPECT_GE(*now.requests.back().spared_until, at(t + 10));
}

TEST(BusPriority, ABusStandsInTheQueueOfItsOwnApproachWhateverElseItsGroupGoverns) {
  Crossroads road;
  const auto state = road.controller();
  const auto& site = state.junctions.at(JunctionId("j")).site;
  for (std::uint32_t m = 0; m < site.movements.size(); ++m) {
    const auto b = site.bundles.of(m, site.movements[m].group);
    ASSERT_LT(b, site.bundles.rows.size());
    EXPECT_EQ(site.bundles.rows[b].movements, std::vector{m});
  }
}

TEST(BusPriority, GreenComesEarlyForALateBusAtRed) {
  Crossroads road;
  auto state = road.controller();
  const double t = settle(state, road);
  road.queue("n", 1);
  auto other = state;
  ASSERT_EQ(second(other, road, t).ordered(), 1u) << "without a bus";
  road.picture->buses = {bus(t, "e", 4, 600)};
  const auto now = second(state, road, t);
  EXPECT_EQ(now.ordered(), 2u);
  EXPECT_EQ(now.decision.reason.rule, "bus_early_green");
  EXPECT_EQ(now.decision.reason.otherwise, "extend");
}

std::string input(const SignalDecision& decision, const std::string& name) {
  for (const auto& i : decision.reason.inputs) {
    if (i.name == name) return i.value;
  }
  return "";
}

TEST(BusPriority, AChangeTellsWhatTheBusGainsAndTheOthersLose) {
  Crossroads road;
  auto state = road.controller();
  const double t = settle(state, road);
  road.queue("e", 3);
  road.picture->buses = {bus(t, "n", 6)};
  const auto now = second(state, road, t);
  ASSERT_EQ(now.decision.reason.rule, "bus_extension");
  EXPECT_GE(std::stod(input(now.decision, "bus_gain_s")), 1);
  EXPECT_GT(std::stod(input(now.decision, "others_loss_veh_s")), 0);
}

TEST(BusPriority, WhatHelpsNoBusByASecondIsNotDone) {
  Crossroads road;
  const auto ordered = [&](double least) {
    controller::ControllerParameters parameters;
    parameters.signals.least_bus_gain_s = least;
    auto state = road.controller(parameters);
    const double t = settle(state, road);
    road.queue("e", 3);
    road.picture->buses = {bus(t, "n", 6)};
    return second(state, road, t);
  };
  EXPECT_EQ(ordered(1).ordered(), 1u);
  const auto refused = ordered(1000);
  EXPECT_EQ(refused.ordered(), 2u) << "as without the bus";
  EXPECT_EQ(refused.decision.reason.rule, "least_cost");
  EXPECT_NE(input(refused.decision, "bus_gain_s"), "");
}

TEST(BusPriority, WhoseArrivalIsUncertainGainsLess) {
  Crossroads road;
  const auto gain = [&](double low, double high) {
    auto state = road.controller();
    const double t = settle(state, road);
    road.queue("e", 3);
    auto b = bus(t, "n", 6);
    b.eta_low = Seconds{low};
    b.eta_high = Seconds{high};
    road.picture->buses = {b};
    return std::stod("0" + input(second(state, road, t).decision, "bus_gain_s"));
  };
  EXPECT_GT(gain(5, 7), gain(0, 40));
}

TEST(BusPriority, AnEarlyBusOrOneWithAStopAheadChangesNothing) {
  for (const bool early : {true, false}) {
    Crossroads road;
    auto state = road.controller();
    const double t = settle(state, road);
    road.queue("e", 3);
    road.picture->buses = {bus(t, "n", 6, early ? -30 : 90)};
    road.picture->buses[0].stop_ahead = !early;
    EXPECT_EQ(second(state, road, t).ordered(), 2u);
  }
}

TEST(BusPriority, TheHeavierOfTwoBusesWins) {
  for (const bool north : {true, false}) {
    Crossroads road;
    auto state = road.controller();
    const double t = settle(state, road);
    road.picture->buses = {bus(t, "n", 9, north ? 400 : 0), bus(t, "e", 9, north ? 0 : 800)};
    EXPECT_EQ(second(state, road, t).ordered(), north ? 1u : 2u);
  }
}

TEST(BusPriority, TheMaximumRedOfOthersIsKept) {
  Crossroads road;
  road.queue("e", 1);
  auto state = road.controller();
  double s = 0;
  for (; s < 130; ++s) {
    road.picture->buses = {bus(s, "n", 5, 900)};
    road.picture->buses[0].vehicle = VehicleId("bus" + std::to_string(s));
    if (second(state, road, s).ordered() == 2) break;
  }
  EXPECT_LE(s + 5, 120);
}

TEST(BusPriority, WhatPriorityTookIsRememberedAsCredit) {
  Crossroads road;
  auto state = road.controller();
  const double t = settle(state, road);
  road.queue("n", 1);
  road.picture->buses = {bus(t, "e", 4, 600)};
  ASSERT_EQ(second(state, road, t).ordered(), 2u);
  EXPECT_GT(state.junctions.at(JunctionId("j")).memory.credit[0], 0);
}

TEST(BusPriority, SwitchedOffItAsksForNothing) {
  Crossroads road;
  controller::ControllerParameters parameters;
  parameters.bus_priority = false;
  auto state = road.controller(parameters);
  const double t = settle(state, road);
  road.queue("e", 3);
  road.picture->buses = {bus(t, "n", 6)};
  const auto now = second(state, road, t);
  EXPECT_EQ(now.ordered(), 2u);
  EXPECT_TRUE(now.requests.empty());
}

TEST(BusEvent, APositionChangesTheDecisionAtOnceWithOneProposalThatCarriesItsReceipt) {
  Crossroads road;
  auto state = road.controller();
  const double t = settle(state, road);
  road.queue("n", 1);
  ASSERT_EQ(second(state, road, t).ordered(), 1u);
  const UtcTime received = at(t + 0.3);
  const auto out = controller::apply(state, bus(t + 0.2, "e", 4, 600), at(t + 0.31), 0, received);
  ASSERT_EQ(out.proposals.size(), 1u);
  EXPECT_EQ(std::get<StageOrder>(out.proposals[0].write).stage, 2u);
  EXPECT_EQ(out.proposals[0].cause_received, received);
  EXPECT_EQ(out.proposals[0].based_on, at(t));
  ASSERT_EQ(out.decisions.size(), 1u);
  EXPECT_EQ(out.decisions[0].reason.rule, "bus_early_green");
  const auto again = controller::apply(state, bus(t + 0.5, "e", 3.7, 600), at(t + 0.51), 0);
  EXPECT_TRUE(again.proposals.empty()) << "nothing new to ask for";
}

TEST(BusEvent, APositionThatChangesNothingYieldsNoProposal) {
  Crossroads road;
  auto state = road.controller();
  const double t = settle(state, road);
  road.queue("n", 3);
  second(state, road, t);
  const auto out = controller::apply(state, bus(t + 0.2, "n", 7, 200), at(t + 0.3), 0);
  EXPECT_TRUE(out.proposals.empty());
  EXPECT_EQ(out.requests.back().state, RequestState::queued);
}

TEST(BusEvent, BeforeTheFirstPictureNothingIsProposed) {
  Crossroads road;
  auto state = road.controller();
  EXPECT_TRUE(controller::apply(state, bus(0, "e", 7), at(0), 0).proposals.empty());
}

TEST(BusEvent, TheSamePositionsGiveTheSameOutputs) {
  const auto run = [] {
    Crossroads road;
    auto state = road.controller();
    const double t = settle(state, road);
    road.queue("n", 3);
    second(state, road, t);
    return controller::apply(state, bus(t + 0.2, "e", 7, 200), at(t + 0.31), 0).proposals;
  };
  EXPECT_EQ(run(), run());
}

}  // namespace
}  // namespace dispecer
