// SUMO's own controllers to compare with: what is written beside a city's simulation so that SUMO
// drives the signals itself.
//
//   delivered     the programs of the scenario
//   act_wide      SUMO's `actuated`: greens of 6 s or more get minDur 5, maxDur max(50, 1.5 d)
//   act_prop      the same with minDur max(5, 0.6 d), maxDur 1.4 d + 1
//   coordinated   a common cycle and splits by Webster (tlsCycleAdaptation) and offsets
//                 (tlsCoordinator) for the demand of the scenario, by SUMO's own tools; with the
//                 tools' own lost time and shortest green (4 s), or those of the rules
#pragma once

#include <optional>
#include <string>

#include "fusion/model/result.h"
#include "tests/bench/lockstep/rules.h"

namespace dispecer::bench {

enum class Programs { delivered, act_wide, act_prop, coordinated };

// Writes a .sumocfg into `folder` that is the city's own with these programs in addition; returns
// its path. Causes: no_config, bad_xml, tool (with the words of SUMO's tool), cannot_write, and
// those of the network reader.
Result<std::string> write_programs(Programs programs, const std::string& scenario,
                                   const std::string& city_config, const std::string& folder,
                                   double begin_s,
                                   const std::optional<StageTimes>& times = std::nullopt);

}  // namespace dispecer::bench
