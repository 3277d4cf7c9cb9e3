// Random junctions, plans and orders against what must hold at any kerb: no two conflicting greens,
// every intergreen and minimum green kept, allowed transitions only, and back in the local plan to
// the second once nobody asks for anything.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/sim/controller/crossroads.h"

namespace dispecer::sim {
namespace {

using Dice = std::mt19937;

std::uint32_t roll(Dice& dice, std::uint32_t below) {
  return static_cast<std::uint32_t>(dice() % below);
}

JunctionSignals random_junction(Dice& dice) {
  auto s = crossroads();
  s.groups.clear();
  s.intergreens.clear();
  s.stages.clear();
  s.transitions.clear();
  const std::uint32_t n = 2 + roll(dice, 7);
  std::vector<std::vector<bool>> conflict(n, std::vector<bool>(n, false));
  for (std::uint32_t g = 0; g < n; ++g) {
    SignalGroup group;
    group.id = SignalGroupId("g" + std::to_string(g));
    group.kind = roll(dice, 4) == 0 ? GroupKind::pedestrian : GroupKind::vehicle;
    group.min_green.time.value = 3 + roll(dice, 8);
    group.amber.time.value = 3;
    group.red_amber.time.value = roll(dice, 4);
    s.groups.push_back(group);
    for (std::uint32_t h = 0; h < g; ++h) {
      if (roll(dice, 5) < 3 || (g == 1 && h == 0)) {
        conflict[g][h] = conflict[h][g] = true;
        s.intergreens.push_back({g, h, {Seconds{static_cast<double>(roll(dice, 9))}, 0}});
        s.intergreens.push_back({h, g, {Seconds{static_cast<double>(roll(dice, 9))}, 0}});
      }
    }
  }
  // Every group is the seed of a stage unless one has it already.
  std::vector<bool> served(n, false);
  for (std::uint32_t g = 0; g < n; ++g) {
    if (served[g]) continue;
    Stage stage;
    stage.number = static_cast<std::uint32_t>(s.stages.size() + 1);
    stage.green = {g};
    for (std::uint32_t h = 0; h < n; ++h) {
      const bool fits = h != g && std::none_of(stage.green.begin(), stage.green.end(),
                                               [&](std::uint32_t o) { return conflict[o][h]; });
      if (fits && roll(dice, 4) > 0) stage.green.push_back(h);
    }
    std::sort(stage.green.begin(), stage.green.end());
    for (const auto h : stage.green) served[h] = true;
    stage.demand_input = stage.number;
    s.stages.push_back(stage);
  }
  const auto count = static_cast<std::uint32_t>(s.stages.size());
  for (std::uint32_t a = 1; a <= count; ++a) {
    for (std::uint32_t b = 1; b <= count; ++b) {
      if (a != b && (b == a % count + 1 || roll(dice, 2) == 0)) s.transitions.push_back({a, b});
    }
  }
  const IntergreenMatrix matrix(s);
  s.plans.clear();
  for (std::uint32_t number = 1; number <= 2; ++number) {
    SignalPlan plan;
    plan.number = number;
    double t = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto& now = s.stages[i];
      const auto& next = s.stages[(i + 1) % count];
      double least = 0;
      for (const auto g : now.green) least = std::max(least, s.groups[g].min_green.time.value);
      plan.ring.push_back({now.number, Seconds{t}, Seconds{0}, Seconds{200}});
      t += least + std::max(3.0, matrix.between(now, next)) + roll(dice, 20);
    }
    plan.cycle.value = t;
    plan.offset.value = roll(dice, static_cast<std::uint32_t>(t));
    s.plans.push_back(plan);
  }
  return s;
}

Input random_order(Dice& dice, const JunctionSignals& own) {
  const auto stage = 1 + roll(dice, static_cast<std::uint32_t>(own.stages.size()));
  switch (roll(dice, 12)) {
    case 0:
      return SelectPlan{1 + roll(dice, 3)};
    case 1:
      return SetCycle{1 + roll(dice, 2), 20.0 + roll(dice, 120)};
    case 2:
      return SetOffset{1 + roll(dice, 2), static_cast<double>(roll(dice, 60))};
    case 3:
      return SetBands{1 + roll(dice, 2),
                      {{1 + roll(dice, 3), static_cast<double>(roll(dice, 10))}}};
    case 4:
      return roll(dice, 10) == 0 ? Input{SetMode{ControlMode::yellow_flash, 1}}
                                 : Input{SetInputs{{}, {stage}}};
    case 5:
      return roll(dice, 20) == 0 ? Input{Restart{}} : Input{SetInputs{{stage}, {}}};
    case 6:
      return SetFixedTime{roll(dice, 4) == 0};
    case 7:
      return SetPoliceKey{roll(dice, 10) == 0 ? roll(dice, 4) : 0};
    default:
      return SetInputs{{stage}, {}};
  }
}

// A second opinion on the lamps, with its own book-keeping.
struct Witness {
  const JunctionSignals& own;
  std::vector<bool> green = std::vector<bool>(own.groups.size(), false);
  std::vector<double> began = std::vector<double>(own.groups.size(), -1e9);
  std::vector<double> ended = std::vector<double>(own.groups.size(), -1e9);
  std::uint32_t stage = 0;

