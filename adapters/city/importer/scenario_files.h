// What the city folder keeps of the simulation, and what it reads from the scenario beside the
// network.
#pragma once

#include "adapters/city/importer/derive.h"

namespace dispecer::city {

// Parking areas of the additional files. `docs` are parsed files by path.
using Documents = std::vector<std::pair<std::string, std::shared_ptr<pugi::xml_document>>>;
Result<Documents> load_additionals(const sumo::Scenario& scenario);
void take_parking(const Documents& docs, const sumo::Net& net, const Projection& projection,
                  City& city);

// sumo/city.sumocfg and sumo/loops.add.xml in `out`. Additional files whose outputs SUMO would
// write beside them are copied there without those outputs.
Result<> write_simulation(const sumo::Scenario& scenario, const Documents& docs,
                          const std::vector<LoopPlace>& loops, const std::string& out,
                          Findings& findings);

}  // namespace dispecer::city
