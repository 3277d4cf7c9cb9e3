// A candidate parameter set beside the live one.
#include "controller/signals/shadow.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/controller/signals/crossroads.h"

namespace dispecer::test {
namespace {

const std::map<std::string, double> kFlows{{"n", 600}, {"s", 600}, {"e", 400}, {"w", 400}};

// Twenty minutes of traffic; what was ordered each second, and the score.
struct Run {
  std::vector<std::uint32_t> ordered;
  std::optional<signals::Shadow> shadow;
  std::map<std::string, std::uint64_t> counters;
};

Run run(const signals::SignalParameters* candidate) {
  Crossroads road;
  auto state = road.controller();
  if (candidate != nullptr) controller::add_shadow(state, {"", {}, *candidate}, 1);
  Street street(road, kFlows, 7);
  Run out;
  for (int s = 1; s < 1200; ++s) {
    const auto o = second(state, road, s).ordered();
    street.step(o);
    out.ordered.push_back(o);
  }
  if (!state.shadows.empty()) out.shadow = state.shadows.front();
  out.counters = state.counters;
  return out;
}

TEST(Shadow, NothingThatIsDecidedDependsOnIt) {
  signals::SignalParameters candidate;
  candidate.switch_cost = 200;
  candidate.stop_s = 0;
  EXPECT_EQ(run(nullptr).ordered, run(&candidate).ordered);
}

TEST(Shadow, TheLiveParametersThemselvesNeverDiffer) {
  const signals::SignalParameters same;
  const auto shadow = *run(&same).shadow;
  EXPECT_GT(shadow.score.seconds, 500U);
  EXPECT_EQ(shadow.score.different, 0U);
  EXPECT_GT(shadow.score.changes, 10U);
  EXPECT_EQ(shadow.score.changes, shadow.score.live_changes);
  EXPECT_EQ(shadow.score.loss, 0);
}

TEST(Shadow, ACandidateThatHatesChangesDiffersAndEachSetThinksItselfTheBetter) {
  signals::SignalParameters candidate;
  candidate.switch_cost = 200;
  const auto result = run(&candidate);
  const auto& s = result.shadow->score;
  EXPECT_GT(s.different, 20U);
  EXPECT_LT(s.changes, s.live_changes);
  EXPECT_GT(s.priced, 0U);
  EXPECT_LE(s.priced, s.different);
  EXPECT_GT(s.loss, 0);
  EXPECT_GT(s.gain, 0);
  ASSERT_EQ(result.shadow->junctions.size(), 1U);
  EXPECT_EQ(result.shadow->junctions.begin()->second, s);
  // Told once a minute, so a little behind.
  EXPECT_GT(result.counters.at("controller.shadow_different"), 0U);
  EXPECT_LE(result.counters.at("controller.shadow_different"), s.different);
}

TEST(Shadow, ACandidateThatForgetsTheMaximumRedIsCaughtBeforeItBreaksIt) {
  signals::SignalParameters candidate;
  candidate.max_red_s = 600;
  candidate.switch_cost = 1000;
  Crossroads road;
  for (auto& g : road.signals.groups) g.max_red = {{0}, 0};  // the parameters' own holds
  auto state = road.controller();
  controller::add_shadow(state, {"", {}, candidate}, 1);
  double s = 0;
  for (std::uint32_t ordered = 0; s < 120 && ordered != 2; ++s) {
    road.queue("n", 30, 1);
    road.queue("e", 0.4, s);
    ordered = second(state, road, s).ordered();
  }
  EXPECT_LT(s, 120) << "the live one goes in time";
  EXPECT_GT(s, 60);
  EXPECT_EQ(state.shadows.front().score.breaches, 1U);
  EXPECT_EQ(state.shadows.front().score.live_breaches, 0U);
}

TEST(Shadow, WhereAnOperatorsWordHoldsThereIsNothingToCompare) {
  Crossroads road;
  auto state = road.controller();
  controller::add_shadow(state, {}, 1);
  double s = settle(state, road);
  const auto before = state.shadows.front().score.seconds;
  EXPECT_GT(before, 5U);
  Intent hold;
  hold.id = IntentId("i");
  hold.actor = {PersonId("ana"), Role::op, WorkplaceId("1")};
  hold.expires = at(s + 60);
  hold.action = HoldStage{JunctionId("j"), 1, at(s + 1000)};
  ASSERT_EQ(controller::apply(state, hold, at(s))->outcome, IntentOutcome::done);
  for (int i = 0; i < 20; ++i) second(state, road, s++);
  EXPECT_EQ(state.shadows.front().score.seconds, before);
}

TEST(Shadow, SeveralCandidatesAndPoliciesRunAtOnceEachWithItsOwnScore) {
  Crossroads road;
  auto state = road.controller();
  signals::SignalParameters slow;
  slow.switch_cost = 200;
  controller::add_shadow(state, {"slow", signals::ShadowPolicy::look_ahead, slow}, 1);
  controller::add_shadow(state, {"same", signals::ShadowPolicy::look_ahead, {}}, 1);
  controller::add_shadow(state, {"cycle", signals::ShadowPolicy::cycle, {}}, 1);
  controller::add_shadow(state, {"plan", signals::ShadowPolicy::plan, {}}, 1);
  Street street(road, kFlows, 7);
  std::vector<std::uint32_t> ordered;
  for (int s = 1; s < 1200; ++s) {
    const auto o = second(state, road, s).ordered();
    street.step(o);
    ordered.push_back(o);
  }
  EXPECT_EQ(ordered, run(nullptr).ordered);
  const auto& all = state.shadows;
  const auto alone = *run(&slow).shadow;
  EXPECT_EQ(all[0].score, alone.score) << "the others are nothing to it";
  EXPECT_EQ(all[1].score.different, 0U);
  for (const auto i : {2, 3}) {
    EXPECT_GT(all[static_cast<std::size_t>(i)].score.seconds, 500U);
    EXPECT_GT(all[static_cast<std::size_t>(i)].score.different, 20U) << i;
    EXPECT_GT(all[static_cast<std::size_t>(i)].score.loss, 0) << i;
  }
  EXPECT_GT(state.counters.at("controller.shadow_slow_different"), 0U);
  EXPECT_EQ(state.counters.at("controller.shadow_same_different"), 0U);
}

TEST(Shadow, ThePlanByTheClockWantsTheStageOfThisSecondOfItsCycle) {
  Crossroads road;
  auto state = road.controller();
  controller::add_shadow(state, {"plan", signals::ShadowPolicy::plan, {}}, 1);
  // A cycle of 90 s: stage 1 from 0, 2 from 40, 3 from 75. kStart is second 80 of it.
  const double begin = 90 - std::fmod(static_cast<double>(kStart.us) / 1e6, 90.0);
  double s = settle(state, road, begin);
  auto& shadow = state.shadows.front();
  auto& place = state.junctions.at(JunctionId("j"));
  const auto target = [&](double at_s) {
    return signals::shadow_choice(shadow, place.site, place.memory, place.view, {}, at(at_s))
        .value()
        .target;
  };
  place.memory.ours = false;
  for (const auto& [second, stage] : {std::pair{0.5, 0U}, {39.5, 0U}, {40.5, 1U}, {75.5, 2U}}) {
    EXPECT_EQ(target(s + second), stage) << second;
  }
}

TEST(Shadow, EachHourOfTheClockIsScoredByItself) {
  signals::Shadow shadow;
  shadow.score.seconds = 100;
  shadow.score.loss = 7;
  EXPECT_EQ(signals::shadow_counters(shadow).count("shadow_hour_seconds"), 0U);
  signals::close_hour(shadow);
  shadow.score.seconds = 160;
  shadow.score.loss = 9;
  EXPECT_EQ(shadow.hour.seconds, 100U);
  signals::close_hour(shadow);
  EXPECT_EQ(shadow.hours, 2U);
  EXPECT_EQ(shadow.hour.seconds, 60U);
  EXPECT_EQ(shadow.hour.loss, 2);
  const auto counters = signals::shadow_counters(shadow);
  EXPECT_EQ(counters.at("shadow_hour_seconds"), 60U);
  EXPECT_EQ(counters.at("shadow_seconds"), 160U);

  Crossroads road;
  auto state = road.controller();
  controller::add_shadow(state, {}, 1);
  const double to_hour = 3600 - std::fmod(static_cast<double>(kStart.us) / 1e6, 3600.0);
  for (double s = to_hour - 20; s <= to_hour + 5; ++s) second(state, road, s);
  EXPECT_EQ(state.shadows.front().hours, 1U);
  EXPECT_GT(state.shadows.front().hour.seconds, 10U);
}

TEST(Shadow, AShareOfTheJunctionsIsSpreadEvenly) {
  for (const double share : {0.0, 0.1, 0.25, 0.5, 1.0}) {
    int in = 0;
    int longest = 0;
    int gap = 0;
    for (std::size_t i = 0; i < 1000; ++i) {
      const bool is = signals::shadowed(share, i);
      in += is ? 1 : 0;
      gap = is ? 0 : gap + 1;
      longest = std::max(longest, gap);
    }
    EXPECT_NEAR(in, 1000 * share, 1);
    EXPECT_TRUE(share <= 0 || longest <= 1 / share) << share;
  }
}

}  // namespace
}  // namespace dispecer::test
