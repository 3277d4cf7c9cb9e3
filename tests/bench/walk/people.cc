#include "tests/bench/walk/people.h"

#include <libsumo/libsumo.h>

#include <set>

namespace dispecer::bench {
namespace {

constexpr double kStands = 0.1;  // m/s, below which somebody counts as standing

}  // namespace

People::People(const city::City& city) {
  const auto all = libsumo::Edge::getIDList();
  const std::set<std::string> known(all.begin(), all.end());
  std::map<std::string, Junction> found;  // by the beginning of its edges' names
  for (const auto& c : city.network.crossings) {
    const auto edge = city.sumo.crossing_edge.find(c.id);
    if (c.group.empty() || edge == city.sumo.crossing_edge.end() || known.count(edge->second) == 0)
      continue;
    const auto end = edge->second.rfind("_c");
    if (end == std::string::npos) continue;
    found[edge->second.substr(0, end)].edges[edge->second] = c.id;
    ++crossings_;
  }
  for (auto& [prefix, junction] : found) {
    for (const auto& edge : all) {
      if (edge.starts_with(prefix + "_w")) junction.areas.push_back(edge);
    }
    junctions_.push_back(std::move(junction));
  }
}

std::vector<AtCrossing> People::look() const {
  std::vector<AtCrossing> out;
  for (const auto& j : junctions_) {
    for (const auto& area : j.areas) {
      for (const auto& person : libsumo::Edge::getLastStepPersonIDs(area)) {
        const auto crossing = j.edges.find(libsumo::Person::getNextEdge(person));
        if (crossing == j.edges.end()) continue;
        out.push_back(
            {person, crossing->second, false, libsumo::Person::getSpeed(person) < kStands});
      }
    }
    for (const auto& [edge, id] : j.edges) {
      for (const auto& person : libsumo::Edge::getLastStepPersonIDs(edge)) {
        out.push_back({person, id, true, false});
      }
    }
  }
  return out;
}

}  // namespace dispecer::bench
