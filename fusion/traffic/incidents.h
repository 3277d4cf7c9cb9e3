// A link that has lost capacity without announcement: a broken-down vehicle, a blocked lane.
//
// Each loop carries the evidence (logarithm of the likelihood ratio, one-sided sequential test of
// Page, Continuous inspection schemes, Biometrika 41, 1954) that its vehicles come at a fifth of
// their usual rate: of the last hour before the evidence began, times what all loops together do
// now. A stop-line loop counts green time only. An incident is raised where such evidence comes
// from two loops of a link, or from one that has another sign: standing traffic before it, or the
// same loss on a link before or behind. Links that the city's book names are not judged.
#pragma once

#include <optional>
#include <vector>

#include "fusion/model/health.h"
#include "fusion/traffic/index.h"

namespace dispecer::traffic {

struct State;

struct LossOfLoop {
  double evidence = 0;   // >= 0
  double threshold = 0;  // at which it counts as lost
  double usual = 0;      // veh/s of counted time, as it was before the evidence began
  double weight = 0;     // s over which that was learnt
  bool lost = false;
  bool operator==(const LossOfLoop&) const = default;
};

struct LossOfLink {
  bool active = false;
  UtcTime since;
  bool noted = false;  // within a step: already on its list
  bool operator==(const LossOfLink&) const = default;
};

// Ends one step: events of kind "incident", once when it begins and once when it ends.
void step_incidents(State& state, double dt, std::vector<AlarmEvent>& events);

}  // namespace dispecer::traffic
