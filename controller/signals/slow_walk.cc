#include "controller/signals/slow_walk.h"

#include <algorithm>

namespace dispecer::signals {

void set_slow_walk(Site& site, SlowWalk where) {
  site.longer_walk.assign(site.signals.groups.size(), 0.0);
  for (const auto& c : site.crossings) {
    const bool slow = where == SlowWalk::everywhere || (where == SlowWalk::marked && c.slow_walk);
    if (!slow) continue;
    auto& longer = site.longer_walk[c.group];
    longer = std::max(longer, c.length / kSlowWalk - c.length / kWalk);
  }
}

}  // namespace dispecer::signals
