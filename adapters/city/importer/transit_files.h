// gtfs/ and transit.toml of the city folder: taken over where the scenario or the overlay has them,
// else made of the simulation's bus stops and vehicles.
#pragma once

#include "adapters/city/importer/scenario_files.h"

namespace dispecer::city {

struct TransitCount {
  std::size_t stops = 0;
  std::size_t trips = 0;
};

// A made timetable is minimal: a stop per bus stop, a line per line name, a trip per vehicle that
// serves stops, on every day. Times are the vehicle's `until` and `duration` where it has them,
// else departure plus free running and 20 s at each stop. A flow makes a trip per vehicle of its
// period.
Result<TransitCount> write_transit(const sumo::Scenario& scenario, const Documents& docs,
                                   const sumo::Net& net, const Projection& projection,
                                   const std::string& overlay, const std::string& out,
                                   const City& city, Findings& findings);

}  // namespace dispecer::city
