#include "sim/controller/local_plan.h"

#include <algorithm>
#include <cmath>
#include <deque>

namespace dispecer::sim {
namespace {

// The time that a stage has in the plan, domain time, half open: [start, end).
struct Window {
  std::uint32_t stage = 0;
  std::uint32_t next = 0;
  UtcTime start;
  UtcTime end;
};

std::vector<Window> windows(const SignalPlan& plan, UtcTime own_clock, UtcTime now) {
  const auto cycle = from_seconds(plan.cycle.value);
  const auto second0 = now - from_seconds(plan_position_s(plan, own_clock));
  const std::size_t n = plan.ring.size();
  std::vector<Window> out;
  for (int turn = -1; turn < 3; ++turn) {
    for (std::size_t i = 0; i < n; ++i) {
      const auto start = second0 + cycle * turn + from_seconds(plan.ring[i].start.value);
      const auto& next = plan.ring[(i + 1) % n];
      auto end = second0 + cycle * turn + from_seconds(next.start.value);
      if (i + 1 == n) end = end + cycle;
      if (end > now) out.push_back({plan.ring[i].stage, next.stage, start, end});
    }
  }
  return out;
}

std::vector<std::uint32_t> way(const JunctionSignals& own, std::uint32_t from, std::uint32_t to) {
  if (from == to) return {};
  std::map<std::uint32_t, std::uint32_t> before;
  std::deque<std::uint32_t> open{from};
  while (!open.empty() && !before.contains(to)) {
    const auto at = open.front();
    open.pop_front();
    for (const auto& s : own.stages) {
      if (s.number == at || s.number == from || before.contains(s.number)) continue;
      if (!transition_allowed(own, at, s.number)) continue;
      before[s.number] = at;
      open.push_back(s.number);
    }
  }
  std::vector<std::uint32_t> hops;
  if (!before.contains(to)) return hops;
  for (auto s = to; s != from; s = before.at(s)) hops.insert(hops.begin(), s);
  return hops;
}

// Seconds until green of the last of `hops`, stages in between at their minimum greens.
double cost_s(const State& state, const IntergreenMatrix& matrix,
              const std::vector<std::uint32_t>& hops, UtcTime now) {
  const Stage* at = state.stage ? find_stage(state.own, *state.stage) : nullptr;
  double cost = std::max(0.0, min_green_left_s(state, *find_stage(state.own, hops.front()), now));
  for (std::size_t i = 0; i < hops.size(); ++i) {
    const Stage* to = find_stage(state.own, hops[i]);
    cost += lead_s(state, matrix, at, *to);
    if (i + 1 < hops.size()) {
      double least = 0;
      for (const auto g : to->green)
        least = std::max(least, state.own.groups[g].min_green.time.value);
      cost += least;
    }
    at = to;
  }
  return cost;
}

// What must remain of a window on arrival so that its stage can be ended on time.
double need_s(const State& state, const IntergreenMatrix& matrix, const Window& w) {
  if (w.stage == w.next) return 0;
  const auto& stage = *find_stage(state.own, w.stage);
  const auto& next = *find_stage(state.own, w.next);
  double least = 0;
  for (const auto g : stage.green) {
    const bool stays = std::binary_search(next.green.begin(), next.green.end(), g);
    if (!stays && !is_green(state.lamps[g].aspect))
      least = std::max(least, state.own.groups[g].min_green.time.value);
  }
  return least + matrix.between(stage, next);
}

}  // namespace

double plan_position_s(const SignalPlan& plan, UtcTime own_clock) {
  const auto cycle = from_seconds(plan.cycle.value).count();
  const auto shifted = own_clock.us - from_seconds(plan.offset.value).count();
  return static_cast<double>(((shifted % cycle) + cycle) % cycle) * 1e-6;
}

std::optional<std::uint32_t> first_hop(const JunctionSignals& own,
                                       const std::optional<std::uint32_t>& from, std::uint32_t to) {
  if (!from || *from == to) return to;
  const auto hops = way(own, *from, to);
  return hops.empty() ? std::nullopt : std::optional(hops.front());
}

std::optional<Wish> follow_plan(const State& state, UtcTime now) {
  const auto matrix = sequencing_matrix(state);
  const auto list = windows(state.running_plan(), state.own_clock(now), now);
  const auto here = state.stage;
  const Window* best = nullptr;
  UtcTime best_arrival;
  double best_cost = 0;
  std::vector<std::uint32_t> best_hops;
  for (const auto& w : list) {
    if (best != nullptr && w.start > best_arrival) break;
    std::vector<std::uint32_t> hops;
    if (here != w.stage) {
      hops = here ? way(state.own, *here, w.stage) : std::vector<std::uint32_t>{w.stage};
      if (hops.empty()) continue;
    }
    const double cost = hops.empty() ? 0 : cost_s(state, matrix, hops, now);
    const auto arrival = std::max(now + from_seconds(cost), w.start);
    const double need = need_s(state, matrix, w);
    const bool ends_now = hops.empty() && w.stage != w.next &&
                          now + from_seconds(lead_s(state, matrix, find_stage(state.own, w.stage),
                                                    *find_stage(state.own, w.next))) >=
                              w.end;
    if (ends_now || arrival + from_seconds(need) > w.end) continue;
    if (best == nullptr || arrival < best_arrival) {
      best = &w;
      best_arrival = arrival;
      best_cost = cost;
      best_hops = hops;
    }
  }
  if (best == nullptr || best_hops.empty()) return std::nullopt;
  if (best_hops.size() == 1) return Wish{best_hops.front(), best->start};
  if (now + from_seconds(best_cost) < best->start) return std::nullopt;
  return Wish{best_hops.front(), now};
}

}  // namespace dispecer::sim
