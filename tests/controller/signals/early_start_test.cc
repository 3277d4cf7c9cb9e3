// Early start: where the controller has a stage that leads, its crossing has green for itself
// first.
#include "controller/plan/early_start.h"

#include <gtest/gtest.h>

#include "tests/controller/signals/crossroads.h"

namespace dispecer::test {
namespace {

// The crossroads with the crossing beside the traffic of stage 2, which turns and gives way to it;
// stage 3, the crossing alone, leads there and nowhere else.
Crossroads with_turn(double seconds, bool lead = true) {
  Crossroads road;
  auto& s = road.signals;
  s.stages[1].green = {1, 2};
  s.stages[1].yielding = {1};
  std::erase_if(s.intergreens, [](const Intergreen& i) { return i.losing + i.gaining == 3; });
  std::erase_if(s.transitions, [&](const Transition& t) {
    return (t.from == 3 && t.to == 1) || (!lead && (t.from == 3 || t.to == 3));
  });
  s.plans[0].ring = {{1, {0}, {6}, {60}}, {2, {45}, {6}, {60}}};
  road.network.crossings[0].early_start = {seconds};
  return road;
}

// Lamps as the stages here have them.
void show(Crossroads& road, std::uint32_t stage) {
  road.show(stage);
  if (stage == 2) road.seen().groups = {Aspect::red, Aspect::green, Aspect::green};
}

TEST(EarlyStart, TheStageThatLeadsIsFoundByItsGreensAndTransitions) {
  auto road = with_turn(5);
  auto& s = road.signals;
  ASSERT_TRUE(validate(s).ok()) << validate(s).error().message();
  EXPECT_EQ(lead_stage(s, 1, {2}), 2U);
  EXPECT_EQ(lead_stage(s, 1, {1}), std::nullopt) << "it gives way";
  EXPECT_EQ(lead_stage(s, 0, {0}), std::nullopt);
  const auto early = early_groups(s, {&road.network.crossings[0]});
  ASSERT_EQ(early.size(), 1U);
  EXPECT_EQ(early[0].group, 2U);
  EXPECT_EQ(early[0].seconds, 5);
  EXPECT_TRUE(stages_without_lead(s, early).empty());
  EXPECT_EQ(stages_without_lead(with_turn(5, false).signals, early), std::vector<std::uint32_t>{2});
  s.stages[1].yielding.clear();
  EXPECT_TRUE(stages_without_lead(with_turn(5, false).signals, {}).empty());
}

TEST(EarlyStart, TheCrossingHasItsSecondsBeforeTheTurningTraffic) {
  for (const double wish : {0.0, 5.0}) {
    auto road = with_turn(wish);
    auto state = road.controller();
    double s = settle(state, road);
    road.queue("e", 8, 30);
    road.queue("w", 8, 30);
    std::uint32_t ordered = 1;
    for (int i = 0; i < 20 && ordered == 1; ++i) ordered = second(state, road, s++).ordered();
    if (wish == 0) {
      EXPECT_EQ(ordered, 2U);
      continue;
    }
    EXPECT_EQ(ordered, 3U);
    show(road, 0);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(second(state, road, s++).ordered(), 3U);
    show(road, 3);
    for (int i = 0; i < 5; ++i) {
      const auto now = second(state, road, s++);
      EXPECT_EQ(now.ordered(), 3U) << i;
      EXPECT_EQ(now.decision.reason.rule, "early_start") << i;
    }
    EXPECT_EQ(second(state, road, s++).ordered(), 2U) << "five seconds are over";
  }
}

TEST(EarlyStart, WithoutAStageThatLeadsTheTrafficIsServedAsBefore) {
  auto road = with_turn(5, false);
  auto state = road.controller();
  double s = settle(state, road);
  road.queue("e", 8, 30);
  std::uint32_t ordered = 1;
  for (int i = 0; i < 20 && ordered == 1; ++i) ordered = second(state, road, s++).ordered();
  EXPECT_EQ(ordered, 2U);
}

TEST(EarlyStart, WhoAlreadyHasGreenNeedsNoLead) {
  auto road = with_turn(5);
  auto& s = road.signals;
  // Stage 1 shows the crossing green too; from there it goes on into stage 2.
  s.stages[0].green = {0, 2};
  std::erase_if(s.intergreens, [](const Intergreen& i) { return i.losing + i.gaining == 2; });
  const auto site = road.controller().junctions.at(JunctionId("j")).site;
  EXPECT_EQ(site.way(0, 1).first, 1U);
  EXPECT_EQ(site.leads[1].stage, 2U);
}

TEST(EarlyStart, TheLookAheadKnowsWhatTheLeadCosts) {
  const auto plain = with_turn(0).controller();
  const auto early = with_turn(5).controller();
  const auto& before = plain.junctions.at(JunctionId("j")).site.way(0, 1);
  const auto& after = early.junctions.at(JunctionId("j")).site.way(0, 1);
  EXPECT_EQ(before.first, 1U);
  EXPECT_EQ(after.first, 2U);
  EXPECT_DOUBLE_EQ(after.loss, before.loss + 5);
}

TEST(EarlyStart, TheMaximumRedIsStillKept) {
  auto road = with_turn(5);
  auto state = road.controller();
  double s = settle(state, road);
  road.arrivals("n", 2);
  road.queue("e", 1, 1);
  std::uint32_t stage = 1;
  std::uint32_t next = 0;
  int clearing = 0;
  double red = 0;
  double longest = 0;
  for (int i = 0; i < 1200; ++i) {
    road.queue("n", 10, 5);
    const bool east = stage == 2;
    red = east ? 0 : red + 1;
    longest = std::max(longest, red);
    road.queue("e", 1, red + 1);
    const auto ordered = second(state, road, s++).ordered();
    if (clearing > 0 && --clearing == 0) stage = next;
    if (clearing == 0 && ordered != 0 && stage != 0 && ordered != stage) {
      clearing = stage == 3 && ordered == 2 ? 1 : 5;
      next = ordered;
      stage = 0;
    }
    show(road, stage);
  }
  EXPECT_LE(longest, 120);
  EXPECT_GT(longest, 20);
}

}  // namespace
}  // namespace dispecer::test
