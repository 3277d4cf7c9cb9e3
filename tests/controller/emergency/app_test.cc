// Corridors through the controller core: from an intent to an order at a junction.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "tests/controller/signals/crossroads.h"

namespace dispecer::test {
namespace {

Intent intent(IntentAction action, double s, Role role = Role::op) {
  Intent i;
  i.id = IntentId("i" + std::to_string(s));
  i.t = at(s);
  i.expires = at(s + 30);
  i.actor = {PersonId("ana"), role, WorkplaceId("w")};
  i.reason = "errand";
  i.action = std::move(action);
  return i;
}

OpenCorridor corridor(const std::string& id, const std::string& arm, double until,
                      EmergencyKind kind = EmergencyKind::ambulance) {
  OpenCorridor r;
  r.corridor = RequestId(id);
  r.kind = kind;
  r.route = {LinkId("in_" + arm), LinkId("out_" + arm)};
  r.until = at(until);
  return r;
}

bool has(const std::vector<PriorityRequest>& all, const std::string& corridor, RequestState state) {
  return std::any_of(all.begin(), all.end(), [&](const PriorityRequest& r) {
    return r.kind == RequestKind::emergency && r.state == state &&
           r.id.str().starts_with(corridor + "@");
  });
}

// Lets the crossroads obey for `seconds` from `s` on; what was told of requests, in order.
struct Watch {
  Crossroads& road;
  controller::ControllerState& state;
  Street street;
  double s = 0;
  std::vector<PriorityRequest> told = {};
  std::vector<std::string> rules = {};
  void go(double seconds) {
    for (const double end = s + seconds; s < end;) {
      ++s;
      const auto now = second(state, road, s);
      told.insert(told.end(), now.requests.begin(), now.requests.end());
      rules.push_back(now.decision.reason.rule);
      street.step(now.ordered());
    }
  }
  [[nodiscard]] bool ruled(const std::string& rule) const {
    return std::count(rules.begin(), rules.end(), rule) != 0;
  }
};

TEST(EmergencyAtAJunction, AnIntentBringsGreenBeforeTheVehicleAndHoldsItUntilItIsThrough) {
  Crossroads road;
  auto state = road.controller();
  Watch run{road, state, Street(road, {{"n", 600}, {"s", 600}}, 1)};
  run.go(20);
  ASSERT_EQ(run.street.stage(), 1u);
  const auto answer = controller::apply(state, intent(corridor("c", "e", 300), run.s), at(run.s));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->outcome, IntentOutcome::done);
  run.go(17);  // 300 m: 21.6 s at the limit, 16.6 s at the earliest
  EXPECT_EQ(run.street.stage(), 2u);
  EXPECT_TRUE(run.ruled("emergency_green"));
  run.go(15);  // it may be as slow as six tenths of the limit
  EXPECT_EQ(run.street.stage(), 2u);
  EXPECT_TRUE(run.ruled("emergency_hold"));
  EXPECT_TRUE(has(run.told, "c", RequestState::granted));
  run.go(30);
  EXPECT_TRUE(has(run.told, "c", RequestState::served));
  EXPECT_EQ(run.street.stage(), 1u) << "those who paid are served again";
}

TEST(EmergencyAtAJunction, OfTwoThatCrossOneIsGivenGreenAndTheOtherIsToldToWait) {
  Crossroads road;
  auto state = road.controller();
  Watch run{road, state, Street(road, {{"n", 300}, {"e", 300}}, 2)};
  run.go(20);
  for (const auto& [id, arm, kind] :
       {std::tuple{"low", "n", EmergencyKind::police}, {"high", "e", EmergencyKind::ambulance}}) {
    ASSERT_EQ(
        controller::apply(state, intent(corridor(id, arm, 300, kind), run.s), at(run.s))->outcome,
        IntentOutcome::done);
  }
  std::set<std::string> green;
  std::size_t seen = run.told.size();
  for (int i = 0; i < 60; ++i) {
    run.go(1);
    for (; seen < run.told.size(); ++seen) {
      const auto& r = run.told[seen];
      const auto name = r.id.str().substr(0, r.id.str().find('@'));
      if (r.state == RequestState::granted) green.insert(name);
      if (r.state != RequestState::granted) green.erase(name);
    }
    EXPECT_LE(green.size(), 1u) << "second " << run.s;
  }
  EXPECT_TRUE(has(run.told, "high", RequestState::granted));
  EXPECT_TRUE(std::any_of(run.told.begin(), run.told.end(), [](const PriorityRequest& r) {
    return r.id.str().starts_with("low@") && r.reason.rule == "outranked";
  }));
}

TEST(EmergencyAtAJunction,
     HoweverManyAskAtRandomConflictingGreensAreNeverGivenAndNobodyIsForgotten) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    Crossroads road;
    auto state = road.controller();
    Watch run{road, state, Street(road, {{"n", 350}, {"s", 350}, {"e", 250}, {"w", 250}}, seed)};
    std::mt19937 random(seed);
    std::map<std::string, std::string> granted;  // corridor -> arm
    std::set<std::string> opened;
    std::set<std::string> over;
    std::size_t seen = 0;
    for (int i = 0; i < 600; ++i) {
      if (i < 500 && random() % 25 == 0) {
        const std::string arm(1, "nsew"[random() % 4]);
        const auto id = arm + std::to_string(i);
        const auto kind = static_cast<EmergencyKind>(1 + random() % 4);
        const auto answer = controller::apply(
            state, intent(corridor(id, arm, run.s + 300, kind), run.s), at(run.s));
        ASSERT_EQ(answer->outcome, IntentOutcome::done);
        opened.insert(id);
      }
      run.go(1);
      for (; seen < run.told.size(); ++seen) {
        const auto& r = run.told[seen];
        if (r.kind != RequestKind::emergency) continue;
        const auto id = r.id.str().substr(0, r.id.str().find('@'));
        granted.erase(id);
        if (r.state == RequestState::granted) granted[id] = id.substr(0, 1);
        if (r.reason.rule == "corridor_over") over.insert(id);
      }
      bool main = false;
      bool side = false;
      for (const auto& [id, arm] : granted) (arm == "n" || arm == "s" ? main : side) = true;
      ASSERT_FALSE(main && side) << "second " << run.s;
    }
    EXPECT_EQ(over, opened);
    EXPECT_GT(opened.size(), 5u);
  }
}

