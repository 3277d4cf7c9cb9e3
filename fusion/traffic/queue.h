// Readings of the queue model that the picture needs.
#pragma once

#include <vector>

#include "fusion/traffic/index.h"

namespace dispecer::traffic {

struct State;

// Length of the longest lane's queue, m from the stop line.
double tail_m(const State& state, const LinkIndex& link);
// Standard deviation of a movement's queue, veh: drift of counting since the street last showed it,
// and what is not counted but modelled, which is as random as a minute of its arrivals. Stretched
// by how wrong it was where the street showed the queue (State::queue_scale).
double queue_sd(const State& state, std::size_t movement);
// Vehicles that come to the back of a movement's queue in each of the next kBins bins.
std::vector<double> arrivals_of(const State& state, std::size_t movement);

}  // namespace dispecer::traffic
