// How a camera reads a plate. Error model (shares of reads): 2 % unreadable; 3 % misread, a fifth
// of them always the same way for the same vehicle (dirt, a screw, a bent plate), the rest anew
// each time; three of four misreads take a letter for one that looks like it. Confidence of a right
// read 1 - 0.08 u^4 (nine of ten reach 0.95, six of ten 0.99), of a misread 0.98 - 0.4 u (one in
// thirteen reaches 0.95).
#pragma once

#include <string>

#include "sim/devices/device.h"

namespace dispecer::sim {

struct OcrRead {
  std::string plate;  // "" = unreadable
  std::string country;
  double confidence = 0;
};

// `occasion` tells one read of the vehicle from the next. Same words and seed, same read.
OcrRead read_plate(const std::string& vehicle, const std::string& plate,
                   const std::string& occasion, std::uint64_t seed);

}  // namespace dispecer::sim
