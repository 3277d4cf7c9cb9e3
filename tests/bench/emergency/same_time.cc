#include "tests/bench/emergency/same_time.h"

namespace dispecer::bench {

void SameTime::add(const std::vector<PriorityRequest>& changed) {
  for (const auto& r : changed) {
    if (r.kind != RequestKind::emergency) continue;
    if (r.state == RequestState::granted) {
      granted_[r.id] = r;
    } else {
      granted_.erase(r.id);
    }
  }
  for (auto a = granted_.begin(); a != granted_.end(); ++a) {
    for (auto b = std::next(a); b != granted_.end(); ++b) {
      if (conflict(a->second, b->second)) pairs_.emplace(a->first, b->first);
    }
  }
}

bool SameTime::conflict(const PriorityRequest& a, const PriorityRequest& b) const {
  if (a.junction != b.junction || a.vehicle == b.vehicle) return false;
  const auto signals = city_.signals.find(a.junction);
  if (signals == city_.signals.end()) return false;
  const auto index = [&](const SignalGroupId& id) {
    std::size_t g = 0;
    while (g < signals->second.groups.size() && signals->second.groups[g].id != id) ++g;
    return g;
  };
  const auto x = index(a.group);
  const auto y = index(b.group);
  const auto n = signals->second.groups.size();
  return x < n && y < n && IntergreenMatrix(signals->second).conflict(x, y);
}

}  // namespace dispecer::bench
