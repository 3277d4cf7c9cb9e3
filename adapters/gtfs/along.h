// Where the stops of a trip lie along its shape.
#pragma once

#include <optional>
#include <vector>

#include "fusion/model/geo.h"

namespace dispecer::gtfs {

// A shape with its points' distances: metres that we measured, and the feed's own measure (any
// unit, empty where the feed has none), which never falls.
struct MeasuredShape {
  std::vector<LonLat> points;    // two or more
  std::vector<double> metres;    // as many
  std::vector<double> declared;  // as many, or empty
};
MeasuredShape measure(std::vector<LonLat> points, std::vector<double> declared);

// From the feed's measure to metres; absent where the shape declares none or the value lies
// outside.
std::optional<double> metres_at(const MeasuredShape& shape, double declared);

// Metres along the shape for stops in order of travel, never falling: of all such placements the
// one with the least sum of squared distances from the line. Right also where a line passes the
// same place twice.
std::vector<double> place_stops(const MeasuredShape& shape, const std::vector<LonLat>& stops);

}  // namespace dispecer::gtfs
