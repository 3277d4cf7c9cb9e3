#include "sim/controller/conflict_monitor.h"

namespace dispecer::sim {
namespace {

constexpr Duration kSlack{1000};

void trip(MonitorState& monitor, const char* rule, const JunctionSignals& own, std::size_t a,
          std::size_t b) {
  if (monitor.tripped.empty()) {
    monitor.tripped =
        std::string(rule) + " " + own.groups[a].id.str() + " " + own.groups[b].id.str();
  }
}

}  // namespace

bool watch(MonitorState& monitor, const JunctionSignals& own, const std::vector<Aspect>& shown,
           UtcTime now) {
  const IntergreenMatrix matrix(own);
  const std::size_t n = shown.size();
  monitor.groups.resize(n);
  for (std::size_t g = 0; g < n; ++g) {
    const bool green = is_green(shown[g]);
    if (monitor.groups[g].green && !green) monitor.groups[g].ended = now;
  }
  for (std::size_t g = 0; g < n; ++g) {
    if (!is_green(shown[g])) continue;
    for (std::size_t h = 0; h < n; ++h) {
      if (h == g || !matrix.conflict(h, g)) continue;
      if (is_green(shown[h])) {
        trip(monitor, "conflicting_green", own, h, g);
      } else if (!monitor.groups[g].green && monitor.groups[h].ended) {
        const auto least = from_seconds(matrix.at(h, g).value_or(0));
        if (now - *monitor.groups[h].ended + kSlack < least) trip(monitor, "intergreen", own, h, g);
      }
    }
  }
  for (std::size_t g = 0; g < n; ++g) monitor.groups[g].green = is_green(shown[g]);
  return !monitor.tripped.empty();
}

}  // namespace dispecer::sim
