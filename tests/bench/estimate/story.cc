// What a run tells in words: loops that were wrong, and approaches with their queues.
#include <fmt/format.h>

#include "tests/bench/estimate/score.h"

namespace dispecer::bench {

std::vector<std::string> Score::story() const {
  std::vector<std::string> lines;
  for (const auto& [id, w] : watch_) {
    const auto it = faults_.broken().find(id);
    if (it == faults_.broken().end() && w.alarms == 0) continue;
    const auto told = told_.find(id);
    lines.push_back(
        id.str() + " " +
        (it == faults_.broken().end()
             ? std::string("whole")
             : std::string(to_text(it->second.kind)) + " x" +
                   std::to_string(it->second.factor).substr(0, 4) + " at " +
                   std::to_string(static_cast<int>(it->second.since_s))) +
        " told " + std::to_string(static_cast<int>(told == told_.end() ? 0 : told->second)) +
        " passed " + std::to_string(static_cast<int>(w.passed)) +
        (w.found || w.alarms > 0
             ? " reported " + w.fault +
                   (w.found ? " after " + std::to_string(static_cast<int>(w.found_after))
                            : std::string())
             : " not reported"));
  }
  for (std::size_t i = 0; i < tallies_.size(); ++i) {
    const auto& t = tallies_[i];
    if (t.n <= 0) continue;
    lines.push_back(fmt::format("queue {} cycles {:.0f} error {:.1f} pct mean {:.1f} told {:.1f}",
                                city_.network.links[i].id.str(), t.n, 100 * t.share / t.n,
                                t.truth / t.n, t.estimate / t.n));
    for (const auto& d : city_.network.detectors) {
      if (d.link != city_.network.links[i].id) continue;
      const auto it = faults_.broken().find(d.id);
      const auto told = told_.find(d.id);
      const auto& w = watch_.at(d.id);
      lines.push_back(fmt::format("  {} lane {} at {:.0f} m told {:.0f} {}{}", d.id.str(), d.lane,
                                  d.to_stop_line.value, told == told_.end() ? 0.0 : told->second,
                                  it == faults_.broken().end() ? "whole" : to_text(it->second.kind),
                                  w.flagged ? " reported " + w.fault : ""));
    }
  }
  return lines;
}

}  // namespace dispecer::bench
