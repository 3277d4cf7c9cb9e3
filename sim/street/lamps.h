// Lamps of a junction as SUMO's state string.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controller/plan/junction_signals.h"

namespace dispecer::sim {

struct LampWiring {
  std::string idle;                                 // the whole string with every group at red
  std::vector<std::vector<std::uint32_t>> indices;  // that each group drives
};

// 'G' green, 'g' green that gives way (the group yields in `stage`, or the stage is not known),
// 'y' amber, 'u' red-amber, 'o' flashing amber, 'O' dark; idle character at red. Between stages a
// green keeps giving way where it did in any stage.
std::string lamp_text(const JunctionSignals& signals, const LampWiring& wiring,
                      const std::vector<Aspect>& aspects, std::optional<std::uint32_t> stage);

}  // namespace dispecer::sim
