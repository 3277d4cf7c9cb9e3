// Flow of each link, of the last hour and now: what loops count, tied together by conservation,
// with what the likely ways imply as prior. The flow of the hour is weighed anew each minute; now
// is the hour and what has changed since, solved each second.
#include <algorithm>
#include <cmath>
#include <utility>

#include "fusion/traffic/traffic.h"

namespace dispecer::traffic {
namespace {

constexpr double kCompareEvery_s = 60;
constexpr double kElsewhere = 0.2;  // of the randomness: a loop is not the whole link

void set_priors(State& state) {
  const auto& p = state.parameters;
  double counted = 0;
  double lanes = 0;
  for (std::size_t i = 0; i < state.links.size(); ++i) {
    if (state.counts[i].trust <= 0) continue;
    counted += state.counts[i].flow;
    lanes += state.index.links[i].lanes;
  }
  for (std::size_t i = 0; i < state.links.size(); ++i) {
    const auto& index = state.index.links[i];
    double flow = state.links[i].hour;
    if (!index.motor) {
      flow = 0;
    } else if (state.ways.started()) {
      flow = state.ways.flow_without(static_cast<std::uint32_t>(i));
    } else if (lanes > 0) {
      flow = counted / lanes * index.lanes;
    }
    double sd = p.prior_share_sd * flow + p.prior_base_sd;
    if (!state.told.empty() && state.told[i] && state.told[i]->sd > 0) {
      const double a = 1 / (sd * sd);
      const double b = 1 / (state.told[i]->sd * state.told[i]->sd);
      flow = (a * flow + b * state.told[i]->flow) / (a + b);
      sd = std::sqrt(1 / (a + b));
    }
    state.hour_prior[i] = flow;
    state.prior_sd[i] = sd;
  }
}

// The hour is weighed anew in four parts, each about as dear as the next; in between the flow of
// now is solved with what was weighed before. Part 4 gives the hour to the links and to what is
// solved each second. False where there is no solution; the next part is then the first.
bool weigh_part(State& state) {
  const auto& p = state.parameters;
  const FlowSolver::Problem hour{state.row_sd, state.hour_measured, state.hour_prior,
                                 state.prior_sd, p.huber};
  const auto part = std::exchange(state.weighing, 0);
  switch (part) {
    case 1:
      detail::count_links(state);
      detail::learn_shares(state);
      set_priors(state);
      break;
    case 2:
      if (!state.hour_solver.factorise(hour)) return false;
      break;
    case 3:
      if (!state.hour_solver.solve(hour, state.solution)) return false;
      if (!state.hour_solver.solve_again(hour, state.solution)) return false;
      break;
    default:
      if (!state.hour_solver.solve(hour, state.solution)) return false;
      for (std::size_t i = 0; i < state.links.size(); ++i) {
        state.links[i].hour = state.solution[i];
        state.now_prior_sd[i] = p.hour_share_sd * state.solution[i] + p.hour_base_sd;
        state.prior[i] = state.solution[i];
      }
      detail::count_now(state);
      return state.now_solver.factorise(
          {state.row_sd, state.now_measured, state.prior, state.now_prior_sd, p.huber});
  }
  state.weighing = part + 1;
  return true;
}

// Starts it where it is due, and goes on with it.
bool weigh(State& state) {
  const auto& p = state.parameters;
  // More often while every minute tells much.
  const double every =
      std::clamp(in_seconds(state.now - state.begun) / 4, 5.0, p.weigh_every_s) - 1e-6;
  const bool due =
      !state.solved_once || state.health_changed || in_seconds(state.now - state.weighed) >= every;
  if (due && state.weighing == 0) {
    state.weighed = state.now;
    state.health_changed = false;
    state.weighing = 1;
  }
  const bool at_once = !state.solved_once || state.links.size() <= p.weigh_at_once;
  while (state.weighing != 0) {
    if (!weigh_part(state)) return false;
    if (!at_once) break;
  }
  return true;
}

// All variances of both solvers, some links in each step; at once where there are few.
void step_variances(State& state) {
  if (!state.variances_run) {
    state.hour_solver.begin_variances();
    state.now_solver.begin_variances();
    state.variances_run = true;
    state.variances_of_now = false;
  }
  const auto budget = static_cast<std::uint64_t>(std::max(
      state.parameters.variances_least,
      static_cast<double>(state.hour_solver.variances_work()) / state.parameters.variances_s));
  if (!state.variances_of_now) {
    if (!state.hour_solver.go_on_variances(budget)) return;
    for (std::uint32_t i = 0; i < state.links.size(); ++i) {
      state.links[i].hour_variance = state.hour_solver.last_variance(i);
      detail::note_error(state, i);
    }
    state.variances_of_now = true;
    return;
  }
  if (!state.now_solver.go_on_variances(budget)) return;
  for (std::uint32_t i = 0; i < state.links.size(); ++i) {
    state.links[i].now_variance = state.now_solver.last_variance(i);
  }
  state.variances_run = false;
}

}  // namespace

void detail::estimate_flows(State& state) {
  const auto& p = state.parameters;
  if (state.links.empty()) return;
  if (!weigh(state)) {
    count(state, "traffic.flow_not_solved");
    return;
  }
  if (state.weighed == state.now) {
    spread_evidence(state);
    scale_intervals(state);
  }
  if (in_seconds(state.now - state.compared) >= kCompareEvery_s - 1e-6) {
    compare_loops(state, state.solved_once ? in_seconds(state.now - state.compared) : 0);
    state.compared = state.now;
  }
  if (!state.hour_solver.factored() || !state.now_solver.factored()) return;
  count_now(state);
  for (std::size_t i = 0; i < state.links.size(); ++i) state.prior[i] = state.links[i].hour;
  if (!state.now_solver.solve(
          {state.row_sd, state.now_measured, state.prior, state.now_prior_sd, p.huber},
          state.solution)) {
    count(state, "traffic.flow_not_solved");
    return;
  }
  do {
    step_variances(state);
  } while (!state.solved_once && state.variances_run);
  for (std::size_t i = 0; i < state.links.size(); ++i) {
    auto& link = state.links[i];
    link.flow = state.solution[i];
    // What passed in a time is as random as a Poisson stream, as far as it was not counted.
    const double unseen = 1 - link.counted_share;
    const double window = std::clamp(in_seconds(state.now - state.begun), 60.0, 3600.0);
    const double random_hour = unseen * link.hour * 3600 / window;
    const double random_now = (kElsewhere + (1 - kElsewhere) * unseen) * link.flow * 3600 /
                              (2 * std::min(p.flow_tau_s, window));
    link.hour_sd =
        std::sqrt(state.hour_scale * state.hour_scale * link.hour_variance + random_hour);
    link.flow_sd = std::sqrt(state.now_scale * state.now_scale * link.now_variance + random_now);
    if (link.evidence != kNone && link.evidence != i) {
      link.flow_news = state.links[link.evidence].flow_news;
    }
  }
  state.ways.fit(state.counts, p.path_sweeps, static_cast<std::size_t>(p.path_budget));
  state.solved_once = true;
}

// How far evidence reaches: a link without loops of its own is `substituted` where a counted link
// stands within `reach` junctions, or where the likely ways carry counts to it; with the age of the
// nearest such evidence.
void detail::spread_evidence(State& state) {
  auto& queue = state.visit;
  queue.clear();
  const auto& links = state.index.links;
  for (std::uint32_t i = 0; i < links.size(); ++i) {
    auto& live = state.links[i];
    live.evidence = live.counted_hour_sd > 0 ? i : kNone;
    if (live.evidence == kNone) continue;
    live.flow_quality = Quality::live;
    live.flow_sources = kLoops | kConservation;
    queue.push_back(i);
  }
  std::size_t ring_end = queue.size();
  unsigned distance = 0;
  for (std::size_t at = 0; at < queue.size(); ++at) {
    if (at == ring_end) {
      ++distance;
      ring_end = queue.size();
    }
    const auto i = queue[at];
    const auto visit = [&](std::uint32_t next) {
      if (next == kNone || state.links[next].evidence != kNone) return;
      auto& live = state.links[next];
      live.evidence = state.links[i].evidence;
      live.flow_quality = Quality::substituted;
      live.flow_sources = distance < state.parameters.reach ? kConservation : kProfile;
      queue.push_back(next);
    };
    for (const auto m : links[i].out) visit(state.index.movements[m].to);
    for (const auto m : links[i].in) visit(state.index.movements[m].from);
  }
  for (auto& live : state.links) {
    if (live.evidence != kNone) continue;
    if (live.flow_quality == Quality::live || live.flow_quality == Quality::substituted) {
      live.flow_quality = Quality::stale;  // keeps the time of its last evidence
    }
    if (live.flow_quality == Quality::unknown) live.flow_sources = kProfile;
  }
}

}  // namespace dispecer::traffic
