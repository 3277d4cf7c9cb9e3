// Plans, offsets, cycles and bands.
#include <gtest/gtest.h>

#include "tests/controller/guard/guard_scene.h"

namespace dispecer::guard {
namespace {

TEST(Guard, PlansMustBeKnownAndChangeRarely) {
  Bench b;
  EXPECT_EQ(b.verdict(PlanOrder{1}), "approved");
  EXPECT_EQ(b.verdict(PlanOrder{0}), "approved");
  EXPECT_EQ(b.verdict(PlanOrder{8}), "unknown_plan");
  b.proposal.write = PlanOrder{1};
  for (double t : {-271.0, 0.0, 10.0})
    note_sent(b.state, *Guard::check(b.proposal, b.signals, b.state, b.situation), at(t));
  EXPECT_EQ(b.verdict(), "approved");
  note_sent(b.state, *Guard::check(b.proposal, b.signals, b.state, b.situation), at(20));
  EXPECT_EQ(b.state.plan_changes.size(), 4U);
  EXPECT_EQ(b.verdict(), "plan_change_rate");
  EXPECT_EQ(b.verdict(PlanOrder{0}), "approved")
      << "back to the controller's own choice is always open";
  b.state.plan_changes = {at(-270), at(0), at(10)};
  EXPECT_EQ(b.verdict(PlanOrder{1}), "plan_change_rate") << "five minutes ago still counts";
  b.state.plan_changes = {at(-270.1), at(0), at(10)};
  EXPECT_EQ(b.verdict(PlanOrder{1}), "approved");
  b.state.observed.mode = ControlMode::startup;
  EXPECT_EQ(b.verdict(PlanOrder{1}), "mode");
  b.signals.lever = Lever::observe;
  EXPECT_EQ(b.verdict(PlanOrder{1}), "lever");
}

TEST(Guard, CyclesOffsetsAndBandsKeepTheirRanges) {
  Bench b;
  // ring: 7 s (walk) + 9 s, 5 s + 6 s
  EXPECT_EQ(b.verdict(CycleOrder{1, Seconds{27}}), "approved");
  EXPECT_EQ(b.verdict(CycleOrder{1, Seconds{26.9}}), "cycle_range");
  EXPECT_EQ(b.verdict(CycleOrder{1, Seconds{255}}), "approved");
  EXPECT_EQ(b.verdict(CycleOrder{1, Seconds{256}}), "cycle_range");
  EXPECT_EQ(b.verdict(CycleOrder{5, Seconds{60}}), "unknown_plan");
  EXPECT_EQ(b.verdict(OffsetOrder{1, Seconds{0}}), "approved");
  EXPECT_EQ(b.verdict(OffsetOrder{1, Seconds{59}}), "approved");
  EXPECT_EQ(b.verdict(OffsetOrder{1, Seconds{60}}), "offset_range");
  EXPECT_EQ(b.verdict(OffsetOrder{1, Seconds{-1}}), "offset_range");
  EXPECT_EQ(b.verdict(OffsetOrder{3, Seconds{0}}), "unknown_plan");
  b.state.observed.mode = ControlMode::failure;
  EXPECT_EQ(b.verdict(BandsOrder{1, {}, 5}), "mode");
  b.signals.lever = Lever::plan;
  EXPECT_EQ(b.verdict(BandsOrder{1, {}, 5}), "lever");
  b.signals.lever = Lever::observe;
  EXPECT_EQ(b.verdict(CycleOrder{1, Seconds{60}}), "lever");
  EXPECT_EQ(b.verdict(OffsetOrder{1, Seconds{0}}), "lever");
}

TEST(Guard, ABandExtendsItsStageAtTheCostOfTheLast) {
  Bench b;
  auto& ring = b.signals.plans[0].ring;
  const auto verdict = [&](std::vector<Band> bands) {
    return b.verdict(BandsOrder{1, std::move(bands), 5});
  };
  // Stage 1 has 40 - 9 s green, stage 2 has 20 - 6 s.
  EXPECT_EQ(verdict({{1, Seconds{0}}}), "approved") << "as planned";
  EXPECT_EQ(verdict({{1, Seconds{9}}}), "approved") << "40 s and 5 s green";
  EXPECT_EQ(verdict({{1, Seconds{10}}}), "band_range");
  ring[0].max_green = Seconds{39};
  EXPECT_EQ(verdict({{1, Seconds{8}}}), "approved");
  EXPECT_EQ(verdict({{1, Seconds{9}}}), "band_range") << "more than the maximum of the stage";
  ring[0].max_green = Seconds{60};
  EXPECT_EQ(verdict({{1, Seconds{10}}}), "band_range") << "less than the minimum of the last";
  ring[1].min_green = Seconds{1};
  EXPECT_EQ(verdict({{1, Seconds{9}}}), "approved");
  EXPECT_EQ(verdict({{1, Seconds{10}}}), "band_range") << "less than the group's minimum green";
  EXPECT_EQ(verdict({{1, Seconds{99}}}), "band_range");
  ring[0].max_green = Seconds{20};
  ring[1].min_green = Seconds{16};
  EXPECT_EQ(verdict({{1, Seconds{0}}}), "approved") << "bands do not judge the plan itself";
  EXPECT_EQ(verdict({{1, Seconds{1}}}), "band_range");
}

TEST(Guard, BandsAreNamedOnceInWholeSecondsAndAllOfThem) {
  Bench b;
  const auto verdict = [&](std::vector<Band> bands, std::uint32_t minutes = 5) {
    return b.verdict(BandsOrder{1, std::move(bands), minutes});
  };
  EXPECT_EQ(verdict({{1, Seconds{5}}}, 0), "bands_timeout");
  EXPECT_EQ(verdict({}), "bands_incomplete");
  EXPECT_EQ(verdict({{0, Seconds{5}}}), "band_range");
  EXPECT_EQ(verdict({{1, Seconds{5}}, {2, Seconds{0}}}), "band_range") << "the last has none";
  EXPECT_EQ(verdict({{1, Seconds{5}}, {1, Seconds{5}}}), "band_range") << "which of them?";
  EXPECT_EQ(verdict({{1, Seconds{4.5}}}), "band_range");
  EXPECT_EQ(verdict({{1, Seconds{-1}}}), "band_range");
  EXPECT_EQ(b.verdict(BandsOrder{9, {}, 5}), "unknown_plan");
}

TEST(Guard, ABandHasTwoDigits) {
  Bench b;
  auto& plan = b.signals.plans[0];
  plan.cycle = Seconds{200};
  plan.ring[0].max_green = plan.ring[1].max_green = Seconds{200};
  EXPECT_EQ(b.verdict(BandsOrder{1, {{1, Seconds{99}}}, 5}), "approved");
  EXPECT_EQ(b.verdict(BandsOrder{1, {{1, Seconds{100}}}, 5}), "band_range");
}

TEST(Guard, TheBandsOfThreeStagesMoveAllThatFollow) {
  Bench b;
  // main 0..40, side 40..70, main once more 70..100
  b.signals.plans[0].cycle = Seconds{120};
  b.signals.plans[0].ring = {{1, Seconds{0}, Seconds{7}, Seconds{60}},
                             {2, Seconds{40}, Seconds{5}, Seconds{60}},
                             {1, Seconds{70}, Seconds{7}, Seconds{60}},
                             {2, Seconds{100}, Seconds{5}, Seconds{60}}};
  const auto verdict = [&](double first, double second, double third) {
    return b.verdict(
        BandsOrder{1, {{1, Seconds{first}}, {2, Seconds{second}}, {3, Seconds{third}}}, 5});
  };
  // The last has 20 - 6 s green and needs 5 s.
  EXPECT_EQ(verdict(3, 3, 3), "approved");
  EXPECT_EQ(verdict(4, 3, 3), "band_range");
  EXPECT_EQ(verdict(3, 4, 3), "band_range");
  EXPECT_EQ(verdict(3, 3, 4), "band_range");
  EXPECT_EQ(b.verdict(BandsOrder{1, {{1, Seconds{3}}, {3, Seconds{3}}}, 5}), "bands_incomplete");
}

}  // namespace
}  // namespace dispecer::guard