TEST(EmergencyAtAJunction, AnOperatorsHoldStandsBeforeIt) {
  Crossroads road;
  auto state = road.controller();
  Watch run{road, state, Street(road, {{"n", 300}}, 3)};
  run.go(15);
  ASSERT_EQ(
      controller::apply(state, intent(HoldStage{JunctionId("j"), 1, at(200)}, run.s), at(run.s))
          ->outcome,
      IntentOutcome::done);
  ASSERT_EQ(controller::apply(state, intent(corridor("c", "e", 300), run.s), at(run.s))->outcome,
            IntentOutcome::done);
  run.go(30);
  EXPECT_EQ(run.street.stage(), 1u);
  EXPECT_FALSE(has(run.told, "c", RequestState::granted));
}

TEST(EmergencyAtAJunction, WhereTheJunctionIsNotOursItSaysSo) {
  Crossroads road;
  road.seen().holder = Holder::police_key;
  auto state = road.controller();
  Watch run{road, state, Street(road, {{"n", 300}}, 4)};
  run.go(10);
  ASSERT_EQ(controller::apply(state, intent(corridor("c", "e", 300), run.s), at(run.s))->outcome,
            IntentOutcome::done);
  run.go(3);
  const auto refused = std::find_if(run.told.begin(), run.told.end(),
                                    [](const auto& r) { return r.state == RequestState::refused; });
  ASSERT_NE(refused, run.told.end());
  EXPECT_EQ(refused->reason.rule, "holder_police_key");
}

TEST(EmergencyAtAJunction, AViewerMayNotAskAndARestartKeepsWhatWasOpened) {
  Crossroads road;
  auto state = road.controller();
  Watch run{road, state, Street(road, {{"n", 300}}, 5)};
  run.go(10);
  const auto no =
      controller::apply(state, intent(corridor("c", "e", 300), run.s, Role::viewer), at(run.s));
  ASSERT_TRUE(no);
  EXPECT_EQ(no->outcome, IntentOutcome::refused);
  EXPECT_EQ(no->cause, "right");
  ASSERT_EQ(controller::apply(state, intent(corridor("c", "e", 300), run.s), at(run.s))->outcome,
            IntentOutcome::done);
  auto again = road.controller();
  controller::restore(again, controller::snapshot(state));
  EXPECT_EQ(again.emergency.corridors.count(RequestId("c")), 1u);
}

}  // namespace
}  // namespace dispecer::test
