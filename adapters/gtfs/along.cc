#include "adapters/gtfs/along.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace dispecer::gtfs {

MeasuredShape measure(std::vector<LonLat> points, std::vector<double> declared) {
  MeasuredShape shape{std::move(points), {}, std::move(declared)};
  const LocalPlane plane(shape.points.front());
  double sum = 0;
  Local before = plane.to_local(shape.points.front());
  for (const auto& p : shape.points) {
    const Local here = plane.to_local(p);
    sum += std::hypot(here.x - before.x, here.y - before.y);
    shape.metres.push_back(sum);
    before = here;
  }
  if (shape.declared.size() != shape.points.size() ||
      !std::is_sorted(shape.declared.begin(), shape.declared.end()) ||
      shape.declared.back() <= shape.declared.front())
    shape.declared.clear();
  return shape;
}

std::optional<double> metres_at(const MeasuredShape& shape, double declared) {
  const auto& d = shape.declared;
  // A stop may be declared a little beyond the last point; 1 % is given.
  if (d.empty()) return {};
  const double slack = 0.01 * (d.back() - d.front());
  if (declared < d.front() - slack || declared > d.back() + slack) return {};
  const auto after = std::upper_bound(d.begin(), d.end(), declared);
  if (after == d.begin()) return 0.0;
  if (after == d.end()) return shape.metres.back();
  const auto i = static_cast<std::size_t>(after - d.begin());
  const double part = (declared - d[i - 1]) / (d[i] - d[i - 1]);
  return shape.metres[i - 1] + part * (shape.metres[i] - shape.metres[i - 1]);
}

std::vector<double> place_stops(const MeasuredShape& shape, const std::vector<LonLat>& stops) {
  constexpr double kFar = std::numeric_limits<double>::infinity();
  // Where a street is driven twice, placements can be equally good: the earlier one then wins,
  // unless the later is better by this, m2.
  constexpr double kBetter = 1;
  const std::size_t n = stops.size();
  const std::size_t m = shape.points.size() - 1;  // segments
  if (n == 0) return {};
  const LocalPlane plane(shape.points.front());
  std::vector<Local> line;
  for (const auto& p : shape.points) line.push_back(plane.to_local(p));

  // Best way to place stops 0..i with stop i on segment j; `from` remembers the segment before.
  std::vector<std::vector<double>> cost(n, std::vector<double>(m, kFar));
  std::vector<std::vector<double>> at(n, std::vector<double>(m, 0));
  std::vector<std::vector<std::size_t>> from(n, std::vector<std::size_t>(m, 0));
  for (std::size_t i = 0; i < n; ++i) {
    const Local p = plane.to_local(stops[i]);
    double best = kFar;  // over segments before j
    std::size_t best_from = 0;
    for (std::size_t j = 0; j < m; ++j) {
      const Projection nearest = project({line[j], line[j + 1]}, p);
      double along = shape.metres[j] + nearest.along_m;
      double off2 = nearest.off_m * nearest.off_m;
      if (i == 0) {
        at[i][j] = along;
        cost[i][j] = off2;
        continue;
      }
      if (best < kFar) {
        at[i][j] = along;
        cost[i][j] = best + off2;
        from[i][j] = best_from;
      }
      // The stop before lies on the same segment: this one cannot lie before it.
      if (cost[i - 1][j] < kFar) {
        if (along < at[i - 1][j]) {
          const double back = at[i - 1][j] - along;
          along = at[i - 1][j];
          off2 += back * back;
        }
        if (cost[i - 1][j] + off2 + kBetter < cost[i][j]) {
          at[i][j] = along;
          cost[i][j] = cost[i - 1][j] + off2;
          from[i][j] = j;
        }
      }
      if (cost[i - 1][j] + kBetter < best) {
        best = cost[i - 1][j];
        best_from = j;
      }
    }
  }
  std::vector<double> result(n);
  std::size_t j = 0;
  for (std::size_t k = 1; k < m; ++k) {
    if (cost[n - 1][k] + kBetter < cost[n - 1][j]) j = k;
  }
  for (std::size_t i = n; i-- > 0;) {
    result[i] = at[i][j];
    j = from[i][j];
  }
  return result;
}

}  // namespace dispecer::gtfs
