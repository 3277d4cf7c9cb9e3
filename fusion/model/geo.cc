#include "fusion/model/geo.h"

#include <algorithm>
#include <numbers>

#include "fusion/model/ensure.h"

namespace dispecer {
namespace {
constexpr double kEarthRadius = 6371008.8;
constexpr double kRadians = std::numbers::pi / 180.0;
constexpr double kMetresPerDegree = kEarthRadius * kRadians;
}  // namespace

LocalPlane::LocalPlane(LonLat origin)
    : origin_(origin), metres_per_degree_lon_(kMetresPerDegree * std::cos(origin.lat * kRadians)) {}

Local LocalPlane::to_local(LonLat p) const {
  return {(p.lon - origin_.lon) * metres_per_degree_lon_, (p.lat - origin_.lat) * kMetresPerDegree};
}

LonLat LocalPlane::to_lon_lat(Local p) const {
  return {origin_.lon + p.x / metres_per_degree_lon_, origin_.lat + p.y / kMetresPerDegree};
}

double distance_m(LonLat a, LonLat b) {
  const double s1 = std::sin((b.lat - a.lat) * kRadians / 2);
  const double s2 = std::sin((b.lon - a.lon) * kRadians / 2);
  const double h = s1 * s1 + std::cos(a.lat * kRadians) * std::cos(b.lat * kRadians) * s2 * s2;
  return 2 * kEarthRadius * std::asin(std::min(1.0, std::sqrt(h)));
}

double bearing_deg(LonLat a, LonLat b) {
  if (a == b) return 0;
  const double dl = (b.lon - a.lon) * kRadians;
  const double y = std::sin(dl) * std::cos(b.lat * kRadians);
  const double x = std::cos(a.lat * kRadians) * std::sin(b.lat * kRadians) -
                   std::sin(a.lat * kRadians) * std::cos(b.lat * kRadians) * std::cos(dl);
  const double bearing = std::atan2(y, x) / kRadians;
  return bearing < 0 ? bearing + 360 : bearing;
}

Projection project(const std::vector<Local>& line, Local p) {
  ensure(!line.empty());
  Projection best{0, std::hypot(p.x - line[0].x, p.y - line[0].y)};
  double travelled = 0;
  for (std::size_t i = 1; i < line.size(); ++i) {
    const double dx = line[i].x - line[i - 1].x;
    const double dy = line[i].y - line[i - 1].y;
    const double length = std::hypot(dx, dy);
    if (length <= 0) continue;
    const double t = std::clamp(
        ((p.x - line[i - 1].x) * dx + (p.y - line[i - 1].y) * dy) / (length * length), 0.0, 1.0);
    const double off = std::hypot(p.x - line[i - 1].x - t * dx, p.y - line[i - 1].y - t * dy);
    if (off < best.off_m) best = {travelled + t * length, off};
    travelled += length;
  }
  return best;
}

double length_m(const std::vector<Local>& line) {
  double sum = 0;
  for (std::size_t i = 1; i < line.size(); ++i) {
    sum += std::hypot(line[i].x - line[i - 1].x, line[i].y - line[i - 1].y);
  }
  return sum;
}

Local point_at(const std::vector<Local>& line, double along_m) {
  ensure(!line.empty());
  double left = std::max(0.0, along_m);
  for (std::size_t i = 1; i < line.size(); ++i) {
    const double dx = line[i].x - line[i - 1].x;
    const double dy = line[i].y - line[i - 1].y;
    const double length = std::hypot(dx, dy);
    if (left <= length && length > 0) {
      return {line[i - 1].x + dx * left / length, line[i - 1].y + dy * left / length};
    }
    left -= length;
  }
  return line.back();
}

bool inside(const std::vector<LonLat>& polygon, LonLat p) {
  bool in = false;
  for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
    const auto& a = polygon[i];
    const auto& b = polygon[j];
    if ((a.lat > p.lat) != (b.lat > p.lat) &&
        p.lon < (b.lon - a.lon) * (p.lat - a.lat) / (b.lat - a.lat) + a.lon) {
      in = !in;
    }
  }
  return in;
}

}  // namespace dispecer
