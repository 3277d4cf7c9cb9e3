#include "tests/bench/estimate/truth.h"

#include <libsumo/libsumo.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace dispecer::bench {
namespace {
constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();
constexpr double kWaits = 5 / 3.6;  // m/s
}  // namespace

Truth::Truth(const city::City& city, double tau_s) : keep_(std::exp(-1 / tau_s)) {
  const auto& net = city.network;
  for (std::size_t i = 0; i < net.links.size(); ++i) {
    links_[net.links[i].id] = i;
    const auto it = city.sumo.edge.find(net.links[i].id);
    edges_[it == city.sumo.edge.end() ? net.links[i].id.str() : it->second] = i;
  }
  for (std::size_t m = 0; m < net.movements.size(); ++m) {
    const auto from = links_.find(net.movements[m].from);
    const auto to = links_.find(net.movements[m].to);
    if (from != links_.end() && to != links_.end()) {
      movements_.emplace(std::pair{from->second, to->second}, m);
    }
  }
  passed_.resize(net.links.size());
  step_.resize(net.links.size());
  now_.resize(net.links.size());
  queue_.resize(net.links.size());
  movement_queue_.resize(net.movements.size());
}

void Truth::pass(const std::string& edge, double vehicles) {
  const auto it = edges_.find(edge);
  if (it != edges_.end()) step_[it->second] += vehicles;
}

void Truth::see(const sim::StreetView& view) {
  std::fill(step_.begin(), step_.end(), 0.0);
  std::fill(queue_.begin(), queue_.end(), 0.0);
  std::fill(movement_queue_.begin(), movement_queue_.end(), 0.0);
  for (auto& [id, seen] : vehicles_) seen.alive = false;
  for (const auto& v : view.vehicles) {
    auto& seen = vehicles_[v.id];
    seen.alive = true;
    if (v.link.empty()) continue;  // inside a junction
    const auto link = links_.at(v.link);
    if (!seen.on_link || seen.link != link) {
      const bool starts = seen.at < 0;
      const int at = libsumo::Vehicle::getRouteIndex(v.id);
      if (seen.at < 0) {
        seen.route = libsumo::Vehicle::getRoute(v.id);
        if (at >= 0 && at < static_cast<int>(seen.route.size())) {
          pass(seen.route[static_cast<std::size_t>(at)], 0.5);
        }
      } else if (at > seen.at) {
        if (at < static_cast<int>(seen.route.size())) {
          pass(seen.route[static_cast<std::size_t>(seen.at)], 0.5);
          for (int k = seen.at + 1; k <= at; ++k) {
            pass(seen.route[static_cast<std::size_t>(k)], k < at ? 1.0 : 0.5);
          }
        }
      } else {  // sent another way: the link itself tells
        step_[seen.link] += seen.on_link ? 0.5 : 0.0;
        step_[link] += 0.5;
        seen.route = libsumo::Vehicle::getRoute(v.id);
      }
      seen.at = at;
      seen.link = link;
      seen.on_link = true;
      seen.waits = false;
      seen.moved = !starts;
      seen.movement = kNowhere;
      if (at >= 0 && at + 1 < static_cast<int>(seen.route.size())) {
        const auto next = edges_.find(seen.route[static_cast<std::size_t>(at) + 1]);
        if (next != edges_.end()) {
          const auto m = movements_.find({link, next->second});
          if (m != movements_.end()) seen.movement = m->second;
        }
      }
    }
    seen.moved = seen.moved || v.speed_mps >= 2 * kWaits;
    if (seen.moved && v.speed_mps < kWaits && !v.at_stop) seen.waits = true;
    if (!seen.waits) continue;
    queue_[link] += 1;
    if (seen.movement != kNowhere) movement_queue_[seen.movement] += 1;
  }
  for (auto it = vehicles_.begin(); it != vehicles_.end();) {
    if (it->second.alive) {
      ++it;
      continue;
    }
    if (it->second.on_link) step_[it->second.link] += 0.5;
    it = vehicles_.erase(it);
  }
  seconds_ += 1;
  weight_ = weight_ * keep_ + (1 - keep_);
  for (std::size_t i = 0; i < step_.size(); ++i) {
    passed_[i] += step_[i];
    now_[i] = now_[i] * keep_ + step_[i] * (1 - keep_);
  }
}

double Truth::flow_hour(std::size_t link) const {
  return seconds_ > 0 ? passed_[link] / seconds_ * 3600 : 0;
}
double Truth::flow_now(std::size_t link) const {
  return weight_ > 0 ? now_[link] / weight_ * 3600 : 0;
}

}  // namespace dispecer::bench
