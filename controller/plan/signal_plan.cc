// Does a plan's ring keep every minimum green, intergreen and allowed transition? Checked on the
// second-by-second greens that the ring implies, also across stages that are shorter than an
// intergreen.
#include <algorithm>
#include <cmath>

#include "controller/plan/junction_signals.h"

namespace dispecer {
namespace {

constexpr double kSlack = 1e-6;

std::string text(double v) {
  std::string s = std::to_string(v);
  s.erase(s.find_last_not_of('0') + 1);
  if (s.back() == '.') s.pop_back();
  return s;
}

bool contains(const std::vector<std::uint32_t>& set, std::uint32_t g) {
  return std::find(set.begin(), set.end(), g) != set.end();
}

Result<> check_ring(const JunctionSignals& signals, const SignalPlan& plan,
                    const std::string& where) {
  if (plan.number == 0 || plan.number > 255)
    return Error{"plan_number", "numbers run from 1 to 255", where};
  if (!(plan.cycle.value >= 1 && plan.cycle.value <= 600)) {
    return Error{"plan_cycle", "cycle " + text(plan.cycle.value) + " s", where};
  }
  if (!(plan.offset.value >= 0 && plan.offset.value < plan.cycle.value)) {
    return Error{"plan_cycle",
                 "offset " + text(plan.offset.value) + " s, expected less than the cycle", where};
  }
  if (plan.ring.empty()) return Error{"plan_stage", "the ring is empty", where};
  for (const auto& step : plan.ring) {
    if (find_stage(signals, step.stage) == nullptr) {
      return Error{"plan_stage", "no stage " + std::to_string(step.stage), where};
    }
  }
  for (std::size_t i = 0; i < plan.ring.size(); ++i) {
    const auto& now = plan.ring[i];
    const auto& next = plan.ring[(i + 1) % plan.ring.size()];
    const auto spot = where + ", stage " + std::to_string(now.stage);
    if (find_stage(signals, now.stage) == nullptr)
      return Error{"plan_stage", "no such stage", spot};
    if (!(now.start.value >= 0 && now.start.value < plan.cycle.value) ||
        (i > 0 && now.start <= plan.ring[i - 1].start)) {
      return Error{"plan_order", "stages start in rising order inside the cycle", spot};
    }
    if (now.min_green > now.max_green)
      return Error{"plan_order", "minimum above maximum green", spot};
    if (!transition_allowed(signals, now.stage, next.stage)) {
      return Error{"plan_transition", "may not be followed by stage " + std::to_string(next.stage),
                   spot};
    }
  }
  return Ok{};
}

}  // namespace

std::vector<std::vector<Interval1>> plan_greens(const JunctionSignals& signals,
                                                const SignalPlan& plan) {
  const IntergreenMatrix matrix(signals);
  std::vector<std::vector<Interval1>> greens(signals.groups.size());
  const std::size_t n = plan.ring.size();
  const double cycle = plan.cycle.value;
  const auto stage = [&](std::size_t i) -> const Stage& {
    return *find_stage(signals, plan.ring[i % n].stage);
  };
  for (std::uint32_t g = 0; g < signals.groups.size(); ++g) {
    for (std::size_t i = 0; i < n; ++i) {
      if (!contains(stage(i).green, g)) continue;
      if (n > 1 && contains(stage(i + n - 1).green, g)) continue;
      const double begin = plan.ring[i].start.value;
      double end = begin;
      std::size_t steps = 0;
      for (; steps < n && contains(stage(i + steps).green, g); ++steps) {
        double span =
            plan.ring[(i + steps + 1) % n].start.value - plan.ring[(i + steps) % n].start.value;
        if (span <= 0) span += cycle;
        end += span;
      }
      if (steps < n) end -= matrix.between(stage(i + steps - 1), stage(i + steps));
      greens[g].push_back({begin, end});
    }
    const bool always = std::all_of(plan.ring.begin(), plan.ring.end(), [&](const PlanStage& s) {
      return contains(find_stage(signals, s.stage)->green, g);
    });
    if (always) greens[g] = {{0, cycle}};
  }
  return greens;
}

Result<> validate(const JunctionSignals& signals, const SignalPlan& plan) {
  const auto where = signals.junction.str() + " plan " + std::to_string(plan.number);
  if (auto r = check_ring(signals, plan, where); !r) return r;
  const IntergreenMatrix matrix(signals);
  const auto greens = plan_greens(signals, plan);
  const double cycle = plan.cycle.value;
  for (std::size_t g = 0; g < greens.size(); ++g) {
    for (const auto& run : greens[g]) {
      const double least = signals.groups[g].min_green.time.value;
      if (run.end - run.begin < least - kSlack) {
        return Error{"plan_min_green",
                     signals.groups[g].id.str() + " has " + text(run.end - run.begin) +
                         " s green, needs " + text(least),
                     where};
      }
      for (std::size_t h = 0; h < greens.size(); ++h) {
        const auto clear = matrix.at(g, h);
        if (!clear) continue;
        for (const auto& other : greens[h]) {
          const double gap = std::fmod(other.begin - run.end + 4 * cycle, cycle);
          const double length = other.end - other.begin;
          const bool overlap = gap + length > cycle - (run.end - run.begin) + kSlack;
          if (gap < *clear - kSlack || overlap) {
            return Error{"plan_intergreen",
                         signals.groups[g].id.str() + " to " + signals.groups[h].id.str() +
                             " needs " + text(*clear) + " s, found " +
                             (overlap ? "an overlap" : text(gap) + " s"),
                         where};
          }
        }
      }
    }
  }
  return Ok{};
}

}  // namespace dispecer
