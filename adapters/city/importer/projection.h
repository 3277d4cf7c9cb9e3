// From SUMO's plane to longitude and latitude, by the network's <location>.
#pragma once

#include <string>

#include "fusion/model/geo.h"

namespace dispecer::city {

enum class ProjectionKind { utm, stretched, made_up };

// `utm`: transverse Mercator on WGS 84 from +proj=utm or +proj=tmerc; inverse series of Krueger to
// the third order in n (L. Krueger 1912; errors below a millimetre within 3,000 km of the
// meridian). `stretched`: an unknown projection, bounds laid linearly on the geographic bounds.
// `made_up`: the network is nowhere; its middle is put at 47.65 N 23.57 E.
class Projection {
 public:
  // Texts of the attributes of <location>.
  Projection(const std::string& parameters, const std::string& net_offset,
             const std::string& conv_boundary, const std::string& orig_boundary);
  [[nodiscard]] ProjectionKind kind() const { return kind_; }
  // Rounded to seven decimals (a centimetre).
  [[nodiscard]] LonLat to_lon_lat(Local p) const;

 private:
  ProjectionKind kind_ = ProjectionKind::made_up;
  Local offset_;         // SUMO x = easting + offset
  double meridian_ = 0;  // degrees
  double scale_ = 0.9996;
  double false_easting_ = 500000;
  double false_northing_ = 0;
  double latitude_ = 0;  // of origin, degrees
  Local low_, high_;     // of the network
  LonLat geo_low_, geo_high_;
};

}  // namespace dispecer::city
