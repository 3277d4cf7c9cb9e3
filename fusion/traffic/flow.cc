// Flow of each link: what its loops count, tied together by conservation.
#include <algorithm>
#include <cmath>

#include "fusion/traffic/traffic.h"

namespace dispecer::traffic {
namespace {

struct Counted {
  FlowSolver::Measurement flow;
  UtcTime news;
};

// One cross-section of a link: the lanes that have a loop of this kind; those whose loop is sick
// are scaled from the others.
std::optional<Counted> cross_section(const State& state, const std::vector<std::uint32_t>& loops) {
  const auto& p = state.parameters;
  double sum = 0;
  double weight = 1;
  std::uint32_t healthy = 0;
  UtcTime news;
  for (const auto d : loops) {
    const auto& live = state.detectors[d];
    if (!live.healthy() || live.rate_weight <= 0) continue;
    sum += live.flow_veh_h();
    weight = std::min(weight, live.rate_weight);
    news = std::max(news, live.news);
    ++healthy;
  }
  if (healthy == 0) return std::nullopt;
  const double scale = static_cast<double>(loops.size()) / healthy;
  const double flow = sum * scale;
  // A Poisson stream averaged over 2 tau, less where the average has only begun.
  const double window_h = 2 * p.flow_tau_s * weight / 3600.0;
  const double poisson = std::max(flow, 12.0) / window_h;
  const double missing = (scale - 1) * 0.5 * flow;
  const double systematic = p.loop_share_sd * flow + p.loop_base_sd;
  return Counted{{flow, std::sqrt(poisson + systematic * systematic + missing * missing)}, news};
}

std::optional<Counted> counted_flow(const State& state, const LinkIndex& link) {
  std::optional<Counted> best;
  for (const auto* loops : {&link.stop_line, &link.advance, &link.entry}) {
    const auto c = cross_section(state, *loops);
    if (!c) continue;
    if (!best) {
      best = c;
      continue;
    }
    // Two cross-sections of a link count the same vehicles: mean by inverse variance, but the
    // error does not shrink below the better one.
    const double a = 1 / (best->flow.sd * best->flow.sd);
    const double b = 1 / (c->flow.sd * c->flow.sd);
    best->flow = {(a * best->flow.flow + b * c->flow.flow) / (a + b),
                  std::min(best->flow.sd, c->flow.sd)};
    best->news = std::max(best->news, c->news);
  }
  return best;
}

void weigh_rows(State& state) {
  const auto& p = state.parameters;
  const auto& rows = state.solver.rows();
  for (std::size_t r = 0; r < rows.size(); ++r) {
    double variance = p.row_base_sd * p.row_base_sd;
    for (std::size_t i = 0; i < rows[r].links.size(); ++i) {
      // Shares of 1 are certain; the middle is not.
      const double share = std::abs(rows[r].coefficients[i]);
      const double sd = rows[r].coefficients[i] > 0
                            ? p.total_share_sd
                            : p.turn_share_sd * 2 * std::sqrt(std::max(0.0, share * (1 - share)));
      const double term = sd * state.links[rows[r].links[i]].flow;
      variance += term * term;
    }
    state.row_uncertainty[r] = std::sqrt(variance);
  }
}

// How far evidence reaches: a link without loops of its own is `substituted` where a counted link
// stands within `reach` junctions, with the age of the newest such evidence.
void spread_quality(State& state, const std::vector<std::optional<Counted>>& counted) {
  std::vector<std::uint32_t> distance(state.links.size(), kNone);
  std::vector<std::uint32_t> queue;
  for (std::uint32_t i = 0; i < state.links.size(); ++i) {
    if (!counted[i]) continue;
    auto& live = state.links[i];
    distance[i] = 0;
    live.flow_news = counted[i]->news;
    live.flow_quality = Quality::live;
    live.flow_sources = kLoops | kConservation;
    queue.push_back(i);
  }
  for (std::size_t at = 0; at < queue.size(); ++at) {
    const auto i = queue[at];
    if (distance[i] >= state.parameters.reach) continue;
    const auto visit = [&](std::uint32_t next) {
      if (next == kNone || distance[next] != kNone) return;
      distance[next] = distance[i] + 1;
      auto& live = state.links[next];
      live.flow_news = state.links[i].flow_news;
      live.flow_quality = Quality::substituted;
      live.flow_sources = kConservation;
      queue.push_back(next);
    };
    for (const auto m : state.index.links[i].out) visit(state.index.movements[m].to);
    for (const auto m : state.index.links[i].in) visit(state.index.movements[m].from);
  }
  for (std::uint32_t i = 0; i < state.links.size(); ++i) {
    if (distance[i] != kNone) continue;
    auto& live = state.links[i];
    if (live.flow_quality == Quality::live || live.flow_quality == Quality::substituted) {
      live.flow_quality = Quality::stale;  // keeps the time of its last evidence
    }
    if (live.flow_quality == Quality::unknown) live.flow_sources = kProfile;
  }
}

}  // namespace

void detail::estimate_flows(State& state) {
  const auto& p = state.parameters;
  const std::size_t n = state.links.size();
  std::vector<std::optional<Counted>> counted(n);
  std::vector<std::optional<FlowSolver::Measurement>> measured(n);
  std::vector<double> prior(n);
  std::vector<double> prior_sd(n);
  std::vector<double> flow(n);
  for (std::size_t i = 0; i < n; ++i) {
    counted[i] = counted_flow(state, state.index.links[i]);
    if (counted[i]) measured[i] = counted[i]->flow;
    flow[i] = prior[i] = state.links[i].flow;
    prior_sd[i] = p.prior_share_sd * prior[i] + p.prior_base_sd;
  }
  weigh_rows(state);
  if (!state.solver.solve({state.row_uncertainty, measured, prior, prior_sd, p.huber}, flow)) {
    count(state, "traffic.flow_not_solved");
    state.solved = state.now;
    return;
  }
  for (std::size_t i = 0; i < n; ++i) state.links[i].flow = flow[i];
  // A few variances at a time: each costs a solve.
  const std::size_t wanted =
      state.solved_once ? std::min<std::size_t>(p.variances_per_solve, n) : n;
  for (std::size_t k = 0; k < wanted; ++k) {
    state.links[state.next_variance].flow_sd =
        std::sqrt(state.solver.variance(state.next_variance));
    state.next_variance = (state.next_variance + 1) % static_cast<std::uint32_t>(n);
  }
  spread_quality(state, counted);
  state.solved = state.now;
  state.solved_once = true;
}

}  // namespace dispecer::traffic
