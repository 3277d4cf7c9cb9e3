// The life of a request, as a table of what is heard and what becomes of it.
#include <gtest/gtest.h>

#include <functional>

#include "controller/priority/priority.h"
#include "tests/controller/priority/late_bus.h"

namespace dispecer {
namespace {

constexpr UtcTime kStart{1'700'000'000'000'000};
UtcTime at(double s) {
  return kStart + from_seconds(s);
}

priority::State places() {
  return priority::make_state({{MovementId("m"), {JunctionId("j"), SignalGroupId("g"), 0}},
                               {MovementId("n"), {JunctionId("k"), SignalGroupId("h"), 1}}});
}

// A late bus, 20 s before the stop line, heard now.
BusState bus(double t) {
  return test::late_bus(at(t), 20, 5);
}

std::vector<RequestState> states(const std::vector<PriorityRequest>& changes) {
  std::vector<RequestState> out;
  for (const auto& c : changes) out.push_back(c.state);
  return out;
}

priority::Verdict green(double given = 0, bool sent = true) {
  return {{true, false}, 0, 30, given, given > 0 ? "bus_extension" : "serving", sent};
}

using S = RequestState;

TEST(PriorityRequest, ALateBusIsReceivedQueuedGrantedAndServed) {
  auto state = places();
  const auto heard = priority::apply(state, bus(0), at(0));
  EXPECT_EQ(states(heard), (std::vector{S::received, S::queued}));
  EXPECT_EQ(heard[1].junction.str(), "j");
  EXPECT_EQ(heard[1].group.str(), "g");
  EXPECT_EQ(heard[1].kind, RequestKind::bus);
  EXPECT_EQ(heard[1].fix, at(0));
  const auto granted = priority::decided(state, JunctionId("j"), green(3), at(1));
  ASSERT_EQ(states(granted), (std::vector{S::granted}));
  EXPECT_EQ(granted[0].given.value, 3);
  EXPECT_EQ(granted[0].reason.rule, "bus_extension");
  auto gone = bus(22);
  gone.next_movement = MovementId();
  gone.link = LinkId("out");
  const auto served = priority::apply(state, gone, at(22));
  ASSERT_EQ(states(served), (std::vector{S::served}));
  EXPECT_EQ(served[0].id, heard[0].id);
  EXPECT_TRUE(state.entries.empty());
}

TEST(PriorityRequest, WhatAGrantSparedIsTheRestOfTheRedThatItsGroupWouldHaveHad) {
  struct Case {
    bool anyway;  // its group has green without it too
    double passes;
    std::optional<double> saved;
  };
  for (const auto& c :
       std::vector<Case>{{false, 22, 11}, {false, 45, 0}, {true, 22, std::nullopt}}) {
    auto state = places();
    priority::apply(state, bus(0), at(0));
    auto verdict = green(3);
    verdict.otherwise = {c.anyway, true};
    verdict.spared_until = 30;
    priority::decided(state, JunctionId("j"), verdict, at(1));
    verdict.spared_until = 60;
    priority::decided(state, JunctionId("j"), verdict, at(2));  // rests on the first change
    if (c.passes > 25) {
      auto later = bus(c.passes - 1);
      later.eta = Seconds{0.5};
      priority::apply(state, later, at(c.passes - 1));
    }
    auto gone = bus(c.passes);
    gone.next_movement = MovementId();
    const auto served = priority::apply(state, gone, at(c.passes));
    ASSERT_EQ(states(served), (std::vector{S::served}));
    EXPECT_NEAR(served[0].saved.value_or(Seconds{-1}).value, c.saved.value_or(-1), 1e-6);
  }
}

TEST(PriorityRequest, WhatStandsAgainstABusRefusesItByName) {
  struct Case {
    const char* why;
    std::function<void(BusState&)> change;
  };
  const std::vector<Case> cases{
      {"early", [](BusState& b) { b.lateness->value = -1; }},
      {"layover", [](BusState& b) { b.phase = BusPhase::layover; }},
      {"off_route", [](BusState& b) { b.phase = BusPhase::off_route; }},
      {"no_trip", [](BusState& b) { b.phase = BusPhase::no_trip; }},
      {"no_trip", [](BusState& b) { b.trip = TripId(); }},
      {"stale", [](BusState& b) { b.phase = BusPhase::frozen; }},
      {"stale", [](BusState& b) { b.fix = at(-10.5); }},
      {"stale", [](BusState& b) { b.quality = Quality::stale; }},
      {"phase_unknown", [](BusState& b) { b.phase = BusPhase::unknown; }},
      {"depot", [](BusState& b) { b.phase = BusPhase::depot; }},
      {"unconfirmed", [](BusState& b) { b.trust = Trust::unconfirmed; }},
      {"duplicate", [](BusState& b) { b.trust = Trust::duplicate; }},
      {"wrong_trip", [](BusState& b) { b.trust = Trust::wrong_trip; }},
      {"frozen", [](BusState& b) { b.trust = Trust::frozen; }},
      {"inferred", [](BusState& b) { b.trust = Trust::inferred; }},
      {"no_eta", [](BusState& b) { b.eta.reset(); }},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    auto state = places();
    auto b = bus(0);
    c.change(b);
    const auto changes = priority::apply(state, b, at(0));
    ASSERT_EQ(states(changes), (std::vector{S::received, S::refused}));
    EXPECT_EQ(changes[1].reason.rule, c.why);
    EXPECT_TRUE(priority::asks(state, JunctionId("j"), at(0)).empty());
    EXPECT_TRUE(priority::decided(state, JunctionId("j"), green(5), at(1)).empty())
        << "what is refused is never granted";
  }
}

TEST(PriorityRequest, ABusOnTimeToTheSecondOrOfUnknownLatenessMayAsk) {
  for (const bool known : {true, false}) {
    auto state = places();
    auto b = bus(0);
    if (known) b.lateness->value = 0;
    if (!known) b.lateness.reset();
    EXPECT_EQ(priority::apply(state, b, at(0)).back().state, S::queued);
  }
}

TEST(PriorityRequest, AStopStillAheadWaitsWithoutWeightUntilTheBusLeavesIt) {
  auto state = places();
  auto b = bus(0);
  b.stop_ahead = true;
  const auto first = priority::apply(state, b, at(0));
  EXPECT_EQ(first.back().state, S::queued);
  EXPECT_EQ(first.back().reason.rule, "stop_ahead");
  EXPECT_TRUE(priority::asks(state, JunctionId("j"), at(0)).empty());
  b.phase = BusPhase::at_stop;
  b.fix = at(5);
  priority::apply(state, b, at(5));
  EXPECT_TRUE(priority::asks(state, JunctionId("j"), at(5)).empty());
  b = bus(20);
  priority::apply(state, b, at(20));
  EXPECT_EQ(priority::asks(state, JunctionId("j"), at(20)).size(), 1u);
}

TEST(PriorityRequest, ABusFarAwayDoesNotWeighYet) {
  auto state = places();
  auto b = bus(0);
  b.eta_low = Seconds{50};
  b.eta = Seconds{60};
  b.eta_high = Seconds{70};
  EXPECT_EQ(priority::apply(state, b, at(0)).back().reason.rule, "far");
  EXPECT_TRUE(priority::asks(state, JunctionId("j"), at(0)).empty());
}

TEST(PriorityRequest, ARefusedBusThatBecomesLateIsQueuedUnderTheSameRequest) {
  auto state = places();
  auto early = bus(0);
  early.lateness->value = -20;
  const auto first = priority::apply(state, early, at(0));
  const auto second = priority::apply(state, bus(3), at(3));
  EXPECT_EQ(states(second), (std::vector{S::queued}));
  EXPECT_EQ(second[0].id, first[0].id);
}

TEST(PriorityRequest, OneVehicleHasOneRequestAtAJunctionHoweverOftenItIsHeard) {
  auto state = places();
  priority::apply(state, bus(0), at(0));
  for (int t = 1; t < 10; ++t) EXPECT_TRUE(priority::apply(state, bus(t), at(t)).empty());
  EXPECT_EQ(priority::asks(state, JunctionId("j"), at(9)).size(), 1u);
}

TEST(PriorityRequest, TheNextSignalBeginsANewRequestAndEndsTheOld) {
  auto state = places();
  const auto first = priority::apply(state, bus(0), at(0));
  auto next = bus(25);
  next.next_movement = MovementId("n");
  const auto changes = priority::apply(state, next, at(25));
  EXPECT_EQ(states(changes), (std::vector{S::served, S::received, S::queued}));
  EXPECT_EQ(changes[0].reason.rule, "passed_without_grant");
  EXPECT_EQ(changes[1].junction.str(), "k");
  EXPECT_NE(changes[1].id, first[0].id);
  EXPECT_TRUE(priority::asks(state, JunctionId("j"), at(25)).empty());
}

TEST(PriorityRequest, AGrantOutlivesAnAgeingPositionButNotSilence) {
  auto state = places();
  priority::apply(state, bus(0), at(0));
  priority::decided(state, JunctionId("j"), green(), at(1));
  EXPECT_TRUE(priority::step(state, at(15)).empty());
  EXPECT_EQ(priority::asks(state, JunctionId("j"), at(15)).size(), 1u);
  EXPECT_TRUE(priority::step(state, at(34)).empty()) << "it may come 10 s later than expected";
  const auto ended = priority::step(state, at(36));
  ASSERT_EQ(states(ended), (std::vector{S::timed_out}));
  EXPECT_EQ(ended[0].reason.rule, "no_position");
  EXPECT_TRUE(priority::asks(state, JunctionId("j"), at(36)).empty());
}

TEST(PriorityRequest, AQueuedRequestIsRefusedOnceItsPositionIsStale) {
  auto state = places();
  priority::apply(state, bus(0), at(0));
  EXPECT_TRUE(priority::step(state, at(9)).empty());
  const auto ended = priority::step(state, at(11));
  ASSERT_EQ(states(ended), (std::vector{S::refused}));
  EXPECT_EQ(ended[0].reason.rule, "stale");
}

TEST(PriorityRequest, AGrantThatIsNotUsedTimesOutAndTheBusDoesNotAskAgainThere) {
  auto state = places();
  priority::apply(state, bus(0), at(0));
  priority::decided(state, JunctionId("j"), green(), at(1));
  for (int t = 2; t < 121; ++t) priority::apply(state, bus(t), at(t));
  EXPECT_EQ(states(priority::step(state, at(122))), (std::vector{S::timed_out}));
  EXPECT_TRUE(priority::apply(state, bus(123), at(123)).empty());
  EXPECT_TRUE(priority::asks(state, JunctionId("j"), at(123)).empty());
}

TEST(PriorityRequest, AGrantedBusThatEndsItsTripIsCancelled) {
  auto state = places();
  priority::apply(state, bus(0), at(0));
  priority::decided(state, JunctionId("j"), green(), at(1));
  auto b = bus(5);
  b.phase = BusPhase::layover;
  EXPECT_EQ(states(priority::apply(state, b, at(5))), (std::vector{S::cancelled}));
}

TEST(PriorityRequest, ADecisionForTheOtherSideLeavesItQueuedAsOutweighed) {
  auto state = places();
  priority::apply(state, bus(0), at(0));
  auto red = green();
  red.green = {false, true};
  const auto changes = priority::decided(state, JunctionId("j"), red, at(1));
  ASSERT_EQ(states(changes), (std::vector{S::queued}));
  EXPECT_EQ(changes[0].reason.rule, "outweighed");
  EXPECT_TRUE(priority::decided(state, JunctionId("j"), red, at(2)).empty());
  EXPECT_TRUE(priority::apply(state, bus(2), at(2)).empty()) << "told once";
}

TEST(PriorityRequest, NothingIsGrantedThatTheStreetWasNotTold) {
  auto state = places();
  priority::apply(state, bus(0), at(0));
  EXPECT_TRUE(priority::decided(state, JunctionId("j"), green(5, false), at(1)).empty());
}

TEST(PriorityRequest, AnOlderPositionChangesNothing) {
  auto state = places();
  priority::apply(state, bus(10), at(10));
  auto old = bus(5);
  old.next_movement = MovementId();
  EXPECT_TRUE(priority::apply(state, old, at(11)).empty());
  EXPECT_EQ(state.entries.size(), 1u);
}

TEST(PriorityRequest, ABusWithoutASignalAheadAsksForNothing) {
  auto state = places();
  auto b = bus(0);
  b.next_movement = MovementId("not_signalised");
  EXPECT_TRUE(priority::apply(state, b, at(0)).empty());
}

TEST(PriorityRequest, SecondsToTheStopLineCountDownWithTime) {
  auto state = places();
  priority::apply(state, bus(0), at(0));
  const auto asks = priority::asks(state, JunctionId("j"), at(7));
  ASSERT_EQ(asks.size(), 1u);
  EXPECT_DOUBLE_EQ(asks[0].eta, 13);
  EXPECT_DOUBLE_EQ(priority::asks(state, JunctionId("j"), at(30))[0].eta, 0);
}

TEST(PriorityWeight, GrowsWithPeopleAndLatenessUpToItsCap) {
  auto state = places();
  auto b = bus(0);
  b.lateness->value = 0;
  EXPECT_DOUBLE_EQ(priority::weight(state, b), 10) << "25 people";
  b.lateness->value = 180;
  EXPECT_DOUBLE_EQ(priority::weight(state, b), 20);
  b.lateness->value = 3600;
  EXPECT_DOUBLE_EQ(priority::weight(state, b), 30);
  b.lateness->value = 0;
  b.passenger_load = Ratio{0.4};
  EXPECT_DOUBLE_EQ(priority::weight(state, b), 12);
  b.passenger_load = Ratio{0};
  EXPECT_DOUBLE_EQ(priority::weight(state, b), 4) << "people wait for an empty bus too";
}

TEST(PriorityWeight, ALargeGapToTheBusAheadWeighsMoreOnceTheLineIsKnown) {
  auto state = places();
  auto b = bus(0);
  b.lateness->value = 0;
  b.headway_ahead = Seconds{300};
  for (int t = 0; t < 30; ++t) {
    b.fix = at(t);
    priority::apply(state, b, at(t));
  }
  const double usual = priority::weight(state, b);
  b.headway_ahead = Seconds{500};
  EXPECT_GT(priority::weight(state, b), usual);
}

}  // namespace
}  // namespace dispecer
