// A made-up town for measuring time and memory: a square grid of signal junctions, 300 m apart,
// four arms of two lanes, left turns with green of their own, a stop-line and an advance loop in
// every lane. It says nothing about traffic.
#pragma once

#include "adapters/city/city.h"

namespace dispecer::bench {

// At least `junctions` of them, rounded up to a whole square.
city::City make_grid(std::size_t junctions);

}  // namespace dispecer::bench
