#include "tests/bench/lockstep/walkers.h"

#include <algorithm>

namespace dispecer::bench {
namespace {

constexpr double kPeoplePerSecond = 1.0 / 60;  // at each crossing

}  // namespace

Walkers::Walkers(const city::City& city, const std::map<DetectorId, sim::DetectorReading>& street,
                 unsigned seed)
    : random_(seed) {
  for (const auto& d : city.network.detectors) {
    if (d.kind != DetectorKind::push_button || street.count(d.id) != 0) continue;
    const auto signals = city.signals.find(d.junction);
    if (signals == city.signals.end()) continue;
    const auto& groups = signals->second.groups;
    const auto group = std::find_if(groups.begin(), groups.end(),
                                    [&](const SignalGroup& g) { return g.id == d.group; });
    if (group == groups.end()) continue;
    places_.push_back({d.junction, static_cast<std::size_t>(group - groups.begin()), {}});
    buttons_.push_back({&d, false});
  }
}

void Walkers::step(const std::vector<Field::Shown>& shown) {
  std::map<JunctionId, const std::vector<Aspect>*> lamps;
  for (const auto& s : shown) lamps[s.junction] = &s.aspects;
  std::uniform_real_distribution<double> dice(0, 1);
  for (std::size_t i = 0; i < places_.size(); ++i) {
    auto& place = places_[i];
    for (auto& w : place.waiting) w += 1;
    if (dice(random_) < kPeoplePerSecond) place.waiting.push_back(0);
    const auto at = lamps.find(place.junction);
    if (at != lamps.end() && is_green((*at->second)[place.group])) {
      waits_.insert(waits_.end(), place.waiting.begin(), place.waiting.end());
      place.waiting.clear();
    }
    buttons_[i].pressed = !place.waiting.empty();
  }
}

}  // namespace dispecer::bench
