#include <algorithm>
#include <cmath>
#include <set>

#include "adapters/city/importer/derive.h"

namespace dispecer::city {
namespace {

using sumo::Edge;
using sumo::Net;

constexpr double kSaturation = 1800;  // veh/h and lane, the usual value for a straight lane
constexpr double kShortLink = 13;     // m; hides queues
constexpr double kTrap = 15;          // m

double centimetres(double v) {
  return std::round(v * 100) / 100;
}

// Share of an approach's traffic by turn, before anything was learnt.
double turn_weight(Turn turn) {
  switch (turn) {
    case Turn::straight:
      return 3;
    case Turn::u_turn:
      return 0.05;
    default:
      return 1;
  }
}

Turn turn_of(const std::string& dir) {
  if (dir == "s") return Turn::straight;
  if (dir == "l" || dir == "L") return Turn::left;
  if (dir == "r" || dir == "R") return Turn::right;
  if (dir == "t") return Turn::u_turn;
  return Turn::unknown;
}

const sumo::Lane* middle_lane(const Edge& edge) {
  std::vector<const sumo::Lane*> motor;
  for (const auto& lane : edge.lanes) {
    if (lane.motor) motor.push_back(&lane);
  }
  if (!motor.empty()) return motor[motor.size() / 2];
  return edge.lanes.empty() ? nullptr : &edge.lanes.back();
}

bool for_street(const Edge& edge) {
  return std::any_of(edge.lanes.begin(), edge.lanes.end(),
                     [](const sumo::Lane& l) { return l.motor || l.bicycle || l.pedestrian; });
}

class NetworkBuilder {
 public:
  NetworkBuilder(const Net& net, const Places& places, const Projection& projection,
                 const std::map<std::string, DerivedSignals>& signals, City& city,
                 Findings& findings)
      : net_(net),
        places_(places),
        projection_(projection),
        signals_(signals),
        city_(city),
        findings_(findings),
        provenance_(projection.kind() == ProjectionKind::utm         ? Provenance::derived
                    : projection.kind() == ProjectionKind::stretched ? Provenance::approximate
                                                                     : Provenance::invented) {}

  void build() {
    add_links();
    add_junctions();
    add_movements();
    add_crossings();
  }

 private:
  void add_links() {
    for (const auto& [id, edge] : net_.edges) {
      const auto* lane = middle_lane(edge);
      if (lane == nullptr || !for_street(edge)) continue;
      Link l;
      l.id = LinkId(id);
      l.name = edge.name;
      l.from = places_.of(edge.from);
      l.to = places_.of(edge.to);
      auto shape = lane->shape.size() >= 2 ? lane->shape : edge.shape;
      if (shape.size() < 2) {
        shape = {net_.nodes.at(edge.from).position, net_.nodes.at(edge.to).position};
      }
      for (const auto& p : shape) l.shape.push_back(projection_.to_lon_lat(p));
      l.length = {std::max(0.1, centimetres(lane->length))};
      l.lanes = std::min(20U, edge.motor_lanes());
      double speed = 0;
      for (const auto& any : edge.lanes) {
        if (any.motor || edge.motor_lanes() == 0) speed = std::max(speed, any.speed);
        l.bus_lane = l.bus_lane || any.bus_only;
        l.cycle_lane = l.cycle_lane || (any.bicycle && !any.motor && !any.pedestrian);
        l.sidewalk = l.sidewalk || (any.pedestrian && !any.motor);
      }
      l.speed_limit = {std::clamp(centimetres(speed), 0.1, 60.0)};
      l.saturation_flow = {kSaturation * l.lanes};
      l.provenance = provenance_;
      city_.sumo.edge[l.id] = id;
      names_[l.from].insert(edge.name);
      names_[l.to].insert(edge.name);
      city_.network.links.push_back(std::move(l));
      used_.insert(id);
    }
  }

