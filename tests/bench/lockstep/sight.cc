#include "tests/bench/lockstep/sight.h"

#include <algorithm>

namespace dispecer::bench {
namespace {

constexpr double kSpace = 7.5;     // m that a standing vehicle takes up
constexpr double kStands = 1.5;    // m/s
constexpr double kCrawls = 5;      // m/s; faster vehicles make room by themselves
constexpr double kFull = 0.95;     // of a link, by those who crawl or stand
constexpr double kNearLine = 15;   // m; who stands there is the first
constexpr double kHorizon = 90;    // s
constexpr double kBinSeconds = 5;  // of MovementState::arrivals
constexpr std::size_t kBins = 12;

}  // namespace

FullSight::FullSight(const city::City& city) : city_(city) {
  const auto& network = city.network;
  for (const auto& l : network.links) {
    link_[l.id] = links_.size();
    links_.push_back(
        {l.length.value, l.speed_limit.value, static_cast<double>(std::max(1U, l.lanes))});
  }
  for (std::size_t m = 0; m < network.movements.size(); ++m) {
    const auto& row = network.movements[m];
    group_.emplace_back(row.junction, row.group);
    const auto [it, fresh] = ways_.emplace(std::pair{row.from, row.to}, Way{m, !row.group.empty()});
    if (!fresh && !it->second.signal) it->second = {m, !row.group.empty()};
  }
  filled_.resize(links_.size());
  waiting_.resize(network.movements.size());
}

void FullSight::look(sim::Street& street) {
  coming_.clear();
  std::fill(filled_.begin(), filled_.end(), 0.0);
  std::map<std::string, std::size_t> at;
  constexpr std::size_t kLanes = 20;  // of a link, at most
  for (const auto& v : street.view().vehicles) {
    const auto* route = street.route(v.id);
    if (route == nullptr || route->empty()) continue;
    std::size_t i = 0;
    if (const auto before = at_.find(v.id); before != at_.end()) i = before->second;
    double along = v.along_m;
    if (v.link.empty()) {
      // Inside a junction: as good as at the start of its next link.
      if (i + 1 < route->size()) ++i;
      along = 0;
      at[v.id] = i == 0 ? 0 : i - 1;
    } else {
      const auto here =
          std::find(route->begin() + static_cast<std::ptrdiff_t>(i), route->end(), v.link);
      if (here == route->end()) continue;  // it was led another way
      i = static_cast<std::size_t>(here - route->begin());
      at[v.id] = i;
      const auto& row = links_[link_.at(v.link)];
      auto& filled = filled_[link_.at(v.link)];
      if (v.speed_mps < kCrawls) {
        filled = std::min(1.0, filled + kSpace / (row.length * row.lanes));
      }
    }
    double metres = 0;
    double seconds = 0;
    for (; i + 1 < route->size() && seconds < kHorizon; ++i) {
      const auto link = link_.find((*route)[i]);
      if (link == link_.end()) break;
      const auto& row = links_[link->second];
      const double left = std::max(0.0, row.length - along);
      metres += left;
      seconds += left / row.speed;
      along = 0;
      const auto way = ways_.find({(*route)[i], (*route)[i + 1]});
      if (way == ways_.end()) break;
      if (!way->second.signal) continue;
      coming_.push_back({way->second.movement, metres, seconds, v.speed_mps < kStands && !v.at_stop,
                         link->second * kLanes + static_cast<std::size_t>(std::max(0, v.lane))});
      break;
    }
  }
  at_ = std::move(at);
}

// A movement is blocked where each lane it stands in is closed by somebody in front who has red.
void FullSight::tell_blocked(CityPicture& picture) const {
  std::map<JunctionId, std::set<SignalGroupId>> green;
  for (const auto& s : picture.signals) {
    const auto signals = city_.signals.find(s.junction);
    if (signals == city_.signals.end()) continue;
    for (std::size_t g = 0; g < s.groups.size(); ++g) {
      if (is_green(s.groups[g])) green[s.junction].insert(signals->second.groups[g].id);
    }
  }
  const auto goes = [&](std::size_t m) {
    const auto it = green.find(group_[m].first);
    return it != green.end() && it->second.count(group_[m].second) != 0;
  };
  std::map<std::size_t, const Coming*> first;  // of each lane
  for (const auto& c : coming_) {
    auto& head = first[c.lane];
    if (head == nullptr || c.metres < head->metres) head = &c;
  }
  std::vector<int> open(picture.movements.size());
  std::vector<int> closed(picture.movements.size());
  for (const auto& c : coming_) {
    if (!c.stands || c.metres > kNearLine * 4) continue;
    const auto& head = *first[c.lane];
    const bool shut = head.stands && head.metres < kNearLine && !goes(head.movement);
    ++(shut ? closed : open)[c.movement];
  }
  for (std::size_t i = 0; i < picture.movements.size(); ++i) {
    picture.movements[i].blocked = closed[i] > 0 && open[i] == 0 && goes(i);
  }
}

void FullSight::put(CityPicture& picture) {
  std::vector<double> queue(picture.movements.size());
  for (auto& m : picture.movements) m.arrivals.assign(kBins, 0.0);
  for (const auto& c : coming_) {
    if (c.movement >= picture.movements.size()) continue;
    if (c.stands && c.metres < 400) {
      queue[c.movement] += 1;
      continue;
    }
    const auto bin = static_cast<std::size_t>(c.seconds / kBinSeconds);
    if (bin < kBins) picture.movements[c.movement].arrivals[bin] += 1;
  }
  for (std::size_t i = 0; i < picture.movements.size(); ++i) {
    auto& m = picture.movements[i];
    waiting_[i] = queue[i] > 0 ? waiting_[i] + 1 : 0;
    m.queue = {queue[i], 0.1, 0, Quality::live, kProfile};
    // A call of a detector stands for the signal controller, whoever made it.
    if (queue[i] > 0) m.waiting = {waiting_[i]};
    m.demand_known = true;
  }
  tell_blocked(picture);
  for (std::size_t i = 0; i < picture.links.size() && i < filled_.size(); ++i) {
    picture.links[i].storage = {filled_[i]};
    picture.links[i].spillback = filled_[i] > kFull;
  }
}

}  // namespace dispecer::bench
