// Counting drifts; the street itself sets it right.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "fusion/traffic/queue_detail.h"

namespace dispecer::traffic::queueing {
namespace {

// Vehicles that the lane of a loop must hold at least; what is missing comes to those movements of
// the lane that `may` wait there. They are taken for those expected next.
template <class May>
void raise(State& state, std::uint32_t d, double least, std::int64_t second, May&& may) {
  const auto& detector = state.index.detectors[d];
  const auto& link = state.index.links[detector.link];
  const auto& users = detector.movements.empty() ? link.out : detector.movements;
  double here = 0;
  double sum = 0;
  for (const auto m : users) {
    const auto& index = state.index.movements[m];
    here += state.movements[m].queue / lanes_of(index);
    if (may(m)) sum += state.movements[m].queue + index.share;
  }
  const double missing = least - here;
  if (missing <= 0 || sum <= 0) return;
  if (users.size() == 1) note_error(state, users.front(), missing);
  for (const auto m : users) {
    if (!may(m)) continue;
    auto& live = state.movements[m];
    const double added = missing * (live.queue + state.index.movements[m].share) / sum;
    state.came.at(second, m) += static_cast<float>(added);
    live.queue += added;
    double early = added;
    overtake(state, m, state.links[detector.link].near, second, early);
  }
}

// The loop that sees who comes to the queue of a stop line, kNone where none does.
std::uint32_t upstream_of(const State& state, std::uint32_t stop_line) {
  const auto k = state.pair_of[stop_line];
  if (k == kNone || !state.detectors[state.pairs[k].up].healthy()) return kNone;
  return state.pairs[k].up;
}

}  // namespace

// Nobody counts who joins a queue that ends where no loop sees it. As long as it has not ended
// anywhere else, what came less what left is a random walk that has not come back to nothing: after
// n vehicles, about as random as a Poisson stream, its mean is sqrt(pi n / 2) (the end of a
// Brownian meander; Durrett, Iglehart, Miller: Weak convergence to Brownian meander and Brownian
// excursion, 1977).
void keep_uncleared(State& state, std::int64_t second) {
  const auto& p = state.parameters;
  for (const auto& link : state.index.links) {
    for (const auto d : link.stop_line) {
      const auto& loop = state.detectors[d];
      auto& left = state.uncleared[d];
      const auto up = upstream_of(state, d);
      const bool ends = loop.free_s >= p.gap_clears_s ||
                        (up != kNone && (state.detectors[up].free_s >= p.gap_clears_s ||
                                         !queue_beyond(state, up)));
      if (!loop.healthy() || ends) {
        left = 0;
        continue;
      }
      left += static_cast<float>(loop.stepped_left);
      const bool green_ended = loop.since_green_s > 0 && loop.since_green_s <= 1.5;
      if (!green_ended || left < static_cast<float>(p.uncleared_veh)) continue;
      const double seen =
          up == kNone ? 0.0 : state.index.detectors[up].to_stop_line / p.metres_per_vehicle;
      const double room = link.length / p.metres_per_vehicle;
      const double walk = std::sqrt(std::numbers::pi / 2 * static_cast<double>(left));
      raise(state, d, std::min(room, seen + walk), second, [](std::uint32_t) { return true; });
    }
  }
}

// Intervals follow so that one such error in ten
// lies outside (quantile tracking; Robbins, Monro: A stochastic approximation method, 1951).
void note_error(State& state, std::size_t movement, double off) {
  constexpr double kStep = 0.03;
  constexpr double k90 = 1.645;
  const bool outside = off > k90 * queue_sd(state, movement);
  state.queue_scale *= std::exp(kStep * (outside ? 0.9 : -0.1));
  state.queue_scale = std::clamp(state.queue_scale, 1.0, 4.0);
}

void overtake(State& state, std::size_t movement, bool near, std::int64_t second, double& missing) {
  auto& pipe = near ? state.near : state.far;
  for (std::int64_t s = second + 1; s < second + 20 && missing > 0; ++s) {
    float& bin = pipe.at(s, movement);
    const float taken = std::min(bin, static_cast<float>(missing));
    bin -= taken;
    missing -= static_cast<double>(taken);
  }
}

void correct(State& state, std::int64_t second) {
  const auto& p = state.parameters;
  for (std::size_t m = 0; m < state.movements.size(); ++m) {
    const auto& index = state.index.movements[m];
    auto& live = state.movements[m];
    if (!live.measured_out || healthy_of(state, index.stop_line) < index.lanes.size()) continue;
    const bool clear = std::all_of(index.stop_line.begin(), index.stop_line.end(), [&](auto d) {
      return state.detectors[d].free_s >= p.gap_clears_s;
    });
    if (!clear) continue;
    if (live.queue > 0 || live.counted > 0) note_error(state, m, live.queue);
    live.queue = live.counted = 0;
  }
  for (std::uint32_t d = 0; d < state.detectors.size(); ++d) {
    const auto& loop = state.detectors[d];
    const auto& index = state.index.detectors[d];
    if (!loop.healthy() || index.link == kNone) continue;
    if (index.kind == DetectorKind::stop_line && loop.occupied_s >= p.covers_s) {
      raise(state, d, 1.0, second, [&](std::uint32_t m) {
        return state.index.movements[m].group != kNone && state.lamps[m] != Lamp::green;
      });
    }
    const bool upstream = index.kind == DetectorKind::advance || index.kind == DetectorKind::entry;
    // Nobody stands on a loop that is free, so the queue in its lane ends before it.
    const double most = index.to_stop_line / p.metres_per_vehicle + 1;
    if (upstream && loop.free_s >= p.gap_clears_s && lane_queue(state, d) > most) {
      const double part = most / lane_queue(state, d);
      const auto& users =
          index.movements.empty() ? state.index.links[index.link].out : index.movements;
      for (const auto m : users) {
        // A movement with further lanes may stand longer there.
        if (state.index.movements[m].lanes.size() == 1) state.movements[m].queue *= part;
      }
    }
    if (upstream && loop.occupied_s >= p.standing_s) {
      raise(state, d, index.to_stop_line / p.metres_per_vehicle + 1, second,
            [](std::uint32_t) { return true; });
    }
  }
  for (const auto& link : state.index.links) {
    const double room = std::max(1.0, link.length * link.lanes / p.metres_per_vehicle);
    double sum = 0;
    for (const auto m : link.out) sum += state.movements[m].queue;
    if (sum <= room) continue;
    for (const auto m : link.out) state.movements[m].queue *= room / sum;
  }
}

}  // namespace dispecer::traffic::queueing