  void add_junctions() {
    std::map<JunctionId, std::vector<const sumo::Node*>> members;
    for (const auto& id : used_) {
      const auto& edge = net_.edges.at(id);
      for (const auto* end : {&edge.from, &edge.to}) {
        const auto node = net_.nodes.find(*end);
        if (node == net_.nodes.end()) continue;
        auto& list = members[places_.of(*end)];
        if (std::find(list.begin(), list.end(), &node->second) == list.end()) {
          list.push_back(&node->second);
        }
      }
    }
    for (const auto& [id, nodes] : members) {
      Junction j;
      j.id = id;
      Local middle;
      for (const auto* n : nodes) {
        middle.x += n->position.x / static_cast<double>(nodes.size());
        middle.y += n->position.y / static_cast<double>(nodes.size());
        if (j.name.empty()) j.name = n->name;
      }
      if (j.name.empty()) j.name = street_names(id);
      j.position = projection_.to_lon_lat(middle);
      j.signalised = places_.ways().contains(id.str());
      j.provenance = provenance_;
      city_.network.junctions.push_back(std::move(j));
    }
  }

  std::string street_names(const JunctionId& id) const {
    const auto it = names_.find(id);
    std::string text;
    std::size_t n = 0;
    if (it != names_.end()) {
      for (const auto& name : it->second) {
        if (name.empty() || n++ >= 2) continue;
        text += (text.empty() ? "" : " / ") + name;
      }
    }
    return text.empty() ? id.str() : text;
  }

  SignalGroupId group_of(const sumo::Connection& c) const {
    const auto it = signals_.find(c.tl);
    if (c.index < 0 || it == signals_.end()) return {};
    const auto g = it->second.group_of_index.find(static_cast<std::uint32_t>(c.index));
    if (g == it->second.group_of_index.end()) return {};
    return it->second.signals.groups[g->second].id;
  }

  // At the others one can only turn back: the map ends there and the town does not, so what arrives
  // leaves it.
  std::set<std::string> nodes_that_lead_on() const {
    std::set<std::string> nodes;
    for (const auto& c : net_.connections) {
      if (!used_.contains(c.from) || !used_.contains(c.to)) continue;
      if (c.dir != "t" || c.index >= 0) nodes.insert(net_.edges.at(c.from).to);
    }
    return nodes;
  }

  void add_movements() {
    struct Way {
      Turn turn = Turn::unknown;
      std::set<std::uint32_t> lanes;
    };
    std::map<std::pair<std::string, std::string>, std::map<SignalGroupId, Way>> ways;
    const auto leads_on = nodes_that_lead_on();
    for (const auto& c : net_.connections) {
      if (!used_.contains(c.from) || !used_.contains(c.to)) continue;
      if (!leads_on.contains(net_.edges.at(c.from).to)) continue;
      const auto& from = net_.edges.at(c.from);
      const auto& to = net_.edges.at(c.to);
      const int lane = from.motor_index(c.from_lane);
      if (lane < 0 || to.motor_index(c.to_lane) < 0 || lane >= 20) continue;
      auto& way = ways[{c.from, c.to}][group_of(c)];
      way.lanes.insert(static_cast<std::uint32_t>(lane));
      if (way.turn == Turn::unknown) way.turn = turn_of(c.dir);
    }
    std::map<std::string, double> weights;
    for (const auto& [ends, groups] : ways) {
      weights[ends.first] += turn_weight(groups.begin()->second.turn);
    }
    for (const auto& [ends, groups] : ways) {
      std::size_t all = 0, n = 0;
      for (const auto& [group, way] : groups) all += way.lanes.size();
      for (const auto& [group, way] : groups) {
        Movement m;
        m.id = MovementId(ends.first + ">" + ends.second + (n > 0 ? "#" + std::to_string(n) : ""));
        ++n;
        m.junction = places_.of(net_.edges.at(ends.first).to);
        m.from = LinkId(ends.first);
        m.to = LinkId(ends.second);
        m.turn = way.turn;
        m.group = group;
        m.lanes.assign(way.lanes.begin(), way.lanes.end());
        const auto lanes = static_cast<double>(way.lanes.size());
        m.saturation_flow = {kSaturation * lanes};
        m.share = {std::round(turn_weight(groups.begin()->second.turn) / weights[ends.first] *
                              lanes / static_cast<double>(all) * 1e6) /
                   1e6};
        city_.network.movements.push_back(std::move(m));
      }
    }
    tell_short_approaches();
  }

