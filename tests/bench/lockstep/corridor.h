// A hand-made corridor for tests: four signal junctions in a row, 320 m apart, with cross streets
// and a bus line in each direction that is a little behind its timetable. Written as SUMO sources,
// built by netconvert, made a city by the importer, with a timetable.
#pragma once

#include <string>

#include "fusion/model/result.h"

namespace dispecer::bench {

// Writes `folder`/city; returns that path. Causes: netconvert, and those of the importer and of
// read_city.
Result<std::string> make_corridor(const std::string& folder);

}  // namespace dispecer::bench
