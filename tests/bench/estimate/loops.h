// Where the loops of a benchmark lie: a share of the lanes for motor traffic, drawn by seed.
//
// A drawn lane of a signalised approach keeps the loops that the importer laid there (stop line and
// advance). Any other drawn lane gets one counting loop 80 m before its end, in the middle where it
// is shorter than 160 m. Lanes that were not drawn have none. Push buttons stay.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "adapters/city/city.h"

namespace dispecer::bench {

struct LaidLoops {
  city::City city;         // of the new folder
  std::size_t lanes = 0;   // for motor traffic
  std::size_t chosen = 0;  // of them with loops
};

// Copies the city folder `from` to `to` with loops on `coverage` (0..1) of its lanes; at least one.
// Causes: those of read_city and of reading the network, and cannot_write.
Result<LaidLoops> lay_loops(const std::string& from, const std::string& to, double coverage,
                            std::uint64_t seed);

}  // namespace dispecer::bench
