#include "controller/signals/slow_walk.h"

#include <algorithm>

namespace dispecer::signals {

void set_slow_walk(Site& site, bool everywhere) {
  site.longer_walk.assign(site.signals.groups.size(), 0.0);
  for (const auto& c : site.crossings) {
    if (!everywhere && !c.slow_walk) continue;
    auto& longer = site.longer_walk[c.group];
    longer = std::max(longer, c.length / kSlowWalk - c.length / kWalk);
  }
}

}  // namespace dispecer::signals
