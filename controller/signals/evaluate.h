// What a stage is worth: weighted vehicles served per second, over the best of several lengths of
// green, the way there included. It is the rate rule of self-organising control (Laemmer and
// Helbing, "Self-control of traffic lights", 2008): n / (setup + green), with expected arrivals,
// less what stands downstream.
#pragma once

#include <vector>

#include "controller/signals/memory.h"
#include "controller/signals/view.h"

namespace dispecer::signals {

// A bus whose request weighs in the decision; seconds count from now.
struct BusDemand {
  std::uint32_t group = 0;
  double low = 0;
  double eta = 0;
  double high = 0;
  double to_stop_line = 0;  // m
  double weight = 0;        // in ordinary vehicles
};

struct Worth {
  double rate = 0;       // veh/s, weighted
  double green = 0;      // s of green at which it is best
  double vehicles = 0;   // queued and expected within that time, not weighted
  bool blocked = false;  // leads into a full link
};

// What movements that nobody sees are taken to hold: a trickle since their green ended, until they
// had the green that the local plan would give.
void assume_unknown(const Site& site, const Memory& memory, UtcTime now,
                    const SignalParameters& parameters, JunctionView& view);

// `loss`: seconds until green of the stage could begin; ignored where it `runs` already.
Worth evaluate(const Site& site, const JunctionView& view, const Memory& memory,
               std::uint32_t stage, bool runs, double loss, const std::vector<BusDemand>& buses,
               const SignalParameters& parameters);

// Does a queue remain in the stage?
bool holds_queue(const Site& site, const JunctionView& view, std::uint32_t stage);

}  // namespace dispecer::signals