  void tell_short_approaches() {
    std::map<LinkId, std::vector<const Movement*>> from;
    for (const auto& m : city_.network.movements) {
      if (!m.group.empty()) from[m.from].push_back(&m);
    }
    for (const auto& l : city_.network.links) {
      const auto it = from.find(l.id);
      if (it == from.end()) continue;
      const auto name = l.to.str();
      char text[32];
      std::snprintf(text, sizeof text, "%.1f m", l.length.value);
      if (l.length.value < kShortLink) {
        findings_.push_back({"short_link", name,
                             "approach '" + l.id.str() + "' is " + text +
                                 " long and hides queues; loops are laid further upstream"});
      }
      const auto apart = [](const Movement* a, const Movement* b) {
        return std::none_of(a->lanes.begin(), a->lanes.end(), [&](std::uint32_t lane) {
          return std::find(b->lanes.begin(), b->lanes.end(), lane) != b->lanes.end();
        });
      };
      const bool split = std::any_of(it->second.begin(), it->second.end(), [&](const Movement* a) {
        return std::any_of(it->second.begin(), it->second.end(),
                           [&](const Movement* b) { return apart(a, b); });
      });
      if (l.length.value < kTrap && l.lanes > 1 && split) {
        findings_.push_back({"lane_trap", name,
                             "on approach '" + l.id.str() + "' (" + text +
                                 ") two vehicles side by side can each want the other's lane"});
      }
    }
  }

  void add_crossings() {
    std::map<std::string, std::pair<std::string, std::uint32_t>> lights;
    for (const auto& [light, ways] : places_.ways()) {
      for (const auto& way : ways) {
        if (!way.crossing.empty()) lights.emplace(way.crossing, std::pair{light, way.index});
      }
    }
    std::map<std::string, std::string> node_of;
    for (const auto& [id, node] : net_.nodes) {
      for (const auto& lane : node.internal_lanes) node_of[lane] = id;
    }
    std::set<JunctionId> known;
    for (const auto& j : city_.network.junctions) known.insert(j.id);
    for (const auto& [id, edge] : net_.crossings) {
      if (edge.lanes.empty()) continue;
      const auto& lane = edge.lanes.front();
      const auto node = node_of.find(lane.id);
      if (node == node_of.end() || !known.contains(places_.of(node->second))) continue;
      Crossing c;
      c.id = CrossingId(id);
      c.junction = places_.of(node->second);
      if (const auto light = lights.find(id); light != lights.end()) {
        sumo::Connection as;
        as.tl = light->second.first;
        as.index = static_cast<int>(light->second.second);
        c.group = group_of(as);
        c.push_button = !c.group.empty();
      }
      c.length = {std::min(200.0, centimetres(lane.length))};
      c.cycle = lane.bicycle;
      for (const auto& p : lane.shape) c.shape.push_back(projection_.to_lon_lat(p));
      c.provenance = provenance_;
      city_.sumo.crossing_edge[c.id] = id;
      city_.network.crossings.push_back(std::move(c));
    }
  }

  const Net& net_;
  const Places& places_;
  const Projection& projection_;
  const std::map<std::string, DerivedSignals>& signals_;
  City& city_;
  Findings& findings_;
  Provenance provenance_;
  std::set<std::string> used_;
  std::map<JunctionId, std::set<std::string>> names_;
};

}  // namespace

void derive_network(const Net& net, const Places& places, const Projection& projection,
                    const std::map<std::string, DerivedSignals>& signals, City& city,
                    Findings& findings) {
  NetworkBuilder(net, places, projection, signals, city, findings).build();
}

}  // namespace dispecer::city
