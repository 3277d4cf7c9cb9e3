#include "controller/signals/due.h"

#include <algorithm>
#include <limits>

namespace dispecer::signals {
namespace {

// Seconds that the first of those who are seen has waited at the group; negative = nobody is.
double seen_waiting(const Site& site, const JunctionView& view, std::uint32_t group) {
  double most = -1;
  for (const auto m : site.group_movements[group]) {
    const auto& row = view.movements[m];
    if (row.known && row.wants()) most = std::max(most, row.waiting);
  }
  for (const auto c : site.group_crossings[group]) {
    const auto& row = view.crossings[c];
    if (row.known && row.called) most = std::max(most, row.waiting);
  }
  return most;
}

// May somebody be there who is not seen, or is the group served whether or not anybody is?
bool waits_unseen(const Site& site, const JunctionView& view, std::uint32_t group) {
  const auto& movements = site.group_movements[group];
  const auto& crossings = site.group_crossings[group];
  return std::any_of(movements.begin(), movements.end(),
                     [&](auto m) { return !view.movements[m].known; }) ||
         std::any_of(crossings.begin(), crossings.end(),
                     [&](auto c) { return !view.crossings[c].known; }) ||
         std::any_of(site.stages.begin(), site.stages.end(),
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

std::uint32_t nearest(const Site& site, std::uint32_t from, std::uint32_t group) {
  std::uint32_t best = kNone;
  for (std::uint32_t s = 0; s < site.stages.size(); ++s) {
    if (!site.stages[s].green[group] || site.way(from, s).first == kNone) continue;
    if (best == kNone || site.way(from, s).loss < site.way(from, best).loss) best = s;
  }
  return best;
}

void by_urgency(std::vector<Need>& needs) {
  std::stable_sort(needs.begin(), needs.end(),
                   [](const Need& a, const Need& b) { return a.left < b.left; });
}

}  // namespace

void note_waits(const Site& site, const JunctionView& view, UtcTime now, Memory& memory) {
  for (std::uint32_t g = 0; g < memory.groups.size(); ++g) {
    auto& group = memory.groups[g];
    if (!group.green && seen_waiting(site, view, g) < 0 && !waits_unseen(site, view, g)) {
      group.nobody = now;
    }
  }
}

double waited(const Site& site, const JunctionView& view, const Memory& memory, std::uint32_t group,
              UtcTime now) {
  const double seen = seen_waiting(site, view, group);
  if (seen < 0 && !waits_unseen(site, view, group)) return -1;
  const auto& red = memory.groups[group];
  const double longest = in_seconds(now - red.nobody.value_or(red.since));
  return std::min(in_seconds(now - red.since), std::max(seen, longest));
}

std::vector<Need> needs(const Site& site, const JunctionView& view, const Memory& memory,
                        UtcTime now, const SignalParameters& p) {
  std::vector<Need> out;
  for (std::uint32_t g = 0; g < memory.groups.size(); ++g) {
    if (memory.groups[g].green) continue;
    const double wait = waited(site, view, memory, g, now);
    if (wait < 0) continue;
    const double own = site.signals.groups[g].max_red.time.value;
    const double most = own > 0 ? own : p.max_red_s;
    const double soon = unseen(site, view, g) && site.cycle > 0 ? std::min(most, site.cycle) : most;
    const double red = in_seconds(now - memory.groups[g].since);
    out.push_back({g, std::min(soon - wait, promise_left(site, view, g, red)) - p.due_margin_s,
                   most - wait - p.due_margin_s});
  }
  by_urgency(out);
  return out;
}

std::vector<Need> firm(std::vector<Need> needs) {
  for (auto& need : needs) need.left = need.firm;
  by_urgency(needs);
  return needs;
}

double until_left(const Site& site, std::uint32_t from, std::uint32_t stage,
                  const SignalParameters& p) {
  return kOrderSeconds + site.way(from, stage).loss +
         std::max(site.stages[stage].min_green, p.least_green_s);
}

Schedule schedule(const Site& site, const std::vector<Need>& needs, std::uint32_t from,
                  double start) {
  Schedule result;
  std::vector<bool> served = site.stages[from].green;
  double t = start;
  for (const auto& need : needs) {
    if (served[need.group]) continue;
    const auto stage = nearest(site, from, need.group);
    if (stage == kNone) continue;
    t += site.way(from, stage).loss;
    if (result.stage == kNone) {
      result.stage = stage;
      result.group = need.group;
      result.left = need.left;
    }
    if (t > need.left && result.keeps) {
      result.keeps = false;
      result.group = need.group;
      result.left = need.left;
    }
    t += site.stages[stage].min_green + kOrderSeconds;
    for (const auto g : site.stages[stage].groups) served[g] = true;
    from = stage;
  }
  return result;
}

}  // namespace dispecer::signals
