// How loops go wrong in a benchmark: the error model, unknown to the cores.
//
// Kinds, drawn with equal probability for each broken loop:
//   stuck     no hit at all, or covered without a break (half and half)
//   scaled    counts 1.5 or 2 vehicles for one, or only 0.5 or 0.65 of them; what is missed covers
//             nothing, what is double belongs to one covering
//   noisy     a third of the vehicles is missed, and false hits of 0.2 s come in at the true rate
//             of a busy lane (one in 12 s on average)
//   shifted   everything comes 60 to 240 s late: a clock that is wrong
//   swapped   two loops have changed places in the cabinet; both of them are broken
// Half of them are broken from the first second, the others break at a moment drawn from the first
// third of the run.
//
// Sources. The kinds are those the task names. Stuck on or off and missed or double counts are the
// usual failures of loops and their amplifiers (pulse break-up, cross-talk, splash-over, lost
// sensitivity): US FHWA, Traffic Detector Handbook, 3rd ed., 2006, chapters 2 and 6; Chen, Kwon,
// Rice, Skabardonis, Varaiya: Detecting Errors and Imputing Missing Data for Single-Loop
// Surveillance Systems, 2003. Wrong clocks and crossed wires are field experience without a figure.
// The factors 1.5 and 0.65 are invented; so is the equal probability.
#pragma once

#include <deque>
#include <map>
#include <random>
#include <string>

#include "fusion/model/network.h"
#include "fusion/model/observation.h"

namespace dispecer::bench {

enum class Break { no_hits, covered, scaled, noisy, shifted, swapped };
const char* to_text(Break kind);

struct BrokenLoop {
  Break kind = Break::no_hits;
  double since_s = 0;  // of the run
  double factor = 1;   // of a scaled one
  int late_s = 0;      // of a shifted one
  DetectorId other;    // of a swapped one
};

class Faults {
 public:
  // Breaks `share` (0..1) of the loops of `network`; push buttons stay whole.
  Faults(const Network& network, double share, double run_s, std::uint64_t seed);

  [[nodiscard]] const std::map<DetectorId, BrokenLoop>& broken() const { return broken_; }
  // What the cabinet tells of the second that ends at `second` of the run, of what truly happened.
  std::map<DetectorId, DetectorSample> pass(const std::map<DetectorId, DetectorSample>& truth,
                                            double second);

 private:
  void spoil(const DetectorId& id, BrokenLoop& loop, DetectorSample& sample,
             const std::map<DetectorId, DetectorSample>& truth);
  struct Memory {
    std::deque<DetectorSample> late;
    double carry = 0;
  };
  std::map<DetectorId, BrokenLoop> broken_;
  std::map<DetectorId, Memory> memory_;
  std::mt19937_64 rng_;
};

}  // namespace dispecer::bench
