// Who goes first, and from when on a junction gets ready for an emergency vehicle.
#include <gtest/gtest.h>

#include "controller/signals/clear_way.h"
#include "tests/controller/signals/crossroads.h"

namespace dispecer::test {
namespace {

using signals::Choice;
using signals::Claim;

// A crossroads seen at second `s`, stage 1 running since second 0; minimum green 6 s, 5 s between
// greens, margin 8 s.
struct Scene {
  Crossroads road;
  controller::ControllerState state = road.controller();
  signals::SignalParameters p;

  explicit Scene(double since = 0) {
    controller::apply(state, road.now(since));
    controller::step(state, at(since), 0);
  }
  controller::Place& place() { return state.junctions.begin()->second; }
  std::uint32_t movement(const std::string& id) {
    for (std::uint32_t m = 0; m < place().site.movements.size(); ++m) {
      if (place().site.movements[m].id.str() == id) return m;
    }
    std::abort();
  }
  Claim claim(const std::string& name, const std::string& arm, double low,
              std::uint32_t precedence = 1, double asked = 0) {
    return {name, movement(arm), precedence, at(asked), low, low * 1.3};
  }
  Choice choose(std::vector<Claim> claims, double s, Choice ordinary = {}) {
    auto picture = road.now(s);
    signals::PictureIndex index;
    index.update(*picture);
    signals::JunctionView view;
    auto& at_place = place();
    signals::look(at_place.site, signals::find_rows(at_place.site, index), *picture, at(s), p,
                  view);
    signals::observe(at_place.memory, at_place.site, *view.signal);
    return signals::clear_way(at_place.site, view, at_place.memory, claims, ordinary, at(s), p);
  }
};

std::uint32_t stage_of(Scene& scene, const Choice& c) {
  return c.stage == signals::kNone ? 0 : scene.place().site.stages[c.stage].number;
}

Choice keep(Scene& scene) {
  Choice c;
  c.stage = c.target = scene.place().memory.stage;
  c.action = SignalAction::extend;
  c.reason.rule = "serving";
  return c;
}

TEST(ClearWay, TheChangeBeginsWhenTheWayIsAsLongAsIntergreenAndMarginTogether) {
  Scene scene;
  EXPECT_EQ(scene.choose({scene.claim("c", "e", 13.1)}, 20, keep(scene)).reason.rule, "serving");
  const auto c = scene.choose({scene.claim("c", "e", 12.9)}, 20, keep(scene));
  EXPECT_EQ(c.reason.rule, "emergency_green");
  EXPECT_EQ(stage_of(scene, c), 2u);
  EXPECT_EQ(c.reason.otherwise, "serving");
}

TEST(ClearWay, AQueueBeforeTheVehicleIsLetGoBeforeItComes) {
  Scene scene;
  scene.road.queue("e", 10);  // 1.5 s of start and 2 s for each of them
  EXPECT_EQ(scene.choose({scene.claim("c", "e", 35)}, 20, keep(scene)).reason.rule, "serving");
  EXPECT_EQ(scene.choose({scene.claim("c", "e", 34)}, 20, keep(scene)).reason.rule,
            "emergency_green");
}

TEST(ClearWay, AQueueThatTakesVeryLongDoesNotKeepTheOthersWaitingForItAll) {
  Scene scene;
  scene.road.queue("e", 40);  // 25 s of it, 5 s between greens and the margin
  EXPECT_EQ(scene.choose({scene.claim("c", "e", 39)}, 20, keep(scene)).reason.rule, "serving");
  EXPECT_EQ(scene.choose({scene.claim("c", "e", 38)}, 20, keep(scene)).reason.rule,
            "emergency_green");
}

TEST(ClearWay, AMinimumGreenIsNeverCut) {
  Scene scene;
  const auto c = scene.choose({scene.claim("c", "e", 1)}, 4, keep(scene));
  EXPECT_EQ(c.reason.rule, "min_green");
  EXPECT_EQ(stage_of(scene, c), 1u);
  EXPECT_EQ(stage_of(scene, scene.choose({scene.claim("c", "e", 1)}, 6, keep(scene))), 2u);
}

TEST(ClearWay, ItsOwnGreenIsHeld) {
  Scene scene;
  Choice away;
  away.stage = away.target = 1;
  away.action = SignalAction::change;
  away.reason.rule = "least_cost";
  const auto c = scene.choose({scene.claim("c", "n", 5)}, 20, away);
  EXPECT_EQ(c.reason.rule, "emergency_hold");
  EXPECT_EQ(stage_of(scene, c), 1u);
  EXPECT_EQ(c.reason.otherwise, "least_cost");
}

TEST(ClearWay, NothingIsBegunThatCouldNotBeLeftAgainInTime) {
  Scene scene;
  Choice away;
  away.stage = away.target = 1;
  away.action = SignalAction::change;
  away.reason.rule = "least_cost";
  // To stage 2 and back take 5 + 6 + 5 s, the margin 8 s.
  EXPECT_EQ(scene.choose({scene.claim("c", "n", 23)}, 20, away).reason.rule, "emergency_reserve");
  EXPECT_EQ(scene.choose({scene.claim("c", "n", 25)}, 20, away).reason.rule, "least_cost");
}

TEST(ClearWay, OfSeveralThePrecedenceOfTheErrandDecidesThenWhoHasGreenThenWhoComesFirst) {
  const auto winner = [](std::vector<std::tuple<const char*, const char*, double, int>> rows) {
    Scene scene;
    std::vector<Claim> claims;
    for (const auto& [name, arm, low, precedence] : rows) {
      claims.push_back(scene.claim(name, arm, low, static_cast<std::uint32_t>(precedence)));
    }
    const auto c = scene.choose(claims, 20, keep(scene));
    for (const auto& i : c.reason.inputs) {
      if (i.name == "corridor") return i.value;
    }
    return std::string();
  };
  EXPECT_EQ(winner({{"police", "n", 7, 3}, {"ambulance", "e", 9, 1}}), "ambulance");
  EXPECT_EQ(winner({{"green", "n", 7, 1}, {"red", "e", 6, 1}}), "green");
  EXPECT_EQ(winner({{"later", "e", 7, 1}, {"sooner", "w", 6, 1}}), "sooner");
  EXPECT_EQ(winner({{"police", "n", 4, 3}, {"ambulance", "e", 6, 1}}), "police")
      << "who is about to pass keeps its green";
  EXPECT_EQ(winner({{"far", "e", 40, 1}, {"near", "n", 6, 3}}), "near")
      << "who is not due yet bars nobody";
}

TEST(ClearWay, AMaximumRedThatTheGuardWouldInsistOnIsServedFirst) {
  Scene scene;
  scene.road.queue("w", 2, 118);
  const auto c = scene.choose({scene.claim("c", "n", 5)}, 118, keep(scene));
  EXPECT_EQ(c.reason.rule, "max_red");
  EXPECT_EQ(stage_of(scene, c), 2u);
  EXPECT_EQ(scene.choose({scene.claim("c", "n", 5)}, 116, keep(scene)).reason.rule,
            "emergency_hold");
}

TEST(ClearWay, AGroupWithoutAMaximumRedOfItsOwnIsNotForgottenWhileACorridorLasts) {
  Scene scene;
  for (auto& g : scene.place().site.signals.groups) g.max_red.time.value = 0;
  scene.road.queue("w", 2, 118);
  const auto c = scene.choose({scene.claim("c", "n", 5)}, 118, keep(scene));
  EXPECT_EQ(c.reason.rule, "max_red");
  EXPECT_EQ(stage_of(scene, c), 2u);
}

TEST(ClearWay, ARedThatWouldFallDueMeanwhileIsServedBeforeWhereThereIsTime) {
  Scene scene;
  scene.road.queue("w", 2, 80);
  const auto early = scene.choose({scene.claim("c", "n", 30)}, 85, keep(scene));
  EXPECT_EQ(early.reason.rule, "max_red_before_emergency");
  EXPECT_EQ(stage_of(scene, early), 2u);
  EXPECT_EQ(scene.choose({scene.claim("c", "n", 20)}, 85, keep(scene)).reason.rule, "serving");
}

TEST(ClearWay, BetweenStagesThereIsNothingToChoose) {
  Scene scene;
  scene.road.show(0);
  Choice under_way;
  under_way.reason.rule = "changing";
  EXPECT_EQ(scene.choose({scene.claim("c", "e", 1)}, 20, under_way).reason.rule, "changing");
}

}  // namespace
}  // namespace dispecer::test
