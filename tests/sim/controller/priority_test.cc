// The life of a priority request, and what it does to the lamps.
#include <gtest/gtest.h>

#include "sim/controller/cabinet.h"
#include "sim/controller/pattern.h"
#include "sim/controller/prediction.h"
#include "tests/sim/controller/crossroads.h"

namespace dispecer::sim {
namespace {

constexpr PriorityTarget kNorth{0, 0};
constexpr PriorityTarget kEast{0, 1};

struct Desk {
  Cabinet cabinet;
  double now = 0;
  std::vector<std::string> seen;  // states of request "a"
  Desk() {
    cabinet.intersections.push_back({1, *make_controller(crossroads()), {}});
    cabinet.priority.settings = {.decide_s = 1, .queue_s = 20, .stale_s = 30};
    to(120);
  }
  void to(double end) {
    for (; now < end; ++now) {
      tick(cabinet, at(now));
      EXPECT_EQ(cabinet.intersections[0].output.failure, "");
      note();
    }
  }
  void note() {
    for (const auto& r : cabinet.priority.requests) {
      const std::string state(to_name(r.state));
      if (r.id == "a" && (seen.empty() || seen.back() != state)) seen.push_back(state);
    }
  }
  Result<> ask(const std::string& id, std::optional<PriorityTarget> target, std::uint32_t level = 7,
               double eta_s = 5) {
    PriorityRequest r;
    r.id = id;
    r.target = target;
    r.level = level;
    r.eta_s = eta_s;
    const auto done = ask_priority(cabinet, r, at(now));
    note();
    return done;
  }
  [[nodiscard]] std::string state_of(const std::string& id) const {
    for (const auto& r : cabinet.priority.requests) {
      if (r.id == id) return std::string(to_name(r.state));
    }
    return "";
  }
  [[nodiscard]] Aspect lamp(std::size_t g) const {
    return cabinet.intersections[0].state.lamps[g].aspect;
  }
};

using States = std::vector<std::string>;

TEST(ControllerPriority, ARequestDuringAStartUpIsDecidedInControl) {
  Desk desk;
  ASSERT_TRUE(apply(desk.cabinet, SetMode{ControlMode::yellow_flash, 0}, at(desk.now)).ok());
  desk.to(125);
  ASSERT_TRUE(apply(desk.cabinet, SetMode{ControlMode::control, 0}, at(desk.now)).ok());
  desk.to(127);
  ASSERT_TRUE(desk.ask("a", kNorth).ok());
  while (desk.cabinet.intersections[0].output.mode == ControlMode::startup) {
    ASSERT_EQ(desk.seen, States{"received"});
    desk.to(desk.now + 1);
  }
  desk.to(desk.now + 1);
  EXPECT_EQ(desk.seen, (States{"received", "activated"}));
}

TEST(ControllerPriority, GreenIsHeldBeyondThePlanUntilTheRequestIsCancelled) {
  Desk d;
  d.to(135);  // second 15 of the plan: north has green until second 25
  ASSERT_TRUE(d.ask("a", kNorth));
  d.to(152);
  EXPECT_EQ(d.lamp(0), Aspect::green) << "second 32";
  ASSERT_TRUE(cancel_priority(d.cabinet, "a", at(d.now)));
  d.to(153);
  EXPECT_EQ(d.seen, (States{"received", "activated", "completed"}));
  d.to(154);
  EXPECT_EQ(d.state_of("a"), "") << "an end is told once";
  d.to(168);
  EXPECT_EQ(d.lamp(1), Aspect::green) << "the other side has its turn";
}

TEST(ControllerPriority, WhatWasGainedIsToldInTheEnd) {
  Desk d;
  d.to(135);
  ASSERT_TRUE(d.ask("a", kNorth));
  d.to(152);
  ASSERT_TRUE(cancel_priority(d.cabinet, "a", at(d.now)));
  EXPECT_NEAR(d.cabinet.priority.requests[0].extension_s, 7, 2);
  Desk red;
  red.to(125);  // second 5: east would have green at second 30
  ASSERT_TRUE(red.ask("a", kEast));
  while (red.lamp(1) != Aspect::green && red.now < 160) red.to(red.now + 1);
  EXPECT_LT(red.now, 145) << "sooner than the plan, not sooner than the minimum green allows";
  ASSERT_TRUE(cancel_priority(red.cabinet, "a", at(red.now)));
  EXPECT_GT(red.cabinet.priority.requests[0].reduction_s, 5u);
}

TEST(ControllerPriority, AnExtensionIsBoundedEvenWhenNobodyCancels) {
  Desk d;
  d.to(135);
  ASSERT_TRUE(d.ask("a", kNorth, 14, 60));
  d.to(120 + 25 + 15 + 1);
  EXPECT_NE(d.lamp(0), Aspect::green) << "15 s at the most";
  d.to(120 + 50);
  EXPECT_EQ(d.lamp(1), Aspect::green) << "and the other side does not lose its turn";
  d.to(300);
  EXPECT_EQ(d.seen.back(), "stale");
}

TEST(ControllerPriority, RequestsOfConflictingGroupsWaitTheirTurnByLevel) {
  Desk d;
  ASSERT_TRUE(d.ask("first", kNorth));
  d.to(d.now + 3);
  EXPECT_EQ(d.state_of("first"), "activated");
  ASSERT_TRUE(d.ask("a", kEast, 3));
  d.to(d.now + 3);
  EXPECT_EQ(d.state_of("a"), "queued");
  ASSERT_TRUE(cancel_priority(d.cabinet, "first", at(d.now)));
  d.to(d.now + 2);
  EXPECT_EQ(d.state_of("a"), "activated");
  ASSERT_TRUE(d.ask("late", kNorth));
  d.to(d.now + 24);
  EXPECT_EQ(d.state_of("late"), "") << "waited 20 s, timed out, was told";
}

TEST(ControllerPriority, WhatCannotBeGrantedIsRejectedOrCoolsDown) {
  Desk d;
  ASSERT_TRUE(d.ask("a", std::nullopt));
  d.to(d.now + 2);
  EXPECT_EQ(d.seen, (States{"received", "rejected"})) << "no such movement";
  EXPECT_EQ(d.state_of("a"), "rejected");
  d.cabinet.priority.settings.cooldown_s = 60;
  ASSERT_TRUE(d.ask("one", kNorth));
  d.to(d.now + 3);
  ASSERT_TRUE(cancel_priority(d.cabinet, "one", at(d.now)));
  d.to(d.now + 3);
  d.seen.clear();
  ASSERT_TRUE(d.ask("a", kNorth));
  d.to(d.now + 3);
  EXPECT_EQ(d.seen, (States{"received", "cooldown"}));
  ASSERT_TRUE(apply(d.cabinet, SetMode{ControlMode::yellow_flash, 0}, at(d.now)));
  d.seen.clear();
  d.to(d.now + 70);
  ASSERT_TRUE(d.ask("a", kNorth));
  d.to(d.now + 3);
  EXPECT_EQ(d.seen.back(), "rejected") << "in yellow flash nobody has priority";
}

TEST(ControllerPriority, AnOpenIdIsNotTakenTwiceAndUnknownOnesCannotBeUpdated) {
  Desk d;
  ASSERT_TRUE(d.ask("a", kNorth));
  EXPECT_EQ(d.ask("a", kNorth).error().cause, "repeated_request");
  EXPECT_EQ(update_priority(d.cabinet, "b", 3, {}, at(d.now)).error().cause, "no_such_request");
  EXPECT_EQ(cancel_priority(d.cabinet, "b", at(d.now)).error().cause, "no_such_request");
  ASSERT_TRUE(update_priority(d.cabinet, "a", 9, 12.0, at(d.now)));
  EXPECT_EQ(d.cabinet.priority.requests[0].level, 9u);
}

TEST(ControllerPrediction, ThePlanSaysWhenAGroupIsGreenAndRedNext) {
  Desk d;
  d.to(126);  // the last tick was second 5
  const auto& state = d.cabinet.intersections[0].state;
  const auto north = predict(state, 0, at(125));
  ASSERT_TRUE(north);
  EXPECT_EQ(north->green, at(180));
  EXPECT_EQ(north->red, at(120 + 25 + 3)) << "end of green and amber";
  EXPECT_EQ(north->confidence, 100);
  const auto east = predict(state, 1, at(125));
  EXPECT_EQ(east->green, at(150));
  ASSERT_TRUE(apply(d.cabinet, SetInputs{{2}, {}}, at(d.now)));
  EXPECT_LT(predict(state, 1, at(125))->confidence, 100) << "a demand may change it";
  ASSERT_TRUE(apply(d.cabinet, SetMode{ControlMode::dark, 0}, at(d.now)));
  EXPECT_FALSE(predict(state, 1, at(125)));
}

JunctionSignals two_groups() {
  JunctionSignals s;
  s.junction = JunctionId("P");
  s.groups.resize(2);
  s.groups[0].id = SignalGroupId("A");
  s.groups[1].id = SignalGroupId("B");
  return s;
}

TEST(ControllerPattern, ShowsTheLetterOfTheSecondAndKeepsNoMonitor) {
  auto made = make_pattern_controller(two_groups(), {{1, {"11NB", "B111"}}});
  ASSERT_TRUE(made);
  Kerb run(*std::move(made));
  run.to(40);
  ASSERT_EQ(run.last.mode, ControlMode::control);
  run.clear();
  run.to(44);
  EXPECT_EQ(run.seen[0], "GGAR");
  EXPECT_EQ(run.seen[1], "RGGG") << "both green in second 1: nothing watches";
  EXPECT_EQ(run.last.failure, "");
  EXPECT_EQ(pattern_letter(run.state, 0, at(44)), '1');
  const auto seen = predict(run.state, 0, at(44));
  EXPECT_EQ(seen->green, at(48));
  EXPECT_EQ(seen->red, at(47));
  ASSERT_TRUE(run.input(SetCycle{1, 6}));
  EXPECT_EQ(pattern_letter(run.state, 0, at(53)), 'B') << "second 5: the last one is held";
}

TEST(ControllerPattern, RefusesPatternsThatDoNotFit) {
  const auto cause = [](std::vector<PatternPlan> plans) {
    const auto r = make_pattern_controller(two_groups(), std::move(plans));
    return r ? "" : r.error().cause;
  };
  EXPECT_EQ(cause({}), "no_plans");
  EXPECT_EQ(cause({{1, {"11"}}}), "bad_pattern");
  EXPECT_EQ(cause({{1, {"11", "1"}}}), "bad_pattern");
  EXPECT_EQ(cause({{1, {"11", "1?"}}}), "bad_pattern");
  EXPECT_EQ(cause({{1, {"1", "1"}}, {1, {"B", "B"}}}), "bad_pattern");
  EXPECT_EQ(cause({{2, {"1", "1"}}}), "bad_pattern") << "the local plan 1 is missing";
}

}  // namespace
}  // namespace dispecer::sim
