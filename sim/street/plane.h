// From SUMO's plane to longitude and latitude: the affine map that fits best over pairs of points
// that are known in both (ordinary least squares; over a town the curvature of a projection is
// below a metre).
#pragma once

#include <vector>

#include "fusion/model/geo.h"

namespace dispecer::sim {

class SumoPlane {
 public:
  struct Pair {
    double x = 0;
    double y = 0;
    LonLat p;
  };
  // With fewer than three pairs, or all on one line: north up, one metre a metre, around `origin`.
  SumoPlane(const std::vector<Pair>& pairs, LonLat origin);
  [[nodiscard]] LonLat to_lon_lat(double x, double y) const;

 private:
  LocalPlane local_;
  double east_[3] = {1, 0, 0};  // east = e0 x + e1 y + e2
  double north_[3] = {0, 1, 0};
};

}  // namespace dispecer::sim
