// The supervisor and the virtual controller's RSMP site on one real socket: what each writes, the
// other must accept.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <random>

#include "tests/adapters/rsmp/pair.h"

namespace dispecer::rsmp {
namespace {

using testing::Contains;
using testing::ElementsAre;

TEST(RsmpPair, EveryVersionEstablishesAndNobodyRefusesAMessageOfTheOther) {
  for (const CoreRules& row : core_table()) {
    Pair p(row.core, row.core >= Core::v3_2_0 ? "1.2.1" : "1.0.15");
    ASSERT_TRUE(p.until([&] { return p.in_control(); }, 60)) << row.text;
    p.pass(5);
    for (const auto& [name, value] : p.supervisor->counters()) {
      EXPECT_FALSE(name.starts_with("rsmp.refused") || name.starts_with("rsmp.subscribe_refused") ||
                   name == "rsmp.not_acknowledged" || name.starts_with("rsmp.closed"))
          << row.text << " " << name << " " << value;
    }
    EXPECT_GT(p.batches, 3u) << row.text;
    EXPECT_FALSE(p.seen.parameter_checksum.empty());
    EXPECT_EQ(p.seen.holder, Holder::local_plan);
  }
}

TEST(RsmpPair, AStageHeldByRefreshesIsConfirmedAndGivenBackByRelease) {
  Pair p;
  ASSERT_TRUE(p.until([&] { return p.in_control(); }, 60));
  ASSERT_TRUE(p.until([&] { return p.seen.stage == 1u; }, 60));
  p.pass(6);
  std::string first;
  for (int i = 0; i < 40 && p.state_of(first) != OrderState::confirmed; ++i) {
    const std::string id = p.order(StageOrder{2});
    if (first.empty() && id.starts_with("p")) first = id;
    p.pass(1);
  }
  EXPECT_EQ(p.state_of(first), OrderState::confirmed) << p.last[first].rule << p.last[first].text;
  EXPECT_EQ(p.seen.stage, 2u);
  EXPECT_EQ(p.seen.holder, Holder::op);
  EXPECT_THAT(p.supervisor->holding(), ElementsAre(JunctionId("j1")));
  const std::string release = p.order(ReleaseOrder{});
  EXPECT_TRUE(p.until([&] { return p.state_of(release) == OrderState::confirmed; }, 5));
  EXPECT_THAT(p.supervisor->holding(), testing::IsEmpty());
  EXPECT_TRUE(p.until([&] { return p.seen.holder == Holder::local_plan; }, 3));
}

TEST(RsmpPair, PlanCycleOffsetInputAndClockAreProvedByTheSite) {
  Pair p;
  ASSERT_TRUE(p.until([&] { return p.in_control(); }, 60));
  for (const FieldWrite& write : std::vector<FieldWrite>{
           PlanOrder{1}, CycleOrder{1, {70}}, OffsetOrder{1, {7}}, InputOrder{7, true},
           OutputOrder{2, true}, DetectorOrder{DetectorId("d1"), true, true}, ClockOrder{p.utc},
           PlanOrder{0}}) {
    FieldWrite order = write;
    if (std::holds_alternative<ClockOrder>(order)) order = ClockOrder{p.utc};
    const std::string id = p.order(order);
    EXPECT_TRUE(p.until([&] { return p.state_of(id) == OrderState::confirmed; }, 25))
        << id << " " << order.index() << " " << to_name(p.state_of(id)) << " " << p.last[id].rule
        << " " << p.last[id].text;
  }
}

TEST(RsmpPair, AfterALostLinkALatchedInputIsClearedBeforeAnyOrder) {
  Pair p;
  ASSERT_TRUE(p.until([&] { return p.in_control(); }, 60));
  p.pass(6);
  auto& controller = p.cabinet.intersections[0].state;
  ASSERT_TRUE(
      sim::apply(controller, sim::SetFault{sim::Fault::latched_inputs, true, 0}, p.utc).ok());
  ASSERT_TRUE(p.until([&] { return p.order(StageOrder{*p.seen.stage}).starts_with("p"); }, 20));
  ASSERT_TRUE(p.until([&] { return !p.seen.forced_inputs.empty(); }, 5));
  ASSERT_TRUE(sim::apply(controller, sim::SetFault{sim::Fault::lost_link, true, 0}, p.utc).ok());
  ASSERT_TRUE(p.until([&] { return p.seen.link == CommLink::no_communication; }, 10));
  EXPECT_FALSE(p.state.inputs_clean);
  ASSERT_TRUE(sim::apply(controller, sim::SetFault{sim::Fault::lost_link, false, 0}, p.utc).ok());
  ASSERT_TRUE(p.until([&] { return p.wanted > 0; }, 20)) << "the set input was seen";
  EXPECT_EQ(p.order(StageOrder{1}).substr(0, 6), "guard:");
  ASSERT_TRUE(
      sim::apply(controller, sim::SetFault{sim::Fault::latched_inputs, false, 0}, p.utc).ok());
  p.order(ReleaseOrder{});
  EXPECT_TRUE(p.until([&] { return p.state.inputs_clean; }, 10));
}

// The line is cut at a second that the seed chooses; how long until nothing of ours holds the
// controller any more.
double free_after_cut(Pair& p, unsigned seed, const std::function<void()>& hold,
                      const std::function<bool(const sim::State&)>& free) {
  std::mt19937 random(seed);
  const int cut = std::uniform_int_distribution<int>(5, 95)(random);
  for (int i = 0; i < cut; ++i) {
    hold();
    p.pass(1);
  }
  auto& controller = p.cabinet.intersections[0].state;
  EXPECT_FALSE(free(controller)) << "nothing was held at second " << cut;
  EXPECT_TRUE(sim::apply(controller, sim::SetFault{sim::Fault::lost_link, true, 0}, p.utc).ok());
  const UtcTime began = p.utc;
  while (!free(controller) && in_seconds(p.utc - began) < 300) p.pass(1);
  return in_seconds(p.utc - began);
}

TEST(RsmpPair, WhateverSecondTheLineIsCutAHeldStageIsLetGoWithinItsReleaseTime) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    Pair p;
    ASSERT_TRUE(p.until([&] { return p.in_control(); }, 60));
    const double took = free_after_cut(
        p, seed, [&] { p.order(StageOrder{p.seen.stage.value_or(1)}); },
        [](const sim::State& s) { return sim::demanded_stages(s).empty(); });
    EXPECT_LE(took, p.signals.release_time->value + 1) << "seed " << seed;
  }
}

