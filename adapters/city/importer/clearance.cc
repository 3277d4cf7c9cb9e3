// Intergreens from geometry, after the German RiLSA: crossing time of the amber plus clearing time
// of the last vehicle minus entering time of the first one of the other stream. Figures: amber
// crossing 3 s straight on and 2 s turning; clearing at 10 m/s straight on, 7 m/s turning, with 6 m
// of vehicle; entering at 40 km/h; people on foot clear the whole crossing at 1.2 m/s and enter
// without delay; cyclists clear at 4 m/s and enter at 5 m/s.
#include <algorithm>
#include <cmath>
#include <limits>

#include "adapters/city/importer/derive.h"

namespace dispecer::city {
namespace {

constexpr double kWalk = 1.2;
constexpr double kMost = 60;

struct Meeting {
  double along_a = 0;
  double along_b = 0;
};

double cross(Local a, Local b) {
  return a.x * b.y - a.y * b.x;
}
Local minus(Local a, Local b) {
  return {a.x - b.x, a.y - b.y};
}

// Where two ways meet: the first crossing point along `a`, else the place where they come closest.
Meeting meeting(const std::vector<Local>& a, const std::vector<Local>& b) {
  Meeting best;
  double nearest = std::numeric_limits<double>::max();
  double along_a = 0;
  for (std::size_t i = 1; i < a.size(); ++i) {
    const auto da = minus(a[i], a[i - 1]);
    const double la = std::hypot(da.x, da.y);
    double along_b = 0;
    for (std::size_t j = 1; j < b.size(); ++j) {
      const auto db = minus(b[j], b[j - 1]);
      const double lb = std::hypot(db.x, db.y);
      const double det = cross(da, db);
      if (std::abs(det) > 1e-9) {
        const auto d = minus(b[j - 1], a[i - 1]);
        const double t = cross(d, db) / det;
        const double u = cross(d, da) / det;
        if (t >= 0 && t <= 1 && u >= 0 && u <= 1) return {along_a + t * la, along_b + u * lb};
      }
      along_b += lb;
    }
    along_a += la;
    const auto to_b = project(b, a[i]);
    if (to_b.off_m < nearest - 0.01) {
      nearest = to_b.off_m;
      best = {along_a, to_b.along_m};
    }
  }
  return best;
}

bool turning(const SignalWay& w) {
  return w.turn != 's';
}

}  // namespace

double amber_seconds(GroupKind kind, double speed) {
  if (kind == GroupKind::cycle) return 2;
  if (speed <= 50.5 / 3.6) return 3;
  return speed <= 60.5 / 3.6 ? 4 : 5;
}

double clearance_seconds(const SignalWay& losing, const SignalWay& gaining, double crossing) {
  if (losing.kind == GroupKind::pedestrian) {
    return std::min(kMost, std::ceil(crossing / kWalk - 1e-9));
  }
  const bool paths = losing.path.size() >= 2 && gaining.path.size() >= 2;
  const Meeting at = paths ? meeting(losing.path, gaining.path) : Meeting{15, 10};
  const bool cycle = losing.kind == GroupKind::cycle;
  const double amber = cycle ? 1 : (turning(losing) ? 2 : 3);
  const double speed = cycle ? 4 : (turning(losing) ? 7 : 10);
  const double clearing = (at.along_a + (cycle ? 0 : 6)) / speed;
  double entering = 0;
  if (gaining.kind == GroupKind::cycle) {
    entering = at.along_b / 5;
  } else if (gaining.kind != GroupKind::pedestrian) {
    entering = at.along_b / (40 / 3.6);
  }
  const double least = amber_seconds(losing.kind, losing.speed) + 1;
  return std::clamp(std::ceil(amber + clearing - entering - 1e-9), least, kMost);
}

}  // namespace dispecer::city
