// The ring of stages that a delivered program runs through.
#pragma once

#include "adapters/city/importer/derive.h"

namespace dispecer::city {

struct PhaseGreens {
  std::vector<std::uint32_t> green;     // groups, ascending
  std::vector<std::uint32_t> yielding;  // those of them that give way
};

struct DeliveredRing {
  std::vector<Stage> stages;         // each once, with demand inputs
  std::vector<std::uint32_t> order;  // stage numbers round the cycle
  std::vector<double> starts;        // of `order`, s of the cycle, rising
  std::vector<double> full;          // seconds for which all greens of the stage were shown
  std::vector<double> min, max;      // as delivered, 0 = not given
  double cycle = 0;
};

// Phases with the same greens are one stage; a phase whose greens are part of a neighbour's is a
// transition and is dropped, but one in which a group has priority that it lacks in the neighbour
// is kept when it lasts 5 s or more.
DeliveredRing delivered_ring(const std::vector<sumo::Phase>& phases,
                             const std::vector<PhaseGreens>& greens, const std::string& light,
                             Findings& findings);

}  // namespace dispecer::city
