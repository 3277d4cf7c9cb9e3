// Who weighs in a decision, and whether a vehicle that was not heard of for a while is still there.
#include <algorithm>
#include <cmath>

#include "controller/priority/life.h"

namespace dispecer::priority {
namespace {

constexpr double kBound = 1.645;  // standard deviations from the middle to a bound of the interval

// Chance that it has not come later than `t` seconds after its fix: a normal arrival, with a spread
// of its own on each side.
double still_comes(const Entry& entry, double t) {
  const double off = t - entry.eta;
  const double side = off < 0 ? entry.eta - entry.low : entry.high - entry.eta;
  if (side <= 0) return off < 0 ? 1 : 0;
  return 0.5 * std::erfc(off / (side / kBound) / std::sqrt(2.0));
}

}  // namespace

void lamps(State& state, const JunctionId& junction, const std::vector<GroupSeen>& groups,
           UtcTime now) {
  const auto& p = state.parameters;
  const auto there = state.at_junction.find(junction);
  if (there == state.at_junction.end()) return;
  for (const auto& vehicle : there->second) {
    auto& entry = state.entries.at(vehicle);
    if (entry.place.index >= groups.size()) continue;
    const auto& group = groups[entry.place.index];
    const bool begins = entry.green == false;
    entry.green = group.green;
    if (!group.green) {
      entry.green_s = 0;
      continue;
    }
    if (entry.green_s <= 0) {
      // At the begin of green it may stand there, behind others.
      const double queue = std::min(group.queue_s, p.queue_pace * entry.to_stop_line);
      const bool free = !begins && queue < p.running_pass_s;
      entry.needs_s = free ? p.running_pass_s : p.gone_after_s + queue;
    }
    entry.green_s += 1;
    if (entry.green_s < entry.needs_s) continue;
    const double until = in_seconds(now - entry.at) + 1 - p.running_pass_s;
    entry.through = std::max(until, entry.through.value_or(until));
  }
}

std::vector<Ask> asks(const State& state, const JunctionId& junction, UtcTime now) {
  const auto& p = state.parameters;
  std::vector<Ask> out;
  const auto there = state.at_junction.find(junction);
  if (there == state.at_junction.end()) return out;
  for (const auto& vehicle : there->second) {
    const auto& entry = state.entries.at(vehicle);
    if (!entry.weighs || !is_open(entry.request.state)) continue;
    const double passed = in_seconds(now - entry.at);
    auto chance = kChances;
    if (entry.through) {
      // What was begun for it is given up later than something new is begun.
      const bool begun = entry.request.given.value > 0;
      const double least = begun ? p.least_chance_begun : p.least_chance;
      if (still_comes(entry, *entry.through) < least) continue;
      const std::array<double, 3> moments{entry.low, entry.eta, entry.high};
      for (std::size_t i = 0; i + 1 < chance.size(); ++i) {
        if (moments[i] <= *entry.through) chance[i] = 0;
      }
    }
    out.push_back({vehicle, entry.place.index, std::max(0.0, entry.low - passed),
                   std::max(0.0, entry.eta - passed), std::max(0.0, entry.high - passed),
                   entry.to_stop_line, entry.request.weight, entry.request.movement, chance});
  }
  return out;
}

}  // namespace dispecer::priority
