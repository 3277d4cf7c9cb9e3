#include "controller/app/waves.h"

namespace dispecer::controller {

void follow_waves(ControllerState& state, UtcTime now) {
  const auto& waves = state.plans.waves;
  state.waves.resize(waves.size());
  for (std::size_t w = 0; w < waves.size(); ++w) {
    std::vector<std::optional<bool>> green;
    for (const auto& step : waves[w].steps) {
      green.emplace_back();
      const auto it = state.junctions.find(step.junction);
      if (it == state.junctions.end() || !it->second.memory.seen) continue;
      const auto& groups = it->second.site.signals.groups;
      for (std::size_t g = 0; g < groups.size(); ++g) {
        if (groups[g].id == step.group) green.back() = it->second.memory.groups[g].green;
      }
    }
    signals::follow(waves[w], state.waves[w], now, green);
  }
}

void expect_waves(const ControllerState& state, const JunctionId& junction, Place& place) {
  const auto& waves = state.plans.waves;
  for (std::size_t w = 0; w < state.waves.size(); ++w) {
    for (std::size_t i = 0; i < waves[w].steps.size(); ++i) {
      if (waves[w].steps[i].junction != junction) continue;
      for (std::size_t m = 0; m < place.site.movements.size(); ++m) {
        if (place.site.movements[m].id != waves[w].steps[i].movement) continue;
        signals::expect(waves[w], state.waves[w], i, place.view.movements[m]);
      }
    }
  }
}

}  // namespace dispecer::controller
