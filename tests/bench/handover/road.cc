#include "tests/bench/handover/road.h"

#include <algorithm>

namespace dispecer::bench {
namespace {

constexpr double kSaturation = 0.5;  // veh/s and lane: a head way of two seconds
constexpr double kPushes = 1.0 / 60;

}  // namespace

PointRoad::PointRoad(const city::City& city, unsigned seed, double flow)
    : random_(seed), flow_(flow / 3600) {
  for (const auto& d : city.network.detectors) {
    const auto signals = city.signals.find(d.junction);
    if (signals == city.signals.end() || d.group.empty()) continue;
    const auto& groups = signals->second.groups;
    const auto at = std::find_if(groups.begin(), groups.end(),
                                 [&](const SignalGroup& g) { return g.id == d.group; });
    if (at == groups.end()) continue;
    auto& batch = batches_[d.junction];
    batch.junction = d.junction;
    DetectorSample sample;
    sample.detector = d.id;
    Lane lane;
    lane.junction = d.junction;
    lane.group = static_cast<std::size_t>(at - groups.begin());
    lane.sample = batch.samples.size();
    lane.kind = d.kind;
    lanes_.push_back(lane);
    batch.samples.push_back(std::move(sample));
    waiting_[d.junction].resize(groups.size());
  }
}

void PointRoad::step(const std::vector<Field::Shown>& shown) {
  std::map<JunctionId, const std::vector<Aspect>*> lamps;
  for (const auto& s : shown) lamps[s.junction] = &s.aspects;
  for (auto& [id, groups] : waiting_) std::fill(groups.begin(), groups.end(), 0.0);
  std::uniform_real_distribution<double> dice(0, 1);
  for (auto& lane : lanes_) {
    const bool green = is_green((*lamps.at(lane.junction))[lane.group]);
    auto& sample = batches_[lane.junction].samples[lane.sample];
    const bool button = lane.kind == DetectorKind::push_button;
    const bool came = dice(random_) < (button ? kPushes : flow_);
    sample.count = 0;
    if (button) {
      lane.queue = green ? 0 : std::min(1.0, lane.queue + (came ? 1 : 0));
      sample.count = came ? 1 : 0;
      sample.occupied = came;
    } else {
      lane.queue += came ? 1 : 0;
      if (green && lane.queue > 0) {
        lane.served += std::min(kSaturation, lane.queue);
        lane.queue = std::max(0.0, lane.queue - kSaturation);
      }
      const bool at_line = lane.kind == DetectorKind::stop_line;
      const auto left = static_cast<std::uint32_t>(lane.served);
      lane.served -= left;
      sample.count = at_line ? left : (came ? 1 : 0);
      sample.occupied = at_line ? lane.queue > 0 && !green : came;
    }
    sample.occupancy = {sample.occupied ? 1.0 : (sample.count > 0 ? 0.4 : 0.0)};
    waiting_[lane.junction][lane.group] += lane.queue;
  }
}

void PointRoad::stamp(UtcTime now) {
  for (auto& [id, batch] : batches_) {
    batch.from = now - from_seconds(1);
    batch.to = now;
  }
}

bool PointRoad::waits(const JunctionId& junction, std::size_t group) const {
  const auto it = waiting_.find(junction);
  return it != waiting_.end() && group < it->second.size() && it->second[group] >= 1;
}

}  // namespace dispecer::bench
