#include "sim/street/plane.h"

#include <cmath>

namespace dispecer::sim {

SumoPlane::SumoPlane(const std::vector<Pair>& pairs, LonLat origin) : local_(origin) {
  if (pairs.size() < 3) return;
  // Centred, so that large SUMO coordinates do not cost digits.
  const double n = static_cast<double>(pairs.size());
  double mx = 0, my = 0, me = 0, mn = 0;
  for (const auto& q : pairs) {
    const auto l = local_.to_local(q.p);
    mx += q.x / n;
    my += q.y / n;
    me += l.x / n;
    mn += l.y / n;
  }
  double xx = 0, xy = 0, yy = 0, xe = 0, ye = 0, xn = 0, yn = 0;
  for (const auto& q : pairs) {
    const auto l = local_.to_local(q.p);
    const double x = q.x - mx, y = q.y - my, e = l.x - me, no = l.y - mn;
    xx += x * x;
    xy += x * y;
    yy += y * y;
    xe += x * e;
    ye += y * e;
    xn += x * no;
    yn += y * no;
  }
  const double det = xx * yy - xy * xy;
  if (!(det > 1e-6 * (xx * xx + yy * yy + 1))) {
    east_[2] = me - mx;
    north_[2] = mn - my;
    return;
  }
  east_[0] = (xe * yy - ye * xy) / det;
  east_[1] = (ye * xx - xe * xy) / det;
  east_[2] = me - east_[0] * mx - east_[1] * my;
  north_[0] = (xn * yy - yn * xy) / det;
  north_[1] = (yn * xx - xn * xy) / det;
  north_[2] = mn - north_[0] * mx - north_[1] * my;
}

LonLat SumoPlane::to_lon_lat(double x, double y) const {
  return local_.to_lon_lat(
      {east_[0] * x + east_[1] * y + east_[2], north_[0] * x + north_[1] * y + north_[2]});
}

}  // namespace dispecer::sim
