// What the tracker learns on line from the buses themselves.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

namespace dispecer::transit {

struct Dwell {
  double mean_s = 0;
  double variance = 0;
  std::uint32_t seen = 0;
};

// How good the told times to the stop line were, by how far ahead they were told.
inline constexpr std::size_t kAheads = 4;
inline constexpr std::array<double, kAheads - 1> kAheadFrom_s{15, 30, 50};
constexpr std::size_t ahead_of(double seconds) {
  std::size_t i = 0;
  while (i < kAheadFrom_s.size() && seconds >= kAheadFrom_s[i]) ++i;
  return i;
}

struct PassScore {
  double shift_s = 0;  // added to what the model says; follows the median error
  double below = 1.3;  // factors of the two sides of the interval; they follow their misses
  double above = 1.3;
  double mae_s = 0;    // running mean
  double covered = 0;  // running share
  std::uint32_t seen = 0;
};

// Of a counted queue, before anything was learnt: some of it came after the bus.
inline constexpr double kQueueBefore = 0.5;

struct Learnt {
  std::map<std::uint32_t, Dwell> dwells;  // by stop
  Dwell all_dwells;                       // of all stops together
  std::vector<double> speed;              // running, by link, m/s; 0 = none yet
  std::vector<std::uint32_t> speed_seen;
  double speed_share = 0;  // of the limit, all links together
  double accelerate = 0;   // m/s2, 0 = not yet
  double brake = 0;
  double hold_share = 0.5;  // of early buses at time points that waited for their time
  bool start_seen = false;
  double start_loss_s = 0;          // of the first before the line, once green
  double queue_pace = 0;            // s of green per metre of queue, all movements; 0 = not yet
  std::vector<double> pace;         // likewise of each movement, 0 = not yet
  std::vector<double> queue_share;  // of the counted queue that did hold buses, by movement
  // Stands of trusted buses that ended, and those in which a position came again to the last digit:
  // where receivers jitter, one that does not is frozen.
  std::uint32_t stands = 0;
  std::uint32_t stands_same = 0;
  std::array<PassScore, kAheads> passes;
};

}  // namespace dispecer::transit
