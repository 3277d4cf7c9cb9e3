#include "controller/plan/junction_signals.h"

#include <gtest/gtest.h>

#include "tests/support/city_fixture.h"

namespace dispecer {
namespace {

using test::crossroads;

std::string cause(const Result<>& r) {
  return r ? "ok" : r.error().cause;
}

TEST(JunctionSignals, ASoundCrossroadsIsAccepted) {
  const auto r = validate(crossroads());
  EXPECT_TRUE(r.ok()) << r.error().message();
}

TEST(JunctionSignals, EachBrokenRuleIsNamed) {
  const auto broken = [](const std::function<void(JunctionSignals&)>& change) {
    auto s = crossroads();
    change(s);
    return cause(validate(s));
  };
  EXPECT_EQ(broken([](auto& s) { s.groups.clear(); }), "no_groups");
  EXPECT_EQ(broken([](auto& s) { s.groups[0].amber.time.value = 900; }), "bad_time");
  EXPECT_EQ(broken([](auto& s) { s.groups[0].min_green.time.value = 0; }), "bad_time");
  EXPECT_EQ(broken([](auto& s) { s.groups[1].min_green.signature = 9; }), "signature_range");
  EXPECT_EQ(broken([](auto& s) { s.intergreens[0].losing = 7; }), "index_range");
  EXPECT_EQ(broken([](auto& s) { s.intergreens.erase(s.intergreens.begin()); }),
            "matrix_one_sided");
  EXPECT_EQ(broken([](auto& s) { s.stages[0].green = {0, 1, 2}; }), "stage_conflict");
  EXPECT_EQ(broken([](auto& s) { s.stages[1].number = 1; }), "stage_number");
  EXPECT_EQ(broken([](auto& s) { s.stages[1].green.clear(); }), "stage_empty");
  EXPECT_EQ(broken([](auto& s) { s.stages[0].green = {0}; }), "group_never_green");
  EXPECT_EQ(broken([](auto& s) { s.stages[0].yielding = {1}; }), "yielding_not_green");
  EXPECT_EQ(broken([](auto& s) { s.transitions.push_back({1, 9}); }), "transition_unknown");
  EXPECT_EQ(broken([](auto& s) { s.transitions = {{1, 2}}; }), "plan_transition");
  EXPECT_EQ(broken([](auto& s) { s.bound_groups = {{0, 1}}; }), "bound_group");
  EXPECT_EQ(broken([](auto& s) { s.stages[0].demand_input.reset(); }), "lever_needs_input");
  EXPECT_EQ(broken([](auto& s) { s.release_time.reset(); }), "lever_needs_release");
  EXPECT_EQ(broken([](auto& s) { s.local_plan = 4; }), "plan_number");
  EXPECT_EQ(broken([](auto& s) { s.plans[0].cycle.value = 0; }), "plan_cycle");
  EXPECT_EQ(broken([](auto& s) { s.plans[0].offset.value = 60; }), "plan_cycle");
  EXPECT_EQ(broken([](auto& s) { s.plans[0].ring[1].stage = 5; }), "plan_stage");
  EXPECT_EQ(broken([](auto& s) { s.plans[0].ring[1].start.value = 0; }), "plan_order");
}

TEST(SignalPlan, AStageTooShortForItsMinimumGreenIsRefused) {
  auto s = crossroads();
  s.plans[0].ring[1].start.value = 52;  // side: 52..60 less 6 s of intergreen leaves 2 s
  EXPECT_EQ(cause(validate(s)), "plan_min_green");
}

TEST(SignalPlan, AnIntergreenIsKeptAcrossAStageThatIsShorterThanIt) {
  auto s = crossroads();
  // A third stage whose one group conflicts with nothing sits for 4 s between walk and side, which
  // need 9 s.
  s.groups.push_back(s.groups[0]);
  s.groups[3].id = SignalGroupId{"arrow"};
  s.groups[3].min_green.time.value = 1;
  s.stages.push_back({3, "arrow", {3}, {}, false, 3});
  s.transitions = {{1, 3}, {3, 2}, {2, 1}};
  s.plans[0].ring = {{1, Seconds{0}, {}, Seconds{40}},
                     {3, Seconds{30}, {}, Seconds{9}},
                     {2, Seconds{34}, {}, Seconds{20}}};
  EXPECT_EQ(cause(validate(s)), "plan_intergreen");
  s.plans[0].ring[2].start.value = 40;
  EXPECT_EQ(cause(validate(s)), "ok");
}

TEST(SignalPlan, GreensOfTheRingEndBeforeTheLongestIntergreen) {
  const auto s = crossroads();
  const auto greens = plan_greens(s, s.plans[0]);
  ASSERT_EQ(greens[0].size(), 1U);
  EXPECT_DOUBLE_EQ(greens[0][0].begin, 0);
  EXPECT_DOUBLE_EQ(greens[0][0].end, 31);  // 40 less the 9 s that walk needs to side
  EXPECT_DOUBLE_EQ(greens[1][0].begin, 40);
  EXPECT_DOUBLE_EQ(greens[1][0].end, 54);
}

}  // namespace
}  // namespace dispecer
