// Random junctions, random orders: an order that the guard approved never makes a controller that
// obeys it to the letter show two conflicting greens, cut a minimum green or leave the allowed
// transitions.
#include <gtest/gtest.h>

#include <random>

#include "tests/controller/guard/guard_scene.h"

namespace dispecer::guard {
namespace {

JunctionSignals random_junction(std::mt19937& rng) {
  const auto pick = [&](int lo, int hi) { return std::uniform_int_distribution<int>(lo, hi)(rng); };
  JunctionSignals s;
  s.junction = JunctionId{"J"};
  s.signatures = {{Origin::entered, "d", "s", "2026-01-01"}};
  const int stages = pick(2, 5);
  // Groups of one stage never conflict; groups of different stages always do unless both stages
  // have them.
  for (int n = 1; n <= stages; ++n) {
    Stage stage{static_cast<std::uint32_t>(n), "", {}, {}, false, static_cast<std::uint32_t>(n)};
    for (int k = pick(1, 3); k > 0; --k) {
      stage.green.push_back(static_cast<std::uint32_t>(s.groups.size()));
      s.groups.push_back({SignalGroupId{"g" + std::to_string(s.groups.size())},
                          GroupKind::vehicle,
                          {Seconds{static_cast<double>(pick(4, 9))}, 0},
                          {Seconds{3}, 0},
                          {Seconds{1}, 0},
                          {Seconds{static_cast<double>(pick(60, 120))}, 0}});
    }
    s.stages.push_back(stage);
  }
  for (const auto& a : s.stages) {
    for (const auto& b : s.stages) {
      if (a.number == b.number) continue;
      for (const auto g : a.green) {
        for (const auto h : b.green)
          s.intergreens.push_back({g, h, {Seconds{static_cast<double>(pick(3, 9))}, 0}});
      }
      if (pick(0, 2) != 0 || b.number == a.number % static_cast<std::uint32_t>(stages) + 1) {
        s.transitions.push_back({a.number, b.number});
      }
    }
  }
  double start = 0;
  SignalPlan plan{1, "p", Seconds{0}, Seconds{0}, {}};
  for (const auto& stage : s.stages) {
    plan.ring.push_back({stage.number, Seconds{start}, Seconds{4}, Seconds{60}});
    start += 30;
  }
  plan.cycle.value = start;
  s.plans = {plan};
  s.lever = Lever::stage;
  s.release_time = Seconds{5};
  s.commissioning = Commissioning::live;
  return s;
}

TEST(GuardProperty, ApprovedOrdersNeverMakeAnObedientControllerUnsafe) {
  std::mt19937 rng(20261121);
  std::uint64_t approved = 0;
  for (int round = 0; round < 60; ++round) {
    const auto signals = random_junction(rng);
    ASSERT_TRUE(validate(signals).ok()) << validate(signals).error().message();
    const IntergreenMatrix matrix(signals);
    auto state = watch(signals);
    state.inputs_clean = true;
    std::vector<int> green_for(signals.groups.size(), 0);
    std::vector<int> since_green(signals.groups.size(), 1000);
    std::uint32_t running = 1;
    std::uint32_t target = 1;
    int clearing = 0;
    for (int second = 0; second < 600; ++second) {
      // The obedient controller: leaves a stage at once when told, waits the intergreen, nothing
      // else.
      if (running != 0 && target != running) {
        clearing = static_cast<int>(
            matrix.between(*find_stage(signals, running), *find_stage(signals, target)));
        running = 0;
      }
      if (running == 0 && clearing-- <= 0) running = target;
      SignalObservation seen;
      seen.junction = signals.junction;
      seen.t = at(second);
      seen.link = CommLink::connected;
      seen.mode = ControlMode::control;
      seen.holder = Holder::centre;
      if (running != 0) seen.stage = running;
      for (std::uint32_t g = 0; g < signals.groups.size(); ++g) {
        const auto* stage = find_stage(signals, running);
        const bool green =
            stage != nullptr && std::count(stage->green.begin(), stage->green.end(), g) != 0;
        if (!green && green_for[g] > 0) {
          ASSERT_GE(green_for[g], signals.groups[g].min_green.time.value)
              << "a minimum green was cut";
        }
        green_for[g] = green ? green_for[g] + 1 : 0;
        since_green[g] = green ? 0 : since_green[g] + 1;
        seen.groups.push_back(green ? Aspect::green : Aspect::red);
      }
      for (std::size_t g = 0; g < green_for.size(); ++g) {
        for (std::size_t h = 0; h < green_for.size(); ++h) {
          ASSERT_FALSE(green_for[g] > 0 && green_for[h] > 0 && matrix.conflict(g, h))
              << "two conflicting greens";
          if (green_for[h] == 1 && matrix.at(g, h)) {
            ASSERT_GE(since_green[g], *matrix.at(g, h)) << "an intergreen was cut";
          }
        }
      }
      observe(state, seen, at(second));
      std::vector<bool> demand(signals.groups.size());
      for (std::size_t g = 0; g < demand.size(); ++g) demand[g] = rng() % 2 == 0;
      set_demand(state, demand, at(second));
      Proposal p;
      p.junction = signals.junction;
      p.decided = at(second);
      p.expires = at(second + 3);
      p.write = StageOrder{1 + static_cast<std::uint32_t>(rng() % (signals.stages.size() + 1))};
      const auto verdict = Guard::check(p, signals, state, {at(second), 0, WorldKind::street});
      if (!verdict) continue;
      ++approved;
      note_sent(state, *verdict, at(second));
      const auto wanted = std::get<StageOrder>(verdict->write()).stage;
      if (running != 0) {
        ASSERT_TRUE(transition_allowed(signals, running, wanted));
      }
      target = wanted;
    }
  }
  EXPECT_GT(approved, 3000U) << "the guard must let sound orders through";
}

}  // namespace
}  // namespace dispecer::guard
