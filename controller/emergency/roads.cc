#include "controller/emergency/roads.h"

#include <algorithm>
#include <cmath>
#include <queue>
#include <set>

namespace dispecer::emergency {
namespace {

constexpr double kDegree = 3.14159265358979323846 / 180;

LonLat origin_of(const Network& network) {
  for (const auto& l : network.links) {
    if (!l.shape.empty()) return l.shape.front();
  }
  return {};
}

// Bearing of the shape at `along_m` of it, degrees.
double heading(const std::vector<Local>& shape, double along_m) {
  double passed = 0;
  for (std::size_t i = 1; i < shape.size(); ++i) {
    const double dx = shape[i].x - shape[i - 1].x;
    const double dy = shape[i].y - shape[i - 1].y;
    passed += std::hypot(dx, dy);
    if (passed >= along_m || i + 1 == shape.size()) return std::atan2(dx, dy) / kDegree;
  }
  return 0;
}

}  // namespace

Roads::Roads(const Network& network, const Parameters& parameters)
    : parameters_(parameters), plane_(origin_of(network)) {
  for (const auto& l : network.links) {
    Road r;
    r.id = l.id;
    r.length = l.length.value;
    r.speed = std::max(1.0, l.speed_limit.value);
    for (const auto& p : l.shape) r.shape.push_back(plane_.to_local(p));
    if (!r.shape.empty()) {
      r.shape_m = length_m(r.shape);
      r.low = r.high = r.shape.front();
      for (const auto& p : r.shape) {
        r.low = {std::min(r.low.x, p.x), std::min(r.low.y, p.y)};
        r.high = {std::max(r.high.x, p.x), std::max(r.high.y, p.y)};
      }
    }
    index_[l.id] = static_cast<std::uint32_t>(roads_.size());
    roads_.push_back(std::move(r));
  }
  for (const auto& m : network.movements) {
    const auto from = find(m.from);
    const auto to = find(m.to);
    if (from == kNoRoad || to == kNoRoad) continue;
    if (network.links[to].lanes == 0) continue;  // a path for people on foot or cycles
    roads_[from].turns.push_back({to, m.id, m.junction, m.group, m.turn});
  }
}

std::uint32_t Roads::find(const LinkId& id) const {
  const auto it = index_.find(id);
  return it == index_.end() ? kNoRoad : it->second;
}

const Turning* Roads::turning(std::uint32_t from, std::uint32_t to) const {
  for (const auto& t : roads_[from].turns) {
    if (t.to == to) return &t;
  }
  return nullptr;
}

std::vector<std::uint32_t> Roads::way(std::uint32_t from, std::uint32_t to) const {
  const double never = std::numeric_limits<double>::infinity();
  std::vector<double> cost(roads_.size(), never);
  std::vector<std::uint32_t> before(roads_.size(), kNoRoad);
  using Row = std::pair<double, std::uint32_t>;
  std::priority_queue<Row, std::vector<Row>, std::greater<>> open;
  cost[from] = 0;
  open.emplace(0, from);
  while (!open.empty()) {
    const auto [c, road] = open.top();
    open.pop();
    if (c > cost[road]) continue;
    if (road == to) break;
    for (const auto& t : roads_[road].turns) {
      double next = c + roads_[t.to].length / roads_[t.to].speed;
      if (!t.group.empty()) next += parameters_.signal_s;
      if (t.turn == Turn::left) next += parameters_.left_s;
      if (t.turn == Turn::u_turn) next += parameters_.u_turn_s;
      if (next >= cost[t.to]) continue;
      cost[t.to] = next;
      before[t.to] = road;
      open.emplace(next, t.to);
    }
  }
  if (cost[to] == never) return {};
  std::vector<std::uint32_t> out;
  for (auto r = to; r != kNoRoad; r = before[r]) out.push_back(r);
  std::reverse(out.begin(), out.end());
  return out;
}

std::vector<std::uint32_t> Roads::straight_on(std::uint32_t from, double metres) const {
  std::vector<std::uint32_t> out{from};
  std::set<std::uint32_t> seen{from};
  double laid = roads_[from].length;
  while (laid < metres) {
    const auto& turns = roads_[out.back()].turns;
    const Turning* next = nullptr;
    for (const auto& t : turns) {
      if (t.turn == Turn::straight || (turns.size() == 1 && t.turn != Turn::u_turn)) next = &t;
    }
    if (next == nullptr || !seen.insert(next->to).second) break;
    out.push_back(next->to);
    laid += roads_[next->to].length;
  }
  return out;
}

Fit Roads::fit(std::uint32_t road, Local p, std::optional<double> bearing) const {
  const auto& r = roads_[road];
  if (r.shape.size() < 2 || r.shape_m <= 0) {
    return {road, 0, std::numeric_limits<double>::infinity()};
  }
  const auto on = project(r.shape, p);
  Fit out{road, on.along_m * r.length / r.shape_m, on.off_m};
  if (bearing) {
    const double turned = (heading(r.shape, on.along_m) - *bearing) * kDegree;
    out.misfit += parameters_.turn_weight * (1 - std::cos(turned));
  }
  return out;
}

Fit Roads::match(Local p, std::optional<double> bearing) const {
  Fit best;
  for (std::uint32_t i = 0; i < roads_.size(); ++i) {
    const auto& r = roads_[i];
    const double reach = parameters_.reach_m;
    if (p.x < r.low.x - reach || p.x > r.high.x + reach || p.y < r.low.y - reach ||
        p.y > r.high.y + reach) {
      continue;
    }
    const auto f = fit(i, p, bearing);
    if (f.misfit <= reach && (best.road == kNoRoad || f.misfit < best.misfit)) best = f;
  }
  return best;
}

}  // namespace dispecer::emergency
