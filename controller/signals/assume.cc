#include "controller/signals/assume.h"

#include <algorithm>

namespace dispecer::signals {

void assume_unknown(const Site& site, const Memory& memory, UtcTime now, const SignalParameters& p,
                    JunctionView& view) {
  for (std::size_t i = 0; i < view.movements.size(); ++i) {
    auto& m = view.movements[i];
    // Behind a closure nobody is assumed; the maximum red is kept all the same.
    if (m.known || site.movements[i].own.closed || site.movements[i].ahead.closed) continue;
    const auto group = site.movements[i].group;
    const double age = in_seconds(now - memory.groups[group].since);
    double assumed = 0;
    if (!memory.groups[group].green) {
      assumed = p.assumed_flow * std::clamp(age, 0.0, p.max_red_s);
    } else {
      double span = p.least_green_s;
      for (const auto& stage : site.stages) {
        if (stage.green[group]) span = std::max(span, stage.plan_span);
      }
      if (age < span) assumed = 1;
    }
    m.queue = std::max(m.queue, assumed);
    for (std::size_t b = 0; b <= kBins; ++b) {
      m.come[b] = std::max(m.come[b], p.assumed_flow * kBinSeconds * static_cast<double>(b));
    }
  }
}

}  // namespace dispecer::signals