  void see(const Output& out, double now) {
    const bool control = out.mode == ControlMode::control;
    for (std::size_t g = 0; g < green.size(); ++g) {
      const bool is = out.aspects[g] == Aspect::green;
      if (green[g] && !is) {
        ended[g] = now;
        if (control) {
          EXPECT_GE(now - began[g], own.groups[g].min_green.time.value) << "min green " << g;
        }
      }
      if (!green[g] && is) began[g] = now;
    }
    for (const auto& i : own.intergreens) {
      const bool starts = out.aspects[i.gaining] == Aspect::green && !green[i.gaining];
      if (starts) {
        EXPECT_GE(now - ended[i.losing] + 1e-9, i.time.time.value)
            << "intergreen " << i.losing << " " << i.gaining;
      }
      EXPECT_FALSE(out.aspects[i.gaining] == Aspect::green &&
                   out.aspects[i.losing] == Aspect::green);
    }
    for (std::size_t g = 0; g < green.size(); ++g) green[g] = out.aspects[g] == Aspect::green;
    if (!control) stage = 0;
    if (out.stage && stage != 0) {
      EXPECT_TRUE(transition_allowed(own, stage, *out.stage)) << stage << " to " << *out.stage;
    }
    if (out.stage) stage = *out.stage;
  }
};

TEST(RandomControllers, NeverShowAnythingUnsafeAndFindBackToTheirPlan) {
  int usable = 0;
  for (unsigned seed = 1; seed <= 120 && !testing::Test::HasFailure(); ++seed) {
    Dice dice(seed);
    const auto own = random_junction(dice);
    auto made = make_controller(own);
    if (!made) continue;
    ++usable;
    SCOPED_TRACE("seed " + std::to_string(seed));
    Kerb run(*made);
    Witness witness{own};
    const double step = seed % 3 == 0 ? 0.5 : 1.0;
    std::uint32_t wanted = 1;
    for (int i = 0; i < 500; ++i) {
      if (roll(dice, 8) == 0) {
        static_cast<void>(run.input(random_order(dice, own)));
      }
      if (roll(dice, 10) == 0)
        wanted = 1 + roll(dice, static_cast<std::uint32_t>(own.stages.size()));
      if (roll(dice, 20) == 0) {
        run.state.priority_group.reset();
        run.state.emergency_stage.reset();
        run.state.held_s = 0;
        const auto group = roll(dice, static_cast<std::uint32_t>(own.groups.size()));
        if (roll(dice, 2) == 0) run.state.priority_group = group;
        if (roll(dice, 6) == 0) run.state.emergency_stage = wanted;
      }
      if ((i / 100) % 2 == 0) static_cast<void>(run.input(SetInputs{{wanted}, {}}));
      run.to(run.now + step, step);
      witness.see(run.last, run.now);
      ASSERT_EQ(run.last.failure, "");
    }
    run.state.priority_group.reset();
    run.state.emergency_stage.reset();
    ASSERT_TRUE(run.input(SetPoliceKey{0}));
    ASSERT_TRUE(run.input(SetFixedTime{false}));
    ASSERT_TRUE(run.input(SelectPlan{std::nullopt}));
    ASSERT_TRUE(run.input(SetMode{ControlMode::control, 0}));
    const auto& plan = run.state.running_plan();
    const double cycle = plan.cycle.value;
    run.now = std::ceil(run.now);
    for (const double end = run.now + 100 + 4 * cycle; run.now < end;) {
      run.to(run.now + 1);
      witness.see(run.last, run.now);
    }
    const auto greens = plan_greens(own, plan);
    for (int i = 0; i < static_cast<int>(cycle); ++i) {
      const double p = std::fmod(in_seconds(Duration{at(run.now).us}) - plan.offset.value, cycle);
      run.to(run.now + 1);
      witness.see(run.last, run.now);
      for (std::size_t g = 0; g < greens.size(); ++g) {
        const bool planned =
            std::any_of(greens[g].begin(), greens[g].end(), [&](const Interval1& run_) {
              return (p >= run_.begin && p < run_.end) ||
                     (p + cycle >= run_.begin && p + cycle < run_.end);
            });
        ASSERT_EQ(run.last.aspects[g] == Aspect::green, planned)
            << "group " << g << " at second " << p << " of " << cycle;
      }
    }
  }
  EXPECT_GT(usable, 60);
}

TEST(RandomControllers, TheSameOrdersGiveTheSameLamps) {
  const auto play = [] {
    Dice dice(7);
    const auto own = random_junction(dice);
    Kerb run(*make_controller(own));
    for (int i = 0; i < 400; ++i) {
      static_cast<void>(run.input(random_order(dice, own)));
      run.to(run.now + 1);
    }
    return run.seen;
  };
  EXPECT_EQ(play(), play());
}

}  // namespace
}  // namespace dispecer::sim
