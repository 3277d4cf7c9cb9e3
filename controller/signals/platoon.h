// Offsets by platoons: how much waits, on average over a cycle, when junctions of one cycle time
// begin it at given offsets. Vehicles that one stop line lets go come to the next one as a platoon
// that spreads on its way (Robertson, TRANSYT, Road Research Laboratory LR 253, 1969).
#pragma once

#include <cstdint>
#include <vector>

#include "controller/signals/plan_delay.h"

namespace dispecer::signals {

inline constexpr double kPlatoonStep = 2;  // s

// Part of an approach's flow that comes from the stop line of a bundle at another node.
struct PlatoonFeed {
  std::uint32_t node = 0;
  std::uint32_t bundle = 0;
  double share = 0;   // of what that bundle lets go
  double travel = 0;  // s
};

struct PlatoonApproach {
  double flow = 0;          // veh/s
  std::vector<float> open;  // veh/s that may leave, by step of the plan's cycle
  std::vector<PlatoonFeed> feeds;
  std::vector<float> out;  // veh/s that leave, by step of the common cycle
};

struct PlatoonNode {
  double offset = 0;                        // s
  std::vector<PlatoonApproach> approaches;  // as the bundles of the junction
  std::vector<std::uint32_t> next;          // nodes that it feeds
};

struct PlatoonNet {
  double cycle = 0;  // s, common
  std::vector<PlatoonNode> nodes;

  [[nodiscard]] std::size_t steps() const {
    return static_cast<std::size_t>(cycle / kPlatoonStep + 0.5);
  }
  // Takes new departures of the node from what comes; vehicles that wait there on average.
  double run(std::uint32_t node);
  // The same without remembering it, as if its offset were `offset`, with the nodes that it feeds.
  [[nodiscard]] double try_offset(std::uint32_t node, double offset);
  // All of them, twice around so that what goes in a circle settles; vehicles that wait.
  double settle();
};

// Open flows of a junction's bundles over the cycle of a ring with these greens.
std::vector<PlatoonApproach> platoon_approaches(const Site& site, const Ring& ring,
                                                const std::vector<double>& green,
                                                const BundleFlows& flows,
                                                const SignalParameters& parameters);

// One sweep of coordinate descent over the offsets of nodes [from, from + count), each moved only
// where what waits at it and behind it falls by the share `margin`. How many were moved.
std::size_t sweep_offsets(PlatoonNet& net, std::size_t from, std::size_t count, double margin);

}  // namespace dispecer::signals
