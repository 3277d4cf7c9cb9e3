#include "controller/signals/plan_change.h"

#include <algorithm>
#include <limits>

#include "controller/signals/decide.h"
#include "controller/signals/due.h"

namespace dispecer::signals {
namespace {

// Second of the next plan's cycle, at or after the begin of its first stage.
double position(const NextPlan& next, UtcTime now) {
  const auto cycle = from_seconds(next.ring.cycle).count();
  const auto shifted = (now.us - from_seconds(next.offset).count()) % cycle;
  return next.ring.from_first(static_cast<double>((shifted + cycle) % cycle) * 1e-6);
}

// Seconds from now until the stage has green, at the earliest.
double reach(const Site& site, const Memory& memory, std::uint32_t stage, UtcTime now,
             const SignalParameters& p) {
  if (stage == memory.stage) return 0;
  const auto& way = site.way(memory.stage, stage);
  if (way.first == kNone) return std::numeric_limits<double>::infinity();
  return p.bands_lead_s + min_green_left(site, memory, memory.stage, way.first, now) + way.loss;
}

double until_green(const Site& site, const Memory& memory, const NextPlan& next,
                   std::uint32_t group, UtcTime now, const SignalParameters& p) {
  const auto& ring = next.ring;
  const double pos = position(next, now);
  double best = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const auto& row = ring.stages[i];
    if (!site.stages[row.stage].green[group]) continue;
    const double begin = ring.start(i, next.bands) - pos;
    const double earliest = reach(site, memory, row.stage, now, p);
    for (int turn = 0; turn < 3; ++turn) {
      const double start = std::max(begin + turn * ring.cycle, earliest);
      const double end = begin + turn * ring.cycle + ring.green(i, next.bands);
      if (start + row.least <= end) best = std::min(best, start);
    }
  }
  return best;
}

}  // namespace

bool meets_stage(const Site& site, const Memory& memory, const NextPlan& next, UtcTime now,
                 const SignalParameters& p) {
  const auto& ring = next.ring;
  const double pos = position(next, now);
  std::size_t i = 0;
  while (i + 1 < ring.size() && ring.start(i + 1, next.bands) <= pos) ++i;
  if (ring.stages[i].stage != memory.stage) return false;
  const double left = ring.start(i, next.bands) + ring.green(i, next.bands) - pos;
  const double ran = in_seconds(now - memory.stage_since);
  return left > p.bands_lead_s + std::max(0.0, site.stages[memory.stage].min_green - ran);
}

bool keeps_reds(const Site& site, const Memory& memory, const JunctionView& view,
                const NextPlan& next, UtcTime now, const SignalParameters& p) {
  if (memory.stage == kNone) return false;
  for (std::uint32_t g = 0; g < memory.groups.size(); ++g) {
    const double most = site.signals.groups[g].max_red.time.value;
    if (most <= 0 || memory.groups[g].green) continue;
    const double wait = waited(site, view, memory, g, now);
    if (wait < 0) continue;
    if (wait + until_green(site, memory, next, g, now, p) + p.due_margin_s > most) return false;
  }
  return true;
}

}  // namespace dispecer::signals
