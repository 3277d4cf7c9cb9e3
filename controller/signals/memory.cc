#include "controller/signals/memory.h"

namespace dispecer::signals {

Memory make_memory(const Site& site) {
  Memory memory;
  memory.groups.resize(site.signals.groups.size());
  memory.credit.assign(site.stages.size(), 0.0);
  memory.commissioning = site.signals.commissioning;
  return memory;
}

void observe(Memory& memory, const Site& site, const SignalObservation& signal) {
  const std::uint32_t stage = signal.stage ? site.index_of(*signal.stage) : kNone;
  if (!memory.seen || stage != memory.stage) {
    // A stage that comes back after a short gap in the reports has not begun anew.
    if (stage != kNone && stage != memory.last_stage) memory.stage_since = signal.t;
    if (!memory.seen) memory.stage_since = signal.t;
    memory.stage = stage;
    if (stage != kNone) memory.last_stage = stage;
  }
  for (std::size_t g = 0; g < memory.groups.size(); ++g) {
    auto& group = memory.groups[g];
    bool green = false;
    if (g < signal.groups.size()) {
      green = is_green(signal.groups[g]);
    } else if (stage != kNone) {
      green = site.stages[stage].green[g];
    } else {
      green = group.green;
    }
    if (memory.seen && green == group.green) continue;
    // A red that began while nothing was heard began as soon as it can have.
    const bool gap = memory.seen && !green && memory.seen_at < signal.t;
    group = {green, gap ? memory.seen_at : signal.t, std::nullopt};
  }
  memory.seen = true;
  memory.seen_at = signal.t;
}

}  // namespace dispecer::signals
