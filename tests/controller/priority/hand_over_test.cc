// Requests that the signal controller itself serves: what it is told, and what its word does.
#include <gtest/gtest.h>

#include "controller/priority/priority.h"
#include "tests/controller/priority/late_bus.h"
#include "tests/controller/signals/crossroads.h"

namespace dispecer {
namespace {

using namespace test;
using F = FieldRequestState;
using S = RequestState;

BusState bus(double t, double eta = 20) {
  auto b = late_bus(at(t), eta, 4);
  b.lateness->value = 90;
  b.link = LinkId("in_n");
  b.next_movement = MovementId("n");
  return b;
}

// A junction on the plan lever whose controller takes requests.
struct Desk {
  Crossroads road;
  std::optional<controller::ControllerState> state;
  std::vector<PriorityOrder> orders;
  std::vector<PriorityRequest> changes;
  ProposalId last;

  explicit Desk(Lever lever = Lever::plan, bool says_so = false) {
    road.signals.lever = lever;
    road.signals.serves_priority = says_so;
    road.seen().takes_requests = true;
    state = road.controller();
  }
  void take(const controller::Outputs& out) {
    for (const auto& p : out.proposals) {
      const auto* order = std::get_if<PriorityOrder>(&p.write);
      if (order == nullptr) continue;
      orders.push_back(*order);
      last = p.id;
    }
    changes.insert(changes.end(), out.requests.begin(), out.requests.end());
  }
  void second(double t, const std::optional<BusState>& heard = std::nullopt) {
    orders.clear();
    changes.clear();
    road.picture->buses.clear();
    if (heard) road.picture->buses = {*heard};
    auto first = controller::apply(*state, road.now(t));
    changes = std::move(first);
    take(controller::step(*state, at(t), 0));
  }
  void tells(const RequestId& id, F word, double extension = 0, double reduction = 0) {
    road.seen().requests = {{id, word, at(0), Seconds{extension}, Seconds{reduction}}};
  }
  [[nodiscard]] std::optional<PriorityRequest> newest() const {
    if (changes.empty()) return std::nullopt;
    return changes.back();
  }
};

TEST(HandOver, ARequestIsNewOnceAndFollowedToItsEndWithTheSecondsThatItGave) {
  Desk desk;
  desk.second(0, bus(0));
  ASSERT_EQ(desk.orders.size(), 1u);
  const auto first = desk.orders[0];
  EXPECT_FALSE(first.update || first.cancel);
  EXPECT_EQ(first.group.str(), "ns");
  EXPECT_EQ(first.vehicle, PriorityVehicle::bus);
  EXPECT_EQ(first.eta, Seconds{20});
  EXPECT_GE(first.level, 1u);
  EXPECT_LE(first.level, 14u);
  desk.second(1, bus(1, 19));
  EXPECT_TRUE(desk.orders.empty()) << "on its way, nothing new";
  desk.tells(first.request, F::queued);
  desk.second(2, bus(2, 18));
  ASSERT_TRUE(desk.newest());
  EXPECT_EQ(desk.newest()->state, S::queued);
  EXPECT_EQ(desk.newest()->reason.rule, "controller_queued");
  desk.tells(first.request, F::activated);
  desk.second(3, bus(3, 17));
  ASSERT_TRUE(desk.newest());
  EXPECT_EQ(desk.newest()->state, S::granted);
  auto passed = bus(20);
  passed.next_movement = MovementId();
  desk.second(20, passed);
  ASSERT_EQ(desk.orders.size(), 1u);
  EXPECT_TRUE(desk.orders[0].cancel);
  EXPECT_EQ(desk.orders[0].request, first.request);
  EXPECT_EQ(desk.newest()->state, S::served);
  desk.tells(first.request, F::completed, 4, 7);
  desk.second(21);
  ASSERT_TRUE(desk.newest());
  EXPECT_EQ(desk.newest()->given, Seconds{11});
  EXPECT_EQ(desk.newest()->state, S::served);
  desk.second(22);
  EXPECT_TRUE(desk.orders.empty());
  EXPECT_TRUE(desk.changes.empty());
}

TEST(HandOver, AnArrivalThatMovedIsUpdatedOnceItIsListedAndNotMoreOftenThanNeeded) {
  Desk desk;
  desk.second(0, bus(0));
  const auto id = desk.orders.at(0).request;
  desk.second(3, bus(3, 25));
  EXPECT_TRUE(desk.orders.empty()) << "the controller does not list it yet";
  desk.tells(id, F::received);
  desk.second(4, bus(4, 24));
  ASSERT_EQ(desk.orders.size(), 1u);
  EXPECT_TRUE(desk.orders[0].update);
  EXPECT_EQ(desk.orders[0].eta, Seconds{24});
  desk.second(5, bus(5, 23));
  EXPECT_TRUE(desk.orders.empty());
}

TEST(HandOver, EachEndThatTheControllerTellsIsTakenOver) {
  struct Case {
    F word;
    S state;
    bool asks_again;
  };
  for (const auto& c : std::vector<Case>{{F::rejected, S::refused, false},
                                         {F::cooldown, S::refused, true},
                                         {F::timeout, S::refused, true},
                                         {F::stale, S::timed_out, false},
                                         {F::completed, S::served, false}}) {
    SCOPED_TRACE(to_name(c.word));
    Desk desk;
    desk.second(0, bus(0, 40));
    const auto id = desk.orders.at(0).request;
    desk.tells(id, c.word);
    desk.second(1, bus(1, 39));
    ASSERT_TRUE(desk.newest());
    EXPECT_EQ(desk.newest()->state, c.state);
    EXPECT_EQ(desk.newest()->reason.rule, "controller_" + std::string(to_name(c.word)));
    EXPECT_TRUE(desk.orders.empty());
    desk.road.seen().requests.clear();
    bool again = false;
    for (double t = 2; t < 30; ++t) {
      desk.second(t, bus(t, 40 - t));
      for (const auto& order : desk.orders) {
        again = true;
        EXPECT_FALSE(order.cancel);
        EXPECT_NE(order.request, id) << "a request that is over is not used again";
        EXPECT_GE(t, 15);
      }
    }
    EXPECT_EQ(again, c.asks_again);
  }
}

TEST(HandOver, ItIsTakenBackWhenItsCauseIsGoneAndUntilTheControllerEndsIt) {
  Desk desk;
  desk.second(0, bus(0));
  const auto id = desk.orders.at(0).request;
  desk.tells(id, F::activated);
  desk.second(1, bus(1, 19));
  auto early = bus(2, 18);
  early.lateness->value = -60;
  desk.second(2, early);
  ASSERT_EQ(desk.orders.size(), 1u);
  EXPECT_TRUE(desk.orders[0].cancel);
  // The cancellation was lost: the controller goes on listing it.
  int repeated = 0;
  for (double t = 3; t < 25; ++t) {
    auto still = bus(t, 18);
    still.lateness->value = -60;
    desk.second(t, still);
    for (const auto& order : desk.orders) repeated += order.cancel ? 1 : 0;
  }
  EXPECT_EQ(repeated, 2);
}

TEST(HandOver, WhatTheControllerDropsOrNeverHeardIsNotBelievedToBeServed) {
  Desk dropped;
  dropped.second(0, bus(0, 40));
  dropped.tells(dropped.orders.at(0).request, F::activated);
  dropped.second(1, bus(1, 39));
  dropped.road.seen().requests.clear();
  dropped.second(2, bus(2, 38));
  EXPECT_EQ(dropped.newest()->state, S::timed_out);
  EXPECT_EQ(dropped.newest()->reason.rule, "controller_dropped");

  Desk silent;
  std::string rule;
  for (double t = 0; t < 14; ++t) {
    silent.second(t, bus(t, 40 - t));
    if (silent.newest()) rule = silent.newest()->reason.rule;
  }
  EXPECT_EQ(rule, "controller_silent");
}

TEST(HandOver, AnOrderThatTheGuardRefusedIsARefusedRequest) {
  Desk desk;
  desk.second(0, bus(0));
  const OrderReport report{desk.last,           JunctionId("j"),     at(0.2),
                           OrderState::refused, "stale_observation", ""};
  const auto changed = controller::apply(*desk.state, report);
  ASSERT_EQ(changed.size(), 1u);
  EXPECT_EQ(changed[0].state, S::refused);
  EXPECT_EQ(changed[0].reason.rule, "order_stale_observation");
}

TEST(HandOver, NothingIsSentWhereTheJunctionIsNotOursAndTheReasonIsTold) {
  struct Case {
    const char* rule;
    std::function<void(Crossroads&)> change;
  };
  for (const auto& c : std::vector<Case>{
           {"holder_police_key", [](Crossroads& r) { r.seen().holder = Holder::police_key; }},
           {"mode_yellow_flash", [](Crossroads& r) { r.seen().mode = ControlMode::yellow_flash; }},
           {"commissioning_shadow",
            [](Crossroads& r) { r.signals.commissioning = Commissioning::shadow; }}}) {
    Desk desk;
    c.change(desk.road);
    desk.state = desk.road.controller();
    desk.second(0, bus(0));
    EXPECT_TRUE(desk.orders.empty());
    ASSERT_TRUE(desk.newest());
    EXPECT_EQ(desk.newest()->state, S::refused);
    EXPECT_EQ(desk.newest()->reason.rule, c.rule);
  }
}

TEST(HandOver, WhoServesIsTheFilesWordOnTheStageLeverAndTheControllersOnTheOthers) {
  const auto sends = [](Lever lever, bool says_so, bool takes) {
    Desk desk(lever, says_so);
    desk.road.seen().takes_requests = takes;
    desk.second(0, bus(0));
    return !desk.orders.empty();
  };
  EXPECT_FALSE(sends(Lever::stage, false, true));
  EXPECT_TRUE(sends(Lever::stage, true, true));
  EXPECT_FALSE(sends(Lever::stage, true, false));
  EXPECT_TRUE(sends(Lever::bands, false, true));
  EXPECT_TRUE(sends(Lever::observe, false, true));
  EXPECT_FALSE(sends(Lever::plan, false, false))
      << "a list before 1.1, or one that it does not tell";
}

TEST(HandOver, ARequestFromBeforeARestartIsCancelledAndOneOfAnotherSupervisorLeftAlone) {
  Desk desk;
  desk.road.seen().requests = {{RequestId("b7@j@1234"), F::activated, at(0), {}, {}},
                               {RequestId("other-1"), F::activated, at(0), {}, {}}};
  desk.second(0);
  ASSERT_EQ(desk.orders.size(), 1u);
  EXPECT_EQ(desk.orders[0].request.str(), "b7@j@1234");
  EXPECT_TRUE(desk.orders[0].cancel);
  desk.second(1);
  EXPECT_TRUE(desk.orders.empty()) << "not again at once";
}

TEST(HandOver, ACleanStopTakesEverythingBack) {
  Desk desk;
  desk.second(0, bus(0));
  const auto id = desk.orders.at(0).request;
  desk.orders.clear();
  desk.take(controller::release_all(*desk.state, at(1), 0));
  ASSERT_EQ(desk.orders.size(), 1u);
  EXPECT_TRUE(desk.orders[0].cancel);
  EXPECT_EQ(desk.orders[0].request, id);
}

}  // namespace
}  // namespace dispecer
