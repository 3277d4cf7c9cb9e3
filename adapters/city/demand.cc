#include <algorithm>
#include <set>

#include "adapters/city/city.h"

namespace dispecer::city {

std::vector<std::vector<std::uint32_t>> demand_detectors(const City& city,
                                                         const JunctionId& junction) {
  const auto signals = city.signals.find(junction);
  if (signals == city.signals.end()) return {};
  std::map<SignalGroupId, std::set<std::uint32_t>> numbers;
  std::map<std::pair<LinkId, std::uint32_t>, std::set<SignalGroupId>> groups_of_lane;
  for (const auto& m : city.network.movements) {
    if (m.junction != junction || m.group.empty()) continue;
    for (const auto lane : m.lanes) groups_of_lane[{m.from, lane}].insert(m.group);
  }
  for (const auto& d : city.network.detectors) {
    if (d.junction != junction || d.number == 0) continue;
    if (!d.group.empty()) numbers[d.group].insert(d.number);
    const auto groups = groups_of_lane.find({d.link, d.lane});
    if (groups == groups_of_lane.end()) continue;
    for (const auto& g : groups->second) numbers[g].insert(d.number);
  }
  std::vector<std::vector<std::uint32_t>> out;
  for (const auto& g : signals->second.groups) {
    const auto& found = numbers[g.id];
    out.emplace_back(found.begin(), found.end());
  }
  return out;
}

}  // namespace dispecer::city
