#include "controller/app/shadows.h"

#include <algorithm>

namespace dispecer::controller {
namespace {

constexpr std::int64_t kTold = 60;    // s
constexpr std::int64_t kHour = 3600;  // s

}  // namespace

void add_shadow(ControllerState& state, signals::Candidate candidate, double share) {
  auto& shadow = state.shadows.emplace_back();
  shadow.candidate = std::move(candidate);
  shadow.candidate.parameters.bench_world = state.parameters.signals.bench_world;
  shadow.share = share;
  std::size_t index = 0;
  for (const auto& [id, place] : state.junctions) {
    if (signals::shadowed(share, index++)) shadow.at.push_back(id);
  }
}

std::vector<std::optional<signals::Choice>> ask_shadows(
    ControllerState& state, const JunctionId& junction, Place& place, const signals::Moment& moment,
    const std::vector<signals::BusDemand>& buses) {
  std::vector<std::optional<signals::Choice>> out;
  if (state.shadows.empty() || !moment.tick || place.view.signal == nullptr) return out;
  signals::observe(place.memory, place.site, *place.view.signal);
  for (auto& shadow : state.shadows) {
    out.emplace_back();
    if (!std::binary_search(shadow.at.begin(), shadow.at.end(), junction)) continue;
    out.back() =
        signals::shadow_choice(shadow, place.site, place.memory, place.view, buses, moment.now);
  }
  return out;
}

void score_shadows(ControllerState& state, const Place& place, const signals::Moment& moment,
                   const std::vector<signals::BusDemand>& buses,
                   const std::vector<std::optional<signals::Choice>>& candidates,
                   const signals::Choice& live) {
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (!candidates[i]) continue;
    signals::shadow_score(state.shadows[i], place.site, place.memory, place.view, buses, moment.now,
                          state.parameters.signals, *candidates[i], live);
  }
}

void tell_shadows(ControllerState& state, UtcTime now) {
  const auto second = now.us / 1'000'000;
  if (second % kTold != 0) return;
  for (auto& shadow : state.shadows) {
    if (second % kHour == 0) signals::close_hour(shadow);
    for (const auto& [name, value] : signals::shadow_counters(shadow)) {
      state.counters["controller." + name] = value;
    }
  }
}

}  // namespace dispecer::controller
