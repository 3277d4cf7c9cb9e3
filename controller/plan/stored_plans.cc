#include "controller/plan/stored_plans.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace dispecer {
namespace {

constexpr std::uint32_t kHighestNumber = 255;
constexpr std::size_t kMostBands = 10;  // of the signal list

// The ring of a plan with green seconds that can be set freely.
struct Ring {
  std::vector<std::uint32_t> stages;  // numbers
  std::vector<double> between;        // s from the green of a stage to that of the next
  std::vector<double> least;          // s of green
  std::vector<double> delivered;      // s of green

  [[nodiscard]] double shortest() const {
    double sum = 0;
    for (std::size_t i = 0; i < stages.size(); ++i) sum += between[i] + least[i];
    return sum;
  }
};

SignalPlan plan_of(const Ring& ring, const std::vector<double>& green, double offset) {
  SignalPlan plan;
  double at = 0;
  for (std::size_t i = 0; i < ring.stages.size(); ++i) {
    plan.ring.push_back({ring.stages[i], {at}, {ring.least[i]}, {0}});
    at += green[i] + ring.between[i];
  }
  plan.number = 1;
  plan.cycle = {at};
  plan.offset = {std::fmod(offset, at)};
  const double spare = at - ring.shortest();
  for (auto& row : plan.ring) row.max_green = {std::min(600.0, row.min_green.value + spare)};
  return plan;
}

// Lengthens stages until every group has its minimum green and every intergreen is kept, also
// across stages that are shorter than one. False where that never ends.
bool fit(const JunctionSignals& signals, Ring& ring) {
  const IntergreenMatrix matrix(signals);
  const std::size_t n = ring.stages.size();
  for (int round = 0; round < 30; ++round) {
    const auto plan = plan_of(ring, ring.least, 0);
    const double cycle = plan.cycle.value;
    const auto greens = plan_greens(signals, plan);
    const auto begins = [&](double start) {
      for (std::size_t i = 0; i < n; ++i) {
        if (std::abs(plan.ring[i].start.value - start) < 1e-6) return i;
      }
      return std::size_t{0};
    };
    bool changed = false;
    for (std::size_t g = 0; g < greens.size() && !changed; ++g) {
      for (const auto& run : greens[g]) {
        const double lacks = signals.groups[g].min_green.time.value - (run.end - run.begin);
        if (lacks > 1e-6) {
          ring.least[begins(run.begin)] += std::ceil(lacks);
          changed = true;
          break;
        }
        for (std::size_t h = 0; h < greens.size() && !changed; ++h) {
          const auto clear = matrix.at(g, h);
          for (const auto& other : greens[h]) {
            if (!clear) break;
            const double gap = std::fmod(other.begin - run.end + 4 * cycle, cycle);
            if (gap >= *clear - 1e-6) continue;
            ring.least[(begins(other.begin) + n - 1) % n] += std::ceil(*clear - gap);
            changed = true;
            break;
          }
        }
        if (changed) break;
      }
    }
    if (!changed) return true;
  }
  return false;
}

std::optional<Ring> ring_of(const JunctionSignals& signals) {
  const auto* local = find_plan(signals, signals.local_plan);
  if (local == nullptr || local->ring.size() < 2) return std::nullopt;
  const IntergreenMatrix matrix(signals);
  Ring ring;
  const std::size_t n = local->ring.size();
  for (std::size_t i = 0; i < n; ++i) {
    const auto& row = local->ring[i];
    const auto& next = local->ring[(i + 1) % n];
    const auto& stage = *find_stage(signals, row.stage);
    double span = next.start.value - row.start.value;
    if (span <= 0) span += local->cycle.value;
    const double between = matrix.between(stage, *find_stage(signals, next.stage));
    ring.stages.push_back(row.stage);
    ring.between.push_back(std::ceil(between));
    ring.least.push_back(1);
    ring.delivered.push_back(std::max(0.0, span - between));
  }
  if (!fit(signals, ring)) return std::nullopt;
  return ring;
}

// Whole seconds of `spare` by weight, the largest remainders first.
std::vector<double> shared(double spare, const std::vector<double>& weights) {
  double sum = 0;
  for (const double w : weights) sum += w;
  std::vector<double> out(weights.size(), 0.0);
  double given = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    out[i] = sum > 0 ? std::floor(spare * weights[i] / sum) : 0.0;
    given += out[i];
  }
  while (spare - given >= 1) {
    std::size_t most = 0;
    double lacks = -1;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const double wanted = sum > 0 ? spare * weights[i] / sum - out[i] : -out[i];
      if (wanted > lacks) {
        lacks = wanted;
        most = i;
      }
    }
    out[most] += 1;
    given += 1;
  }
  return out;
}

}  // namespace

std::vector<SignalPlan> stored_plans(const JunctionSignals& signals, Lever lever) {
  std::vector<SignalPlan> out;
  if (lever != Lever::plan && lever != Lever::bands) return out;
  const auto ring = ring_of(signals);
  if (!ring) return out;
  const std::size_t n = ring->stages.size();
  if (lever == Lever::bands && n - 1 > kMostBands) return out;
  std::uint32_t number = 0;
  for (const auto& plan : signals.plans) number = std::max(number, plan.number);
  const auto* local = find_plan(signals, signals.local_plan);
  std::set<double> cycles{std::round(local->cycle.value)};
  for (double c = 40; c <= 120; c += 10) cycles.insert(c);
  const auto add = [&](double cycle, const std::vector<double>& weights, const std::string& name) {
    const auto more = shared(cycle - ring->shortest(), weights);
    auto green = ring->least;
    for (std::size_t i = 0; i < n; ++i) green[i] += more[i];
    auto plan = plan_of(*ring, green, local->offset.value);
    plan.number = number + 1;
    plan.name = name;
    if (plan.number > kHighestNumber || !validate(signals, plan)) return;
    const bool twice = std::any_of(out.begin(), out.end(), [&](const SignalPlan& other) {
      return other.cycle == plan.cycle && other.ring == plan.ring;
    });
    if (twice) return;
    ++number;
    out.push_back(std::move(plan));
  };
  for (const double cycle : cycles) {
    if (cycle < ring->shortest() + 1) continue;
    const auto seconds = std::to_string(std::lround(cycle)) + " s";
    std::vector<double> weights(n, 0.0);
    if (lever == Lever::bands) {
      weights[n - 1] = 1;
      add(cycle, weights, "bands " + seconds);
      continue;
    }
    for (std::size_t i = 0; i < n; ++i) {
      weights[i] = std::max(0.0, ring->delivered[i] - ring->least[i]);
    }
    add(cycle, weights, seconds);
    for (std::size_t i = 0; i < n; ++i) {
      if (weights[i] <= 0) continue;
      auto more = weights;
      more[i] *= 2;
      add(cycle, more, seconds + ", stage " + std::to_string(ring->stages[i]));
    }
  }
  return out;
}

}  // namespace dispecer