TEST(RsmpPair, WhateverSecondTheLineIsCutBandsEndWithTheirTimeOut) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    Pair p;
    ASSERT_TRUE(p.until([&] { return p.in_control(); }, 60));
    const double took = free_after_cut(
        p, seed,
        [&, told = false]() mutable {
          if (!told) told = p.order(BandsOrder{1, {{1, {10}}}, 1}).starts_with("p");
        },
        [](const sim::State& s) { return s.bands.empty(); });
    EXPECT_LE(took, 61) << "seed " << seed;
  }
}

TEST(RsmpPair, WhateverSecondTheLineIsCutACommandedPlanEndsAfterTwoMinutes) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    Pair p;
    ASSERT_TRUE(p.until([&] { return p.in_control(); }, 60));
    const double took = free_after_cut(
        p, seed,
        [&, told = false]() mutable {
          if (!told) told = p.order(PlanOrder{1}).starts_with("p");
        },
        [](const sim::State& s) { return !s.plan.has_value(); });
    EXPECT_LE(took, 121) << "seed " << seed;
  }
}

TEST(RsmpPair, GarbageOnTheLineIsCountedAndTheSiteStaysInSight) {
  Pair p;
  ASSERT_TRUE(p.until([&] { return p.in_control(); }, 60));
  auto& controller = p.cabinet.intersections[0].state;
  ASSERT_TRUE(sim::apply(controller, sim::SetFault{sim::Fault::garbage, true, 0}, p.utc).ok());
  p.pass(5);
  ASSERT_TRUE(sim::apply(controller, sim::SetFault{sim::Fault::garbage, false, 0}, p.utc).ok());
  EXPECT_TRUE(p.until([&] { return p.in_control(); }, 20));
  std::uint64_t bad = 0;
  for (const auto& [name, value] : p.supervisor->counters()) {
    if (name.starts_with("rsmp.refused.")) bad += value;
  }
  EXPECT_GT(bad, 0u);
}

}  // namespace
}  // namespace dispecer::rsmp
