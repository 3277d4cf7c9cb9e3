// What an emergency corridor asks of one junction.
#pragma once

#include <cstdint>
#include <string>

#include "fusion/model/time.h"

namespace dispecer::signals {

// One vehicle on its way to a stop line. Seconds count from now and take its way to be free.
struct Claim {
  std::string corridor;
  std::uint32_t movement = 0;    // index into Site::movements
  std::uint32_t precedence = 0;  // of its errand, lower goes first
  UtcTime asked;
  double low = 0;  // s to the stop line at the earliest
  double eta = 0;
};

}  // namespace dispecer::signals
