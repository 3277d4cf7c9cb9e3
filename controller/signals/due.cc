#include "controller/signals/due.h"

#include <algorithm>
#include <limits>

namespace dispecer::signals {
namespace {

bool wanted(const Site& site, const JunctionView& view, std::uint32_t group) {
  for (const auto m : site.group_movements[group]) {
    if (!view.movements[m].known || view.movements[m].wants()) return true;
  }
  for (const auto c : site.group_crossings[group]) {
    if (!view.crossings[c].known || view.crossings[c].called) return true;
  }
  return std::any_of(site.stages.begin(), site.stages.end(),
                     [&](const SiteStage& s) { return !s.skippable && s.green[group]; });
}

bool unseen(const Site& site, const JunctionView& view, std::uint32_t group) {
  return std::any_of(site.group_movements[group].begin(), site.group_movements[group].end(),
                     [&](std::uint32_t m) {
                       const auto& row = site.movements[m];
                       return !view.movements[m].known && !row.own.closed && !row.ahead.closed;
                     });
}

// Seconds until a wait at a crossing of the group breaks its promise. Who came without a button may
// have come when the red began.
double promise_left(const Site& site, const JunctionView& view, std::uint32_t group, double red) {
  double left = std::numeric_limits<double>::infinity();
  for (const auto c : site.group_crossings[group]) {
    const auto& seen = view.crossings[c];
    if (seen.known && !seen.called) continue;
    left = std::min(left, site.crossings[c].promise - (seen.known ? seen.waiting : red));
  }
  return left;
}

double waited(const Site& site, const JunctionView& view, std::uint32_t group) {
  double most = 0;
  for (const auto m : site.group_movements[group]) most = std::max(most, view.movements[m].waiting);
  for (const auto c : site.group_crossings[group]) most = std::max(most, view.crossings[c].waiting);
  return most;
}

std::uint32_t nearest(const Site& site, std::uint32_t from, std::uint32_t group) {
  std::uint32_t best = kNone;
  for (std::uint32_t s = 0; s < site.stages.size(); ++s) {
    if (!site.stages[s].green[group] || site.way(from, s).first == kNone) continue;
    if (best == kNone || site.way(from, s).loss < site.way(from, best).loss) best = s;
  }
  return best;
}

// Seconds by which the green of `stage` comes later if `group` is served on the way from `from`.
double detour(const Site& site, std::uint32_t from, std::uint32_t group, std::uint32_t stage) {
  if (site.stages[stage].green[group]) return 0;
  const auto by = nearest(site, from, group);
  if (by == kNone || site.way(by, stage).first == kNone) return 0;
  return site.way(from, by).loss + site.stages[by].min_green + site.way(by, stage).loss -
         site.way(from, stage).loss;
}

}  // namespace

std::vector<Need> needs(const Site& site, const JunctionView& view, const Memory& memory,
                        UtcTime now, const SignalParameters& p) {
  std::vector<Need> out;
  for (std::uint32_t g = 0; g < memory.groups.size(); ++g) {
    if (memory.groups[g].green) continue;
    const double own = site.signals.groups[g].max_red.time.value;
    double most = own > 0 ? own : p.max_red_s;
    if (unseen(site, view, g) && site.cycle > 0) most = std::min(most, site.cycle);
    const double red = in_seconds(now - memory.groups[g].since);
    if (!wanted(site, view, g)) {
      out.push_back({g, most - red - p.due_margin_s, 0, false});
      continue;
    }
    const double left = std::min(most - red, promise_left(site, view, g, red)) - p.due_margin_s;
    out.push_back({g, left, waited(site, view, g), true});
  }
  std::stable_sort(out.begin(), out.end(), [](const Need& a, const Need& b) {
    return a.left < 0 && b.left < 0 ? a.waited > b.waited : a.left < b.left;
  });
  return out;
}

Schedule schedule(const Site& site, const std::vector<Need>& needs, std::uint32_t from,
                  double start) {
  Schedule result;
  std::vector<bool> served = site.stages[from].green;
  double t = start;
  double kept = 0;  // for whoever may yet come before
  for (std::size_t i = 0; i < needs.size(); ++i) {
    const auto& need = needs[i];
    if (served[need.group] || !need.called) continue;
    const auto stage = nearest(site, from, need.group);
    if (stage == kNone) continue;
    for (std::size_t k = 0; k < i; ++k) {
      if (needs[k].called || served[needs[k].group]) continue;
      kept = std::max(kept, detour(site, from, needs[k].group, stage));
    }
    t += site.way(from, stage).loss;
    if (result.stage == kNone) {
      result.stage = stage;
      result.group = need.group;
      result.left = need.left;
    }
    if (t + kept > need.left && result.keeps) {
      result.keeps = false;
      result.group = need.group;
      result.left = need.left;
    }
    t += site.stages[stage].min_green;
    for (const auto g : site.stages[stage].groups) served[g] = true;
    from = stage;
  }
  return result;
}

}  // namespace dispecer::signals
