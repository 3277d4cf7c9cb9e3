#include "controller/signals/ring.h"

#include <algorithm>

#include "controller/signals/site.h"

namespace dispecer::signals {

double Ring::start(std::size_t i, const std::vector<int>& bands) const {
  double at = stages[i].start;
  for (std::size_t k = 0; k < std::min(i, bands.size()); ++k) at += bands[k];
  return at;
}

double Ring::green(std::size_t i, const std::vector<int>& bands) const {
  const double until = i + 1 < stages.size() ? start(i + 1, bands) : end();
  return until - start(i, bands) - stages[i].between;
}

std::vector<Ring> make_rings(const Site& site) {
  const IntergreenMatrix matrix(site.signals);
  std::vector<Ring> out;
  for (const auto& plan : site.signals.plans) {
    Ring ring{plan.number, plan.cycle.value, plan.offset.value, {}};
    const std::size_t n = plan.ring.size();
    for (std::size_t i = 0; i < n; ++i) {
      const auto& row = plan.ring[i];
      const auto index = site.index_of(row.stage);
      const auto next = site.index_of(plan.ring[(i + 1) % n].stage);
      if (index == kNone || next == kNone) break;
      const double between =
          n == 1 ? 0 : matrix.between(site.signals.stages[index], site.signals.stages[next]);
      const auto before = site.index_of(plan.ring[(i + n - 1) % n].stage);
      if (before == kNone) break;
      // Groups that have green in this stage alone.
      double least = row.min_green.value;
      for (const auto g : site.stages[index].groups) {
        if (n > 1 && (site.stages[next].green[g] || site.stages[before].green[g])) continue;
        least = std::max(least, site.signals.groups[g].min_green.time.value);
      }
      ring.stages.push_back({index, row.start.value, between, least, row.max_green.value, 0});
    }
    if (ring.size() == n && n > 0) out.push_back(std::move(ring));
  }
  const auto* local = find_ring(out, site.signals.local_plan);
  for (auto& ring : out) {
    if (local == nullptr || ring.size() != local->size()) continue;
    for (std::size_t i = 0; i < ring.size(); ++i) {
      if (ring.stages[i].stage != local->stages[i].stage) break;
      ring.stages[i].floor = kLeastOfLocal * local->green(i) * ring.cycle / local->cycle;
    }
  }
  return out;
}

const Ring* find_ring(const std::vector<Ring>& rings, std::uint32_t plan) {
  const auto it =
      std::find_if(rings.begin(), rings.end(), [&](const Ring& r) { return r.plan == plan; });
  return it == rings.end() ? nullptr : &*it;
}

}  // namespace dispecer::signals
