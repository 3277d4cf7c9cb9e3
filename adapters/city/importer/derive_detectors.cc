// Stop-line loops 2 m before the line and advance loops up to 80 m upstream on every lane for motor
// traffic of every signalised approach. Where the approach is shorter than 50 m, loops also lie on
// the links that lead into it, so that queues beyond it are seen.
#include <algorithm>
#include <cmath>
#include <set>

#include "adapters/city/importer/derive.h"

namespace dispecer::city {
namespace {

constexpr double kStopLine = 2;
constexpr double kAdvance = 80;
constexpr double kAdvanceLeast = 30;  // nearer ones are entry loops
constexpr double kShortApproach = 50;

class Layer {
 public:
  Layer(const sumo::Net& net, const Places& places,
        const std::map<std::string, DerivedSignals>& signals, City& city)
      : net_(net), places_(places), signals_(signals), city_(city) {
    for (const auto& m : city.network.movements) {
      from_[m.from].push_back(&m);
      to_[m.to].push_back(&m);
    }
    for (const auto& l : city.network.links) links_[l.id] = &l;
  }

  std::vector<LoopPlace> lay() {
    for (const auto& [light, derived] : signals_) {
      junction_ = derived.signals.junction;
      number_ = 0;
      std::set<LinkId> approaches;
      for (const auto& way : places_.ways().at(light)) {
        const LinkId link(way.from_edge);
        if (links_.contains(link)) approaches.insert(link);
      }
      for (const auto& link : approaches) lay_loops(link, true);
      std::set<LinkId> upstream;
      for (const auto& link : approaches) {
        if (links_.at(link)->length.value >= kShortApproach) continue;
        for (const auto* m : to_[link]) {
          const bool signals_there = !m->group.empty();
          if (!signals_there && !approaches.contains(m->from)) upstream.insert(m->from);
        }
      }
      for (const auto& link : upstream) lay_loops(link, false);
      for (const auto& c : city_.network.crossings) {
        if (c.junction != junction_ || c.group.empty() || !c.push_button) continue;
        Detector d = next(DetectorKind::push_button);
        d.group = c.group;
        city_.network.detectors.push_back(d);
      }
    }
    return std::move(loops_);
  }

 private:
  Detector next(DetectorKind kind) {
    Detector d;
    d.number = ++number_;
    d.id = DetectorId(junction_.str() + ".d" + std::to_string(number_));
    d.kind = kind;
    d.junction = junction_;
    d.provenance = Provenance::derived;
    return d;
  }

  // Group of the main way of a lane: straight on where there is one.
  SignalGroupId group_of(const LinkId& link, std::uint32_t lane) {
    const Movement* best = nullptr;
    for (const auto* m : from_[link]) {
      if (m->group.empty() || std::find(m->lanes.begin(), m->lanes.end(), lane) == m->lanes.end()) {
        continue;
      }
      if (best == nullptr || (m->turn == Turn::straight && best->turn != Turn::straight)) best = m;
    }
    return best == nullptr ? SignalGroupId{} : best->group;
  }

  void lay_loops(const LinkId& link, bool stop_line) {
    const auto& edge = net_.edges.at(link.str());
    for (std::size_t i = 0; i < edge.lanes.size(); ++i) {
      const int lane = edge.motor_index(i);
      if (lane < 0 || lane >= 20) continue;
      const auto number = static_cast<std::uint32_t>(lane);
      const auto group = stop_line ? group_of(link, number) : SignalGroupId{};
      if (stop_line && group.empty()) continue;  // a lane that no signal governs
      const double length = edge.lanes[i].length;
      if (stop_line)
        put(link, number, edge.lanes[i], std::min(kStopLine, length / 2), DetectorKind::stop_line,
            group);
      const double far = std::min(kAdvance, length - 5);
      if (far > kStopLine + 5) {
        put(link, number, edge.lanes[i], far,
            far >= kAdvanceLeast ? DetectorKind::advance : DetectorKind::entry, group);
      } else if (!stop_line) {
        put(link, number, edge.lanes[i], length / 2, DetectorKind::entry, group);
      }
    }
  }

  void put(const LinkId& link, std::uint32_t lane, const sumo::Lane& on, double to_stop_line,
           DetectorKind kind, const SignalGroupId& group) {
    Detector d = next(kind);
    d.link = link;
    d.lane = lane;
    d.group = group;
    const double limit = links_.at(link)->length.value;
    d.to_stop_line = {std::round(std::min(to_stop_line, limit) * 100) / 100};
    loops_.push_back({d.id, on.id, std::max(0.0, on.length - d.to_stop_line.value)});
    city_.sumo.induction_loop[d.id] = d.id.str();
    city_.network.detectors.push_back(d);
  }

  const sumo::Net& net_;
  const Places& places_;
  const std::map<std::string, DerivedSignals>& signals_;
  City& city_;
  std::map<LinkId, std::vector<const Movement*>> from_, to_;
  std::map<LinkId, const Link*> links_;
  std::vector<LoopPlace> loops_;
  JunctionId junction_;
  std::uint32_t number_ = 0;
};

}  // namespace

std::vector<LoopPlace> derive_detectors(const sumo::Net& net, const Places& places,
                                        const std::map<std::string, DerivedSignals>& signals,
                                        City& city) {
  return Layer(net, places, signals, city).lay();
}

}  // namespace dispecer::city
