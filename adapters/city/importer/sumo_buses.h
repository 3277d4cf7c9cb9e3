// Bus stops and the journeys of public transport in a simulation's files.
#pragma once

#include <optional>

#include "adapters/city/importer/scenario_files.h"

namespace dispecer::city {

struct BusStop {
  std::string id, name, edge;
  double front = 0;  // of the standing bus, from the start of the edge, m
  LonLat position;
};

struct BusCall {
  std::string stop;
  std::size_t edge = 0;               // index into BusJourney::edges
  double arrival = 0, departure = 0;  // s of SUMO's time
};

struct BusJourney {
  std::string vehicle;  // SUMO's id of it
  std::string line;
  std::vector<std::string> edges;
  std::vector<BusCall> calls;  // two or more
};

struct BusService {
  std::map<std::string, BusStop> stops;
  std::vector<BusJourney> journeys;
};

// From the additional and the route files. A bus that serves no stop gets a made-up stop at either
// end of its way, and a finding of kind "transit".
Result<BusService> read_buses(const sumo::Scenario& scenario, const Documents& docs,
                              const sumo::Net& net, const Projection& projection,
                              Findings& findings);

}  // namespace dispecer::city
