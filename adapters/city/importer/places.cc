#include <set>

#include "adapters/city/importer/derive.h"

namespace dispecer::city {
namespace {

using sumo::Net;

struct LinkNumber {
  std::string node;
  int number = -1;
};

std::map<std::string, LinkNumber> number_lanes(const Net& net) {
  std::map<std::string, LinkNumber> out;
  for (const auto& [id, node] : net.nodes) {
    for (std::size_t i = 0; i < node.internal_lanes.size(); ++i) {
      out[node.internal_lanes[i]] = {id, static_cast<int>(i)};
    }
  }
  return out;
}

// The internal lanes of a connection; a way with a place to wait inside the junction has several.
std::vector<std::string> inner_lanes(const Net& net, const sumo::Connection& c) {
  std::vector<std::string> out;
  std::string lane = c.via;
  while (!lane.empty() && out.size() < 8) {
    out.push_back(lane);
    const auto it = net.onward.find(lane);
    lane = it == net.onward.end() ? "" : it->second.via;
  }
  return out;
}

GroupKind kind_of(const sumo::Lane& lane) {
  if (lane.motor) return lane.bus_only ? GroupKind::bus : GroupKind::vehicle;
  if (lane.bicycle) return GroupKind::cycle;
  if (lane.rail) return GroupKind::tram;
  return lane.pedestrian ? GroupKind::pedestrian : GroupKind::vehicle;
}

void add_street_way(const Net& net, const sumo::Connection& c, const sumo::Edge& from,
                    const std::map<std::string, LinkNumber>& numbers, SignalWay& way) {
  way.node = from.to;
  if (c.from_lane < from.lanes.size()) {
    const auto& lane = from.lanes[c.from_lane];
    way.kind = kind_of(lane);
    way.speed = lane.speed;
    if (!lane.shape.empty()) way.path.push_back(lane.shape.back());
  }
  for (const auto& id : inner_lanes(net, c)) {
    if (const auto it = numbers.find(id); it != numbers.end()) way.number = it->second.number;
    if (const auto it = net.inner.find(id); it != net.inner.end()) {
      way.path.insert(way.path.end(), it->second.shape.begin(), it->second.shape.end());
    }
  }
  const auto to = net.edges.find(c.to);
  if (to != net.edges.end() && c.to_lane < to->second.lanes.size() &&
      !to->second.lanes[c.to_lane].shape.empty()) {
    way.path.push_back(to->second.lanes[c.to_lane].shape.front());
  }
}

bool add_crossing_way(const sumo::Edge& crossing, const std::map<std::string, LinkNumber>& numbers,
                      SignalWay& way) {
  if (crossing.lanes.empty()) return false;
  const auto& lane = crossing.lanes.front();
  const auto it = numbers.find(lane.id);
  if (it == numbers.end()) return false;
  way.node = it->second.node;
  way.number = it->second.number;
  way.crossing = crossing.id;
  way.kind = GroupKind::pedestrian;
  way.path = lane.shape;
  way.speed = 1.2;
  return true;
}

}  // namespace

Places::Places(const Net& net) {
  const auto numbers = number_lanes(net);
  for (const auto& c : net.connections) {
    if (c.tl.empty() || c.index < 0) continue;
    SignalWay way;
    way.index = static_cast<std::uint32_t>(c.index);
    way.from_edge = c.from;
    way.from_lane = c.from_lane;
    way.to_edge = c.to;
    way.turn = c.dir.empty() ? 's' : c.dir[0];
    if (const auto from = net.edges.find(c.from); from != net.edges.end()) {
      add_street_way(net, c, from->second, numbers, way);
    } else {
      auto crossing = net.crossings.find(c.to);
      if (crossing == net.crossings.end()) crossing = net.crossings.find(c.from);
      if (crossing == net.crossings.end() || !add_crossing_way(crossing->second, numbers, way)) {
        continue;
      }
    }
    // Barriers and signals of a railway are not ours to switch.
    const auto node = net.nodes.find(way.node);
    if (node != net.nodes.end() && node->second.type.starts_with("rail_")) continue;
    light_of_node_.emplace(way.node, c.tl);
    ways_[c.tl].push_back(std::move(way));
  }
}

JunctionId Places::of(const std::string& node) const {
  if (const auto it = light_of_node_.find(node); it != light_of_node_.end()) {
    return JunctionId(it->second);
  }
  return JunctionId(ways_.contains(node) ? "node/" + node : node);
}

}  // namespace dispecer::city
