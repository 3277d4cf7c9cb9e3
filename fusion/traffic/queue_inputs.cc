// What is under way to the back of queue.
#include <algorithm>
#include <bit>
#include <cmath>

#include "fusion/traffic/queue_detail.h"

namespace dispecer::traffic::queueing {
namespace {

constexpr double kLeastFlow = 30;      // veh/h
constexpr double kLeastCounted = 0.2;  // scales of what left behind; at most their inverse
constexpr double kLeastGuessed = 0.5;

// Spreads vehicles over the movements of a link; `lane` kNone = any lane.
template <class Add>
void spread(const State& state, const LinkIndex& link, std::uint32_t lane, double vehicles,
            Add&& add) {
  const auto serves = [&](std::uint32_t m) {
    const auto& lanes = state.index.movements[m].lanes;
    return lane == kNone || std::find(lanes.begin(), lanes.end(), lane) != lanes.end();
  };
  double sum = 0;
  for (const auto m : link.out) sum += serves(m) ? state.index.movements[m].share : 0.0;
  if (sum <= 0) {
    if (lane != kNone) spread(state, link, kNone, vehicles, add);
    return;
  }
  for (const auto m : link.out) {
    if (serves(m)) add(m, vehicles * state.index.movements[m].share / sum);
  }
}

std::int64_t arrival(std::int64_t second, double travel_s) {
  return second + std::clamp<std::int64_t>(static_cast<std::int64_t>(travel_s + 0.5), 1,
                                           static_cast<std::int64_t>(kPipe) - 1);
}

void send_loops(State& state, const LinkIndex& link, const std::vector<std::uint32_t>& loops,
                bool near, std::int64_t second) {
  // One loop a lane; lanes without a healthy one are taken to be like the others.
  const double lanes_missed = std::max(
      1.0, static_cast<double>(link.lanes) / static_cast<double>(healthy_of(state, loops)));
  const double tail = state.links[state.index.detectors[loops.front()].link].tail_m;
  for (const auto d : loops) {
    const auto& loop = state.detectors[d];
    if (!loop.healthy() || loop.stepped_hits <= 0) continue;
    const auto& index = state.index.detectors[d];
    if (near && queue_beyond(state, d)) continue;
    const auto at = arrival(second, std::max(0.0, index.to_stop_line - tail) / link.cruise);
    auto& pipe = near ? state.near : state.far;
    const bool tells_turn = index.to_stop_line <= state.parameters.lane_rule_m && lanes_missed <= 1;
    const auto lane = tells_turn ? index.lane : kNone;
    spread(state, link, lane, loop.stepped_hits * lanes_missed,
           [&](std::uint32_t m, double veh) { pipe.at(at, m) += static_cast<float>(veh); });
  }
}

// What left the stop lines behind, scaled so that its mean is the flow of the link. Where the link
// is counted that is the mean of what really left; elsewhere the flow is a guess, and what left
// knows better where traffic is held up.
void send_departures(State& state, std::size_t i, std::int64_t second, double dt) {
  const auto& link = state.index.links[i];
  auto& live = state.links[i];
  double vehicles = 0;
  double usual = 0;  // veh/h, by the flows that conservation found
  for (const auto m : link.in) {
    vehicles += static_cast<double>(state.departed[m]);
    usual += static_cast<double>(state.usual[m]);
  }
  const double k = std::min(1.0, dt / state.parameters.flow_tau_s);
  live.left_behind += (vehicles / dt * 3600 - live.left_behind) * k;
  live.left_behind_weight += (1 - live.left_behind_weight) * k;
  if (vehicles <= 0) return;
  if (live.counted_hour_sd > 0) {
    // Until that mean is known it is taken for right.
    const double mean = live.left_behind + (1 - live.left_behind_weight) * live.flow;
    vehicles *=
        std::clamp(live.flow / std::max(mean, kLeastFlow), kLeastCounted, 1 / kLeastCounted);
  } else if (usual > kLeastFlow) {
    vehicles *= std::clamp(live.flow / usual, kLeastGuessed, 1 / kLeastGuessed);
  }
  const auto at = arrival(second, std::max(0.0, link.length - live.tail_m) / link.cruise);
  const auto far = state.far.all(at);
  spread(state, link, kNone, vehicles,
         [&](std::uint32_t m, double veh) { far[m] += static_cast<float>(veh); });
}

// Vehicles in each lane, movement by movement: that order lies in one piece in memory.
void fill_lanes(State& state) {
  auto& lanes = state.lane_queue;
  std::fill(lanes.begin(), lanes.end(), 0.0F);
  for (std::size_t m = 0; m < state.movements.size(); ++m) {
    const auto& index = state.index.movements[m];
    const double queue = state.movements[m].queue;
    if (index.from == kNone || queue <= 0) continue;
    const auto each = static_cast<float>(queue / std::popcount(index.lane_bits));
    const auto first = state.index.links[index.from].first_lane;
    for (auto left = index.lane_bits; left != 0; left &= left - 1) {
      lanes[first + static_cast<std::size_t>(std::countr_zero(left))] += each;
    }
  }
}

}  // namespace

std::size_t healthy_of(const State& state, const std::vector<std::uint32_t>& loops) {
  return static_cast<std::size_t>(std::count_if(
      loops.begin(), loops.end(), [&](auto d) { return state.detectors[d].healthy(); }));
}

double lane_queue(const State& state, std::uint32_t detector) {
  const auto& index = state.index.detectors[detector];
  const auto& users = index.movements.empty() ? state.index.links[index.link].out : index.movements;
  double sum = 0;
  for (const auto m : users) {
    sum += state.movements[m].queue / lanes_of(state.index.movements[m]);
  }
  return sum;
}

bool queue_beyond(const State& state, std::uint32_t detector) {
  const double reach = state.index.detectors[detector].to_stop_line;
  return lane_queue(state, detector) >
         reach / state.parameters.metres_per_vehicle + state.parameters.beyond_veh;
}

Inputs inputs_of(const State& state, const LinkIndex& link) {
  const bool advance = healthy_of(state, link.advance) > 0;
  const bool entry = healthy_of(state, link.entry) > 0;
  if (advance) return {&link.advance, entry ? &link.entry : nullptr};
  if (entry) return {&link.entry, nullptr};
  return {};
}

void plan_inputs(State& state) {
  fill_lanes(state);
  for (std::size_t i = 0; i < state.links.size(); ++i) {
    const auto& index = state.index.links[i];
    auto& live = state.links[i];
    const auto inputs = inputs_of(state, index);
    const auto end =
        i + 1 < state.links.size() ? state.index.links[i + 1].first_lane : state.lane_queue.size();
    float longest = 0;
    for (std::size_t k = index.first_lane; k < end; ++k) {
      longest = std::max(longest, state.lane_queue[k]);
    }
    live.tail_m = static_cast<double>(longest) * state.parameters.metres_per_vehicle;
    live.near = inputs.near != nullptr;
    live.far = inputs.far != nullptr || (!index.in.empty() && inputs.near != &index.entry);
    live.near_travel_s = 0;
    live.unseen_share = 0;
    if (inputs.near != nullptr) {
      const double each = 1.0 / static_cast<double>(healthy_of(state, *inputs.near));
      for (const auto d : *inputs.near) {
        if (!state.detectors[d].healthy()) continue;
        if (queue_beyond(state, d)) live.unseen_share += each;
        live.near_travel_s = std::max(
            live.near_travel_s, std::round(state.index.detectors[d].to_stop_line / index.cruise));
      }
    }
  }
}

void send(State& state, std::int64_t second, double dt) {
  for (std::size_t i = 0; i < state.links.size(); ++i) {
    const auto& link = state.index.links[i];
    if (link.out.empty()) continue;
    const auto inputs = inputs_of(state, link);
    if (inputs.near != nullptr) send_loops(state, link, *inputs.near, true, second);
    if (inputs.far != nullptr) {
      send_loops(state, link, *inputs.far, false, second);
    } else if (state.links[i].far) {
      send_departures(state, i, second, dt);
    }
  }
}

}  // namespace dispecer::traffic::queueing
