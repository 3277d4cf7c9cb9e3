#include "adapters/scan_car/street_face.h"

#include <algorithm>

namespace dispecer::scan_car {
namespace {

constexpr double kHalfLane = 3;
constexpr double kDisc = 25;

double distance_to(const ParkingArea& area, LonLat position) {
  if (area.polygon.empty()) return std::max(0.0, distance_m(area.position, position) - kDisc);
  if (area.polygon.size() > 2 && inside(area.polygon, position)) return 0;
  const LocalPlane plane(position);
  std::vector<Local> edge;
  for (const auto& corner : area.polygon) edge.push_back(plane.to_local(corner));
  edge.push_back(edge.front());
  return project(edge, Local{}).off_m;
}

}  // namespace

ParkingId match(const std::vector<ParkingArea>& areas, LonLat position, double sd_m) {
  const ParkingArea* best = nullptr;
  double nearest = 0;
  double next = 0;
  for (const auto& area : areas) {
    // 0.02 degrees are more than a kilometre: not worth a projection.
    if (std::abs(area.position.lon - position.lon) > 0.02 ||
        std::abs(area.position.lat - position.lat) > 0.02)
      continue;
    const double d = distance_to(area, position);
    if (best == nullptr || d < nearest) {
      next = best == nullptr ? 1e9 : nearest;
      nearest = d;
      best = &area;
    } else {
      next = std::min(next, d);
    }
  }
  if (best == nullptr || nearest > 2 * sd_m + kHalfLane) return {};
  return nearest > 0 && next - nearest < sd_m ? ParkingId{} : best->id;
}

}  // namespace dispecer::scan_car
