#include "controller/enforcement/place.h"

#include <algorithm>
#include <cmath>

namespace dispecer::enforcement {

bool same_place(const ScanRead& a, const ScanRead& b, double sds, Metres limit) {
  if (a.parking.empty() || a.parking != b.parking) return false;
  const double sd = std::hypot(a.position_sd.value, b.position_sd.value);
  return distance_m(a.position, b.position) <= std::min(sds * sd, limit.value);
}

bool near_other_rule(const access::Regulations& rules, const ParkingArea& area,
                     const ScanRead& read, double sds) {
  const LocalPlane plane(read.position);
  return std::any_of(rules.parking.begin(), rules.parking.end(), [&](const ParkingArea& other) {
    if (other.id == area.id || other.tariff_zone == area.tariff_zone || other.polygon.empty())
      return false;
    if (inside(other.polygon, read.position)) return true;
    std::vector<Local> edge;
    for (const auto& corner : other.polygon) edge.push_back(plane.to_local(corner));
    edge.push_back(edge.front());
    return project(edge, Local{}).off_m < sds * read.position_sd.value;
  });
}

}  // namespace dispecer::enforcement
