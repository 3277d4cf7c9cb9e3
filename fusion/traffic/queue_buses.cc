// Buses that join a queue and leave it tell how far it reaches.
#include <algorithm>
#include <bit>
#include <cmath>

#include "fusion/traffic/queue_detail.h"

namespace dispecer::traffic {

void apply(State& state, const BusInTraffic& bus) {
  const auto it = state.index.movement_of.find(bus.movement);
  if (it == state.index.movement_of.end() || state.index.movements[it->second].from == kNone ||
      !(bus.to_stop_line.value >= 0 && bus.speed.value >= 0)) {
    return detail::count(state, "traffic.bus_unknown_movement");
  }
  if (state.started && detail::age_s(state, bus.t) > 5) {
    return detail::count(state, "traffic.bus_older");
  }
  state.buses.emplace_back(it->second, bus);
}

namespace queueing {
namespace {

constexpr double kOwnLength_m = 12;  // of the bus: its front tells, its tail is of the queue
constexpr double kBrake = 1.5;       // m/s2, with which a bus comes to stand behind a queue
constexpr double kDrives = 5;        // m/s: slower than that it may be part of a queue that moves
constexpr double kFirst_m = 10;      // nearer to the line it may be the first one

// Vehicles in the fullest lane that the movement may use, by all movements of its link.
double fullest_lane(const State& state, const MovementIndex& index) {
  double most = 0;
  for (auto left = index.lane_bits; left != 0; left &= left - 1) {
    const auto lane = left & (~left + 1);
    double here = 0;
    for (const auto m : state.index.links[index.from].out) {
      const auto bits = state.index.movements[m].lane_bits;
      if ((bits & lane) != 0) here += state.movements[m].queue / std::popcount(bits);
    }
    most = std::max(most, here);
  }
  return most;
}

// Whoever waits takes the shorter lane, so the lanes of a movement are about alike.
void stands(State& state, std::size_t m, double least, std::int64_t second) {
  const auto& index = state.index.movements[m];
  const double missing = least - fullest_lane(state, index);
  if (missing <= 0) return;
  const double added = missing * std::popcount(index.lane_bits);
  note_error(state, m, added);
  state.came.at(second, m) += static_cast<float>(added);
  state.movements[m].queue += added;
  double early = added;
  overtake(state, m, state.links[index.from].near, second, early);
}

void drives(State& state, std::size_t m, double most) {
  const auto& index = state.index.movements[m];
  // In a lane beside it others may stand.
  if (std::popcount(index.lane_bits) != 1) return;
  const double here = fullest_lane(state, index);
  if (here <= most) return;
  note_error(state, m, here - most);
  for (const auto k : state.index.links[index.from].out) {
    if (state.index.movements[k].lane_bits == index.lane_bits) {
      state.movements[k].queue *= most / here;
    }
  }
}

}  // namespace

void correct_by_buses(State& state, std::int64_t second) {
  const double per_vehicle = state.parameters.metres_per_vehicle;
  for (const auto& [m, bus] : state.buses) {
    const double d = bus.to_stop_line.value;
    if (bus.stands && d > kFirst_m) {
      stands(state, m, (d + kOwnLength_m) / per_vehicle, second);
    } else if (!bus.stands && bus.speed.value >= kDrives) {
      const double stop = bus.speed.value * bus.speed.value / (2 * kBrake);
      drives(state, m, std::max(0.0, d - stop) / per_vehicle);
    }
  }
  state.buses.clear();
}

}  // namespace queueing
}  // namespace dispecer::traffic
