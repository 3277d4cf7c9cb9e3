// Junctions that are commanded by plan and bands instead of stages.
#include <gtest/gtest.h>

#include <algorithm>

#include "controller/guard/guard.h"
#include "controller/plan/stored_plans.h"
#include "controller/signals/due.h"
#include "controller/signals/lever.h"
#include "controller/signals/plan_delay.h"
#include "tests/controller/signals/crossroads.h"

namespace dispecer {
namespace {

using namespace test;

// The crossroads in its plan: two stages, of 90 s, at a second of the cycle.
struct ByPlan : Crossroads {
  explicit ByPlan(Lever lever) {
    signals.lever = lever;
    signals.plans[0].ring = {{1, {0}, {6}, {70}}, {2, {40}, {6}, {70}}};
    for (auto& p : stored_plans(signals, lever)) signals.plans.push_back(std::move(p));
  }
  Second at_second(controller::ControllerState& state, double s, std::uint32_t plan) {
    const auto* p = find_plan(signals, plan);
    const auto in_cycle = static_cast<std::uint32_t>(std::fmod(s, p->cycle.value));
    show(in_cycle < p->ring[1].start.value - 5 ? 1 : in_cycle < p->ring[1].start.value ? 0 : 2);
    seen().plan = plan;
    seen().cycle_second = in_cycle;
    return second(state, *this, s);
  }
};

TEST(StoredPlans, EveryOneKeepsTheRulesAndTheLeverSaysWhichThereAre) {
  const auto road = ByPlan(Lever::observe);
  EXPECT_TRUE(stored_plans(road.signals, Lever::stage).empty());
  EXPECT_TRUE(stored_plans(road.signals, Lever::observe).empty());
  for (const auto lever : {Lever::plan, Lever::bands}) {
    const auto plans = stored_plans(road.signals, lever);
    ASSERT_GE(plans.size(), 8U);
    for (const auto& plan : plans) EXPECT_TRUE(validate(road.signals, plan).ok()) << plan.name;
  }
  const auto bands = stored_plans(road.signals, Lever::bands).front();
  EXPECT_EQ(bands.cycle.value, 40);
  EXPECT_EQ(bands.ring[1].start.value, 6 + 5) << "every stage but the last has its least green";
}

TEST(BandsLever, ALongQueueGetsALongerGreenThroughTheGuardAndEndsByItself) {
  ByPlan road(Lever::bands);
  auto state = road.controller();
  road.queue("n", 30, 60);
  road.queue("e", 1, 5);
  const auto now = road.at_second(state, 5, 1);
  ASSERT_TRUE(now.proposal);
  const auto* order = std::get_if<BandsOrder>(&now.proposal->write);
  ASSERT_NE(order, nullptr);
  EXPECT_EQ(order->plan, 1U);
  ASSERT_EQ(order->bands.size(), 1U);
  EXPECT_GT(order->bands[0].extension.value, 0);
  EXPECT_GT(order->timeout_min, 0U);
  EXPECT_EQ(now.decision.reason.rule, "bands_split");
  EXPECT_EQ(now.decision.action, SignalAction::extend);
  auto field = guard::watch(road.signals);
  guard::observe(field, road.seen(), at(5));
  const auto verdict =
      guard::Guard::check(*now.proposal, road.signals, field, {at(5), 0, WorldKind::street});
  EXPECT_TRUE(verdict.ok()) << (verdict ? "" : verdict.error().message());
}

TEST(BandsLever, WhatHasRunIsNotChangedAndAnEndThatIsTooNearStands) {
  ByPlan road(Lever::bands);
  auto state = road.controller();
  road.at_second(state, 1, 1);
  for (double s = 2; s < 33; ++s) road.at_second(state, s, 1);
  road.queue("n", 30, 60);
  EXPECT_FALSE(road.at_second(state, 33, 1).proposal) << "green ends at 35, the order takes 3 s";
  for (double s = 41; s < 60; ++s) EXPECT_FALSE(road.at_second(state, s, 1).proposal);
}

TEST(BandsLever, AQueueBehindAFullLinkAsksForNothing) {
  const auto extension = [](bool full) {
    ByPlan road(Lever::bands);
    road.queue("n", 20, 0);
    road.queue("e", 3, 0);
    road.exit("n").storage = {full ? 1.0 : 0.0};
    road.exit("n").spillback = full;
    auto state = road.controller();
    const auto now = road.at_second(state, 5, 1);
    const auto* order = now.proposal ? std::get_if<BandsOrder>(&now.proposal->write) : nullptr;
    return order == nullptr ? 0.0 : order->bands[0].extension.value;
  };
  EXPECT_GT(extension(false), extension(true));
}

TEST(PlanLever, AnUnevenDemandSelectsAStoredPlanThatServesItBetterAndOnlyOnce) {
  ByPlan road(Lever::plan);
  auto state = road.controller();
  road.arrivals("n", 2.0);
  road.arrivals("e", 0.1);
  std::vector<std::uint32_t> asked;
  std::uint32_t runs = 1;
  for (double s = 1; s < 1200; ++s) {
    const auto now = road.at_second(state, s, runs);
    const auto* order = now.proposal ? std::get_if<PlanOrder>(&now.proposal->write) : nullptr;
    if (order == nullptr) continue;
    EXPECT_EQ(now.decision.reason.rule, "plan_selected");
    ASSERT_TRUE(now.proposal->until) << "it ends by itself";
    if (asked.empty() || asked.back() != order->plan) asked.push_back(order->plan);
    runs = order->plan;
  }
  ASSERT_EQ(asked.size(), 1U);
  const auto& site = state.junctions.at(JunctionId("j")).site;
  const auto flows = signals::bundle_flows(site, {0.4, 0, 0.02, 0}, state.parameters.signals);
  const auto delay = [&](std::uint32_t plan) {
    const auto& ring = *signals::find_ring(site.rings, plan);
    return signals::plan_delay(site, ring, signals::planned_greens(ring), flows,
                               state.parameters.signals);
  };
  EXPECT_LT(delay(asked[0]), 0.7 * delay(1));
}

// The crossroads in stage 1 of plan 1, and the stored plan in which that stage lasts longest.
struct Takeover {
  ByPlan road{Lever::plan};
  signals::SignalParameters p;
  signals::Site site = signals::make_site(signals::make_index(road.network), road.signals, p);
  signals::JunctionView view;
  SignalPlan next;

