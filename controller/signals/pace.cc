#include "controller/signals/pace.h"

#include <algorithm>

namespace dispecer::signals {
namespace {

bool yields(const Site& site, std::uint32_t stage, std::uint32_t group) {
  const auto& list = site.signals.stages[stage].yielding;
  return std::find(list.begin(), list.end(), group) != list.end();
}

// Somebody waits for a group of `stage` that the running one does not serve, or lets go only while
// nobody comes against it.
bool called(const Site& site, const JunctionView& view, std::uint32_t from, std::uint32_t stage) {
  for (const auto g : site.stages[stage].groups) {
    const bool freed = yields(site, from, g) && !yields(site, stage, g);
    if (site.stages[from].green[g] && !freed) continue;
    for (const auto m : site.group_movements[g]) {
      if (view.movements[m].queue > 0.5) return true;
    }
    for (const auto c : site.group_crossings[g]) {
      if (view.crossings[c].called) return true;
    }
  }
  return false;
}

// Does anybody still queue in the running stage whom `next` would stop?
bool queued(const Site& site, const JunctionView& view, std::uint32_t from, std::uint32_t next) {
  for (const auto g : site.stages[from].groups) {
    if (site.stages[next].green[g]) continue;
    for (const auto m : site.group_movements[g]) {
      const auto& row = view.movements[m];
      if (row.queue > 1 && !row.blocked) return true;
    }
  }
  return false;
}

}  // namespace

bool overfull(const Site& site, const JunctionView& view, const SignalParameters& p) {
  std::vector<char> serves(site.stages.size(), 1);
  bool any = false;
  for (const auto& bundle : site.bundles.rows) {
    double filled = 0;
    for (const auto m : bundle.movements) filled = std::max(filled, view.movements[m].filled);
    if (filled < p.full_approach) continue;
    any = true;
    for (std::size_t s = 0; s < serves.size(); ++s) {
      if (bundle.shows[s] == Show::red) serves[s] = 0;
    }
  }
  return any && std::find(serves.begin(), serves.end(), 1) == serves.end();
}

void judge_saturation(Memory& memory, bool overfull, double seconds, const SignalParameters& p) {
  if (overfull == memory.saturated) {
    memory.saturation_turns_s = 0;
    return;
  }
  memory.saturation_turns_s += seconds;
  const double patience = overfull ? p.saturated_after_s : p.unsaturated_after_s;
  if (memory.saturation_turns_s < patience) return;
  memory.saturated = overfull;
  memory.saturation_turns_s = 0;
}

Pace pace(const Site& site, const JunctionView& view, const Memory& memory,
          const std::vector<char>& blocked, double ran, const SignalParameters& p) {
  Pace out;
  const auto from = memory.stage;
  const auto place = std::find(site.ring.begin(), site.ring.end(), from);
  if (place == site.ring.end()) return out;
  const std::size_t n = site.ring.size();
  const auto at = static_cast<std::size_t>(place - site.ring.begin());
  for (std::size_t i = 1; i < n && out.next == kNone; ++i) {
    const auto stage = site.ring[(at + i) % n];
    if (stage == from || blocked[stage] != 0 || site.way(from, stage).first == kNone) continue;
    if (called(site, view, from, stage)) out.next = stage;
  }
  if (out.next == kNone) return out;
  const double green = std::max(site.stages[from].min_green,
                                site.stages[from].plan_span - site.way(from, out.next).loss);
  out.most = std::max(0.0, p.saturated_most * green - ran);
  if (queued(site, view, from, out.next)) {
    out.least = std::max(0.0, p.saturated_least * green - ran);
  }
  return out;
}

}  // namespace dispecer::signals
