// Parts of the queue model, shared by its files only.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "fusion/traffic/queue.h"
#include "fusion/traffic/traffic.h"

namespace dispecer::traffic::queueing {

inline std::int64_t second_of(UtcTime t) {
  return t.us >= 0 ? t.us / 1000000 : -((-t.us + 999999) / 1000000);
}

// May leave, as far as is known.
inline bool may_go(const State& state, std::size_t movement) {
  return state.lamps[movement] != Lamp::red;
}

inline int lanes_of(const MovementIndex& movement) {
  return std::popcount(movement.lane_bits);
}

std::size_t healthy_of(const State& state, const std::vector<std::uint32_t>& loops);

// The loops whose counts feed the queue, and those that feed only the forecast behind them.
struct Inputs {
  const std::vector<std::uint32_t>* near = nullptr;
  const std::vector<std::uint32_t>* far = nullptr;  // entry loops, where `near` are advance loops
};
Inputs inputs_of(const State& state, const LinkIndex& link);

// Vehicles that wait in the lane of a loop, by the movements that use it.
double lane_queue(const State& state, std::uint32_t detector);
// The queue in its lane reaches beyond the loop: what drives over it has been counted already, and
// who comes is no longer seen.
bool queue_beyond(const State& state, std::uint32_t detector);

// Which loops speak for each link in this second, and how far away they are.
void plan_inputs(State& state);
// What the loops and the stop lines behind saw sets out for the back of queue.
void send(State& state, std::int64_t second, double dt);
// Sets the queue right where the street shows it.
void correct(State& state, std::int64_t second);
// A green that ended before the queue did leaves some of it behind.
void keep_uncleared(State& state, std::int64_t second);
// Sets it right by the buses that stand in it, or drive where it was thought to be.
void correct_by_buses(State& state, std::int64_t second);
// The street has just shown how wrong the queue of a movement was, veh.
void note_error(State& state, std::size_t movement, double off);
// Takes vehicles that left sooner than expected out of those still expected.
void overtake(State& state, std::size_t movement, bool near, std::int64_t second, double& missing);

}  // namespace dispecer::traffic::queueing