  Takeover() {
    road.seen().plan = 1;
    view.signal = &road.seen();
    view.movements.resize(site.movements.size());
    view.crossings.resize(site.crossings.size());
    for (auto& m : view.movements) m.known = true;
    for (auto& c : view.crossings) c.known = true;
    const auto& plans = road.signals.plans;
    next = *std::max_element(plans.begin() + 1, plans.end(), [](const auto& a, const auto& b) {
      return a.ring[1].start.value < b.ring[1].start.value;
    });
  }
  // Is the next plan begun `s` seconds into its cycle, where stage 1 has run for `ran` s, the east
  // has had red and somebody there has waited for `waits` s, and the change was wanted before?
  bool begins(double s, double ran, double waits, bool wanted_long) {
    auto memory = signals::make_memory(site);
    memory.stage = 0;
    memory.groups[0].green = true;
    const double now = 100 * next.cycle.value - std::fmod(1.7e9, next.cycle.value) + s;
    memory.stage_since = memory.groups[0].since = at(now - ran);
    memory.groups[1].since = memory.groups[2].since = at(now - 200);
    if (wanted_long) {
      memory.plans.plan_next = next.number;
      memory.plans.plan_next_since = at(now - 1000);
    }
    view.movements[2].queue = waits > 0 ? 1 : 0;
    view.movements[2].waiting = waits;
    signals::note_waits(site, view, at(now - waits), memory);
    memory.groups[1].nobody = at(now - waits);
    signals::JunctionOutput out;
    signals::want_plan(site, memory, view, {at(now), 0, true, std::nullopt}, p, next.number,
                       "plan_selected", std::nullopt, out);
    return out.proposal.has_value();
  }
  // The same for the junction's own plan, which is to follow the next one.
  bool hands_back(double now, double waits) {
    auto memory = signals::make_memory(site);
    memory.stage = 0;
    memory.groups[0].green = true;
    memory.stage_since = memory.groups[0].since = at(now - 30);
    memory.groups[1].since = memory.groups[2].since = at(now - 200);
    memory.groups[1].nobody = at(now - waits);
    memory.plans.plan_sent = next.number;
    memory.plans.offset[next.number] = next.offset.value + 10;
    view.movements[2].queue = waits > 0 ? 1 : 0;
    view.movements[2].waiting = waits;
    auto seen = road.seen();
    seen.plan = next.number;
    view.signal = &seen;
    const auto out =
        signals::step_lever(site, memory, view, {}, {at(now), 0, true, std::nullopt}, p);
    view.signal = &road.seen();
    if (out.proposal) {
      EXPECT_TRUE(std::holds_alternative<PlanOrder>(out.proposal->write)) << "its cycle jumps";
    }
    return out.proposal.has_value();
  }
  int moments(double ran, double waits, bool wanted_long) {
    int count = 0;
    for (double s = 0; s < next.cycle.value; ++s) count += begins(s, ran, waits, wanted_long);
    return count;
  }
};

TEST(PlanLever, APlanBeginsOnlyWhereTheRunningStageHasItsLeastGreenBeforeItEndsThere) {
  Takeover t;
  EXPECT_GT(t.moments(1, 0, false), 0);
  EXPECT_EQ(t.moments(30, 0, false) - t.moments(1, 0, false), 6 - 1);
}

TEST(PlanLever, APlanWantedForLongBeginsAnywhereButNeverAtTheCostOfAMaximumRed) {
  Takeover t;
  const int cycle = static_cast<int>(t.next.cycle.value);
  EXPECT_LT(t.moments(30, 0, false), cycle);
  EXPECT_EQ(t.moments(30, 0, true), cycle);
  const int late = t.moments(30, 60, true);
  EXPECT_GT(late, 0);
  EXPECT_LT(late, cycle) << "in some seconds the east would wait for longer than 120 s";
  EXPECT_EQ(t.moments(30, 119, true), 0);
}

TEST(PlanLever, TheOwnPlanComesBackOnlyWhereItKeepsTheMaximumRedToo) {
  Takeover t;
  const auto moments = [&](double waits) {
    int count = 0;
    for (double now = 1000; now < 1090; ++now) count += t.hands_back(now, waits);
    return count;
  };
  EXPECT_GT(moments(0), 20);
  EXPECT_LT(moments(90), moments(0));
  EXPECT_EQ(moments(119), 0);
}

TEST(PlanLever, AnEvenDemandLeavesTheDeliveredPlanAlone) {
  ByPlan road(Lever::plan);
  // Only the delivered cycle: nothing to win by a shorter one.
  std::erase_if(road.signals.plans, [](const SignalPlan& p) { return p.cycle.value != 90; });
  auto state = road.controller();
  for (const char* arm : {"n", "s", "e", "w"}) road.arrivals(arm, 1.0);
  for (double s = 1; s < 1200; ++s) EXPECT_FALSE(road.at_second(state, s, 1).proposal);
}

TEST(PlanLever, AReleaseByAnOperatorTakesThePlanBack) {
  ByPlan road(Lever::plan);
  auto state = road.controller();
  road.arrivals("n", 2.0);
  std::uint32_t runs = 1;
  double s = 1;
  for (; runs == 1 && s < 1200; ++s) {
    const auto now = road.at_second(state, s, runs);
    if (const auto* order = now.proposal ? std::get_if<PlanOrder>(&now.proposal->write) : nullptr) {
      runs = order->plan;
    }
  }
  ASSERT_NE(runs, 1U);
  state.junctions.at(JunctionId("j")).memory.override_ = signals::Override{
      signals::OverrideKind::release, 0, at(s + 600), {PersonId("p"), Role::op, {}}};
  bool back = false;
  for (double end = s + 20; s < end; ++s) {
    const auto now = road.at_second(state, s, runs);
    const auto* order = now.proposal ? std::get_if<PlanOrder>(&now.proposal->write) : nullptr;
    back = back || (order != nullptr && order->plan == 0);
    EXPECT_EQ(now.decision.reason.rule, "operator_release");
  }
  EXPECT_TRUE(back);
}

TEST(Library, StaleDataBringsThePlanThatUsuallyRanAndFreshDataEndsIt) {
  Crossroads road;
  auto night = road.signals.plans[0];
  night.number = 2;
  road.signals.plans.push_back(night);
  auto state = road.controller();
  double t = settle(state, road);
  auto& library = state.plans.library;
  for (std::uint32_t part = 0; part < 48; ++part) {
    for (const auto kind :
         {signals::DayKind::workday, signals::DayKind::saturday, signals::DayKind::sunday}) {
      library.ran(JunctionId("j"), {kind, part}, 2, 0);
    }
  }
  second(state, road, t++);
  for (auto& m : road.picture->movements) m.queue.age_s = 31;
  EXPECT_TRUE(second(state, road, t++).released());
  bool asked = false;
  for (int i = 0; i < 15; ++i) {
    const auto now = second(state, road, t++);
    const auto* order = now.proposal ? std::get_if<PlanOrder>(&now.proposal->write) : nullptr;
    if (order == nullptr) continue;
    EXPECT_EQ(order->plan, 2U);
    EXPECT_EQ(now.decision.reason.rule, "library_plan");
    asked = true;
    road.seen().plan = 2;
  }
  EXPECT_TRUE(asked);
  for (auto& m : road.picture->movements) m.queue.age_s = 0;
  EXPECT_NE(second(state, road, t++).ordered(), 0U) << "the second-by-second layer is back at once";
}

TEST(Library, ASingleOddDayChangesNothing) {
  signals::PlanLibrary library;
  const signals::DayPart when{signals::DayKind::workday, 16};
  for (int day = 0; day < 3; ++day) library.ran(JunctionId("j"), when, 2, 0);
  library.ran(JunctionId("j"), when, 3, 0);
  EXPECT_EQ(library.find(JunctionId("j"), when)->plan, 2U);
  for (int day = 0; day < 6; ++day) library.ran(JunctionId("j"), when, 3, 0);
  EXPECT_EQ(library.find(JunctionId("j"), when)->plan, 3U);
  EXPECT_EQ(library.find(JunctionId("k"), when), nullptr);
}

}  // namespace
}  // namespace dispecer
