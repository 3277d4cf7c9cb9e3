#include "controller/plan/early_start.h"

#include <algorithm>

namespace dispecer {
namespace {

bool has(const std::vector<std::uint32_t>& groups, std::uint32_t group) {
  return std::find(groups.begin(), groups.end(), group) != groups.end();
}

}  // namespace

std::optional<std::uint32_t> lead_stage(const JunctionSignals& signals, std::uint32_t stage,
                                        const std::vector<std::uint32_t>& groups) {
  const auto& target = signals.stages[stage];
  std::optional<std::uint32_t> best;
  for (std::uint32_t s = 0; s < signals.stages.size(); ++s) {
    const auto& lead = signals.stages[s];
    const bool fits =
        s != stage && transition_allowed(signals, lead.number, target.number) &&
        std::all_of(groups.begin(), groups.end(), [&](auto g) { return has(lead.green, g); }) &&
        std::all_of(lead.green.begin(), lead.green.end(),
                    [&](auto g) { return has(target.green, g) && !has(target.yielding, g); });
    const bool more = !best || lead.green.size() > signals.stages[*best].green.size();
    if (fits && more) best = s;
  }
  return best;
}

bool needs_lead(const Stage& stage, const std::vector<std::uint32_t>& groups) {
  return !groups.empty() && !stage.yielding.empty();
}

std::vector<EarlyGroup> early_groups(const JunctionSignals& signals,
                                     const std::vector<const Crossing*>& crossings) {
  std::vector<EarlyGroup> out;
  for (std::uint32_t g = 0; g < signals.groups.size(); ++g) {
    double seconds = 0;
    for (const auto* c : crossings) {
      if (c->junction == signals.junction && c->group == signals.groups[g].id) {
        seconds = std::max(seconds, c->early_start.value);
      }
    }
    if (seconds > 0) out.push_back({g, seconds});
  }
  return out;
}

std::vector<std::uint32_t> early_in(const Stage& stage, const std::vector<EarlyGroup>& early) {
  std::vector<std::uint32_t> out;
  for (const auto& e : early) {
    if (has(stage.green, e.group)) out.push_back(e.group);
  }
  return out;
}

std::vector<std::uint32_t> stages_without_lead(const JunctionSignals& signals,
                                               const std::vector<EarlyGroup>& early) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t s = 0; s < signals.stages.size(); ++s) {
    const auto groups = early_in(signals.stages[s], early);
    if (needs_lead(signals.stages[s], groups) && !lead_stage(signals, s, groups)) {
      out.push_back(signals.stages[s].number);
    }
  }
  return out;
}

}  // namespace dispecer
