// Bounded exponential back-off: first, 2 first, 4 first ... up to max, each spread over [0.5, 1) of
// itself so that many clients of one dead peer do not knock together.
#pragma once

#include <algorithm>
#include <cstdint>

#include "fusion/model/time.h"

namespace dispecer::http {

class Backoff {
 public:
  Backoff(Duration first, Duration max, std::uint64_t seed)
      : first_(first), max_(max), step_(first), state_(seed | 1) {}

  Duration next() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;  // Knuth's MMIX generator
    const double spread = 0.5 + 0.5 * static_cast<double>(state_ >> 40) / 16777216.0;
    const Duration wait{static_cast<std::int64_t>(static_cast<double>(step_.count()) * spread)};
    step_ = std::min(step_ * 2, max_);
    return wait;
  }
  void reset() { step_ = first_; }

 private:
  Duration first_;
  Duration max_;
  Duration step_;
  std::uint64_t state_;
};

}  // namespace dispecer::http
