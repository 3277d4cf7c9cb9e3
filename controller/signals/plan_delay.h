// What a plan would cost at the flows of the last minutes, in vehicles that wait on average (which
// is vehicle-seconds per second): uniform delay by Webster (Road Research Technical Paper 39,
// 1958), what overflows by the time-dependent term of the Highway Capacity Manual over a quarter of
// an hour.
#pragma once

#include <vector>

#include "controller/signals/site.h"

namespace dispecer::signals {

// Flows and saturation flows of a junction's bundles.
struct BundleFlows {
  std::vector<double> flow;   // veh/s, by bundle
  std::vector<double> clear;  // veh/s while the stage runs, [stage * bundles + bundle]
};
// `flow`: veh/s by movement. A lane's saturation flow goes to the bundles in it by their flows; who
// gives way keeps the share of it that those who come against it leave.
BundleFlows bundle_flows(const Site& site, const std::vector<double>& flow,
                         const SignalParameters& parameters);

// Seconds of green of the ring's stages as the plan has them, and as bands would have them at best:
// each further second goes to the stage that serves the highest degree of saturation.
std::vector<double> planned_greens(const Ring& ring);
std::vector<double> balanced_greens(const Site& site, const Ring& ring, const BundleFlows& flows);

// `green`: s by stage of the ring, which together with what is between them fill the cycle.
double plan_delay(const Site& site, const Ring& ring, const std::vector<double>& green,
                  const BundleFlows& flows, const SignalParameters& parameters);

// Least cycle at which the flows would be served with a tenth to spare: Webster's optimum
// (1.5 L + 5) / (1 - Y), with the ring's lost time L and the critical flow ratios Y; s.
double webster_cycle(const Site& site, const Ring& ring, const BundleFlows& flows,
                     const SignalParameters& parameters);

}  // namespace dispecer::signals
