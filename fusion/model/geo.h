// Positions on the earth and on a local plane.
#pragma once

#include <cmath>
#include <vector>

#include "fusion/model/fields.h"

namespace dispecer {

struct LonLat {
  double lon = 0;  // degrees east, WGS 84
  double lat = 0;  // degrees north

  bool operator==(const LonLat&) const = default;
};

constexpr auto fields(Tag<LonLat>) {
  using P = LonLat;
  return std::tuple{field(1, "lon", &P::lon, "deg", {-180, 180}),
                    field(2, "lat", &P::lat, "deg", {-90, 90})};
}

struct Local {
  double x = 0;  // metres east of the origin
  double y = 0;  // metres north of the origin
  bool operator==(const Local&) const = default;
};

// Equirectangular plane around an origin: error below 0.1 % within 30 km at European latitudes.
// Mean earth radius 6,371,008.8 m (IUGG).
class LocalPlane {
 public:
  explicit LocalPlane(LonLat origin);
  [[nodiscard]] Local to_local(LonLat p) const;
  [[nodiscard]] LonLat to_lon_lat(Local p) const;
  [[nodiscard]] LonLat origin() const { return origin_; }

 private:
  LonLat origin_;
  double metres_per_degree_lon_;
};

double distance_m(LonLat a, LonLat b);
// Clockwise from north, 0 <= b < 360; 0 where a equals b.
double bearing_deg(LonLat a, LonLat b);

// Nearest point of a polyline: how far along it lies (m from its start) and how far off (m).
struct Projection {
  double along_m = 0;
  double off_m = 0;
};
Projection project(const std::vector<Local>& line, Local p);
double length_m(const std::vector<Local>& line);
// The point `along_m` from the start, clamped to the ends. The line has at least one point.
Local point_at(const std::vector<Local>& line, double along_m);
bool inside(const std::vector<LonLat>& polygon, LonLat p);

}  // namespace dispecer
