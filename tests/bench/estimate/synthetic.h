// What an estimate costs, on a made-up network.
#pragma once

#include "tests/bench/figures/figures.h"

namespace dispecer::bench {

const char* describe_synthetic();

// A square grid of two-way streets with about `links` links, a signal at every junction, loops on
// 30 % of the links, random flows. Figures in --help.
Figures measure_synthetic(std::size_t links);

}  // namespace dispecer::bench
