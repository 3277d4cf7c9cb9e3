// Turning shares, learnt while running: by what the ways imply of the counts around, and directly
// where the lanes of a link are counted and belong to one turn.
#include <algorithm>
#include <cmath>

#include "fusion/traffic/traffic.h"

namespace dispecer::traffic {
namespace {

// Vehicles of the last hour over the stop line of a lane, or < 0.
double over_stop_line(const State& state, const LinkIndex& link, std::uint32_t lane) {
  for (const auto d : link.stop_line) {
    const auto& live = state.detectors[d];
    if (state.index.detectors[d].lane != lane || !live.healthy()) continue;
    if (live.window.span_s() >= 300) return live.window.vehicles() / live.window.span_s() * 3600;
  }
  return -1;
}

// Where every lane is counted at the stop line: the turns that have lanes of their own get what
// those lanes count; the others share the rest as before.
void learn_of_lanes(State& state, const LinkIndex& link) {
  if (link.out.size() < 2 || link.stop_line.size() < link.lanes) return;
  double all = 0;
  for (std::uint32_t lane = 0; lane < link.lanes; ++lane) {
    const double v = over_stop_line(state, link, lane);
    if (v < 0) return;
    all += v;
  }
  if (all < 60) return;
  const auto users = [&](std::uint32_t lane) {
    return std::count_if(link.out.begin(), link.out.end(), [&](auto m) {
      const auto& lanes = state.index.movements[m].lanes;
      return std::find(lanes.begin(), lanes.end(), lane) != lanes.end();
    });
  };
  double given = 0;
  double rest_before = 0;
  for (const auto m : link.out) {
    auto& movement = state.index.movements[m];
    const bool own = std::all_of(movement.lanes.begin(), movement.lanes.end(),
                                 [&](auto lane) { return users(lane) == 1; });
    if (!own) {
      rest_before += movement.share;
      continue;
    }
    double v = 0;
    for (const auto lane : movement.lanes) v += std::max(0.0, over_stop_line(state, link, lane));
    movement.share = v / all;
    given += movement.share;
  }
  if (rest_before <= 0) return;
  for (const auto m : link.out) {
    auto& movement = state.index.movements[m];
    const bool own = std::all_of(movement.lanes.begin(), movement.lanes.end(),
                                 [&](auto lane) { return users(lane) == 1; });
    if (!own) movement.share *= std::max(0.0, 1 - given) / rest_before;
  }
}

}  // namespace

void detail::learn_shares(State& state) {
  auto& index = state.index;
  const double given = state.parameters.given_share;
  for (auto& link : index.links) {
    if (link.out.empty()) continue;
    if (state.ways.started()) {
      double sum = 0;
      for (const auto m : link.out) sum += state.ways.turning(m);
      for (const auto m : link.out) {
        auto& movement = index.movements[m];
        movement.share = (state.ways.turning(m) + given * movement.given_share) / (sum + given);
      }
    }
    learn_of_lanes(state, link);
  }
  const auto rows = state.hour_solver.rows();
  const auto& p = state.parameters;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const auto& links = rows[r].links;
    const auto to = links.back();
    auto a = state.hour_solver.coefficients(r);
    std::fill(a.begin(), a.end(), 0.0);
    for (const auto m : index.links[to].in) {
      const auto from = index.movements[m].from;
      const auto at = std::find(links.begin(), links.end() - 1, from);
      if (at == links.end() - 1) continue;
      a[static_cast<std::size_t>(at - links.begin())] -= index.movements[m].share;
    }
    a.back() = 1;
    double variance = p.row_base_sd * p.row_base_sd;
    for (std::size_t k = 0; k < links.size(); ++k) {
      // Shares of 1 are certain; the middle is not.
      const double share = std::abs(a[k]);
      const double sd = k + 1 == links.size()
                            ? p.total_share_sd
                            : p.turn_share_sd * 2 * std::sqrt(std::max(0.0, share * (1 - share)));
      const double term = sd * state.links[links[k]].hour;
      variance += term * term;
    }
    state.row_sd[r] = std::sqrt(variance);
    std::copy(a.begin(), a.end(), state.now_solver.coefficients(r).begin());
  }
}

}  // namespace dispecer::traffic
