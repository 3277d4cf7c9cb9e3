#include "tests/bench/lockstep/rules.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "adapters/city/importer/derive.h"

namespace dispecer::bench {
namespace {

constexpr double kYellow = 3;
constexpr double kAllRed = 2;
constexpr double kNoMaxRed = 600;  // the longest time that a junction's file can state
constexpr double kLaneWidth = 3.2;
constexpr double kRefuge = 1.0;  // between the directions of a road
constexpr double kWalk = 1.2;    // m/s

void set_all(JunctionSignals& s, double amber, double all_red, double min_green, double max_red) {
  for (auto& g : s.groups) {
    g.amber.time = {amber};
    g.red_amber.time = {0};
    g.min_green.time = {min_green};
    g.max_red.time = {max_red};
  }
  for (auto& i : s.intergreens) i.time.time = {amber + all_red};
}

// A crossing over an arm: people walk where no movement with priority enters or leaves by that arm.
void add_crossings(city::City& city, JunctionSignals& s) {
  std::map<JunctionId, const Junction*> junctions;
  for (const auto& j : city.network.junctions) junctions[j.id] = &j;
  std::map<LinkId, const Link*> links;
  for (const auto& l : city.network.links) links[l.id] = &l;
  std::map<JunctionId, std::vector<const Movement*>> arms;  // by the junction beyond the arm
  for (const auto& m : city.network.movements) {
    if (m.junction != s.junction || m.group.empty()) continue;
    arms[links.at(m.from)->from].push_back(&m);
    arms[links.at(m.to)->to].push_back(&m);
  }
  const auto index_of = [&](const SignalGroupId& id) {
    for (std::uint32_t g = 0; g < s.groups.size(); ++g) {
      if (s.groups[g].id == id) return g;
    }
    return std::uint32_t{0};
  };
  unsigned number = 0;
  std::uint32_t detectors = 0;
  for (const auto& d : city.network.detectors) {
    if (d.junction == s.junction) detectors = std::max(detectors, d.number);
  }
  for (const auto& [beyond, movements] : arms) {
    std::set<LinkId> roads;
    for (const auto* m : movements) {
      if (links.at(m->from)->from == beyond) roads.insert(m->from);
      if (links.at(m->to)->to == beyond) roads.insert(m->to);
    }
    double width = roads.size() > 1 ? kRefuge : 0;
    for (const auto& l : roads) width += kLaneWidth * std::max(1U, links.at(l)->lanes);
    // Turning traffic gives way to people on foot; what goes straight on, or comes out of the arm,
    // does not.
    std::set<std::uint32_t> against;
    for (const auto* m : movements) {
      if (m->turn == Turn::straight || links.at(m->from)->from == beyond) {
        against.insert(index_of(m->group));
      }
    }
    const auto group = static_cast<std::uint32_t>(s.groups.size());
    std::vector<std::uint32_t> served;
    for (std::uint32_t i = 0; i < s.stages.size(); ++i) {
      const auto& green = s.stages[i].green;
      if (std::none_of(green.begin(), green.end(),
                       [&](std::uint32_t g) { return against.count(g) != 0; })) {
        served.push_back(i);
      }
    }
    if (served.empty()) continue;  // its stages leave no time to walk here
    const double clearance = std::ceil(width / kWalk);
    SignalGroup g;
    g.id = SignalGroupId("X" + std::to_string(++number));
    g.kind = GroupKind::pedestrian;
    g.min_green = {{std::max(5.0, std::ceil(width / 2 / kWalk))}, 0};
    g.amber = {{clearance}, 0};
    g.max_red = {{120}, 0};
    s.groups.push_back(g);
    for (const auto other : against) {
      s.intergreens.push_back({group, other, {{clearance}, 0}});
      s.intergreens.push_back({other, group, {{s.groups[other].amber.time.value + kAllRed}, 0}});
    }
    for (const auto i : served) s.stages[i].green.push_back(group);
    Crossing c;
    c.id = CrossingId(s.junction.str() + "." + g.id.str());
    c.junction = s.junction;
    c.group = g.id;
    c.length = {width};
    c.push_button = true;
    c.provenance = Provenance::invented;
    city.network.crossings.push_back(c);
    Detector button;
    button.id = DetectorId(c.id.str() + ".button");
    button.kind = DetectorKind::push_button;
    button.junction = s.junction;
    button.number = ++detectors;
    button.group = g.id;
    button.provenance = Provenance::invented;
    city.network.detectors.push_back(button);
    // Indices of the simulator that the new group drives: none, it has people but no lamps there.
    city.sumo.group_indices[s.junction].emplace_back();
  }
}

double span_of(const SignalPlan& plan, std::size_t i) {
  const std::size_t n = plan.ring.size();
  const double span = plan.ring[(i + 1) % n].start.value - plan.ring[i].start.value;
  return span > 0 ? span : span + plan.cycle.value;
}

// Seconds of full green of each stage of a plan's ring.
std::vector<double> full_greens(const JunctionSignals& s, const SignalPlan& plan) {
  const IntergreenMatrix matrix(s);
  const std::size_t n = plan.ring.size();
  std::vector<double> out;
  for (std::size_t i = 0; i < n; ++i) {
    const auto* stage = find_stage(s, plan.ring[i].stage);
    const auto* next = find_stage(s, plan.ring[(i + 1) % n].stage);
    out.push_back(span_of(plan, i) - (n == 1 ? 0 : matrix.between(*stage, *next)));
  }
  return out;
}

// Makes the plan keep the rules; `full` is what its stages had before.
void retime(const JunctionSignals& s, const std::vector<double>& full, SignalPlan& plan) {
  city::RingTimes times;
  times.cycle = plan.cycle.value;
  times.full = full;
  for (const auto& row : plan.ring) {
    times.stages.push_back(row.stage);
    times.starts.push_back(row.start.value);
  }
  city::Findings findings;
  times = city::fit_ring(s, times, findings);
  plan.cycle = {times.cycle};
  plan.offset = {std::fmod(plan.offset.value, times.cycle)};
  for (std::size_t i = 0; i < plan.ring.size(); ++i) plan.ring[i].start = {times.starts[i]};
  const auto greens = full_greens(s, plan);
  for (std::size_t i = 0; i < plan.ring.size(); ++i) {
    auto& row = plan.ring[i];
    row.min_green = {std::clamp(row.min_green.value, 0.0, std::max(0.0, greens[i]))};
    row.max_green = {std::min(600.0, std::max(row.max_green.value, greens[i]))};
  }
}

}  // namespace

Result<> put_rules(Rules rules, city::City& city) {
  if (rules == Rules::own) return Ok{};
  for (auto& [id, s] : city.signals) {
    std::vector<std::vector<double>> full;
    for (const auto& plan : s.plans) full.push_back(full_greens(s, plan));
    switch (rules) {
      case Rules::open:
        set_all(s, kYellow, 0, 5, kNoMaxRed);
        break;
      case Rules::street:
        set_all(s, kYellow, kAllRed, 6, 120);
        break;
      default:
        for (auto& g : s.groups) {
          g.max_red.time = {120};
          g.min_green.time = {std::max(6.0, g.min_green.time.value)};
        }
        add_crossings(city, s);
    }
    for (std::size_t p = 0; p < s.plans.size(); ++p) retime(s, full[p], s.plans[p]);
    if (const auto r = validate(s); !r) {
      return Error{r.error().cause, r.error().what, id.str() + ": " + r.error().where};
    }
  }
  return Ok{};
}

StageTimes stage_times(const city::City& city) {
  constexpr double kStartUp = 2;  // Highway Capacity Manual: start-up lost time
  StageTimes sum;
  double count = 0;
  for (const auto& [id, s] : city.signals) {
    const IntergreenMatrix matrix(s);
    const auto& ring = s.plans.front().ring;
    for (std::size_t i = 0; ring.size() > 1 && i < ring.size(); ++i) {
      const auto* stage = find_stage(s, ring[i].stage);
      const auto* next = find_stage(s, ring[(i + 1) % ring.size()].stage);
      double least = 0;
      for (const auto g : stage->green) least = std::max(least, s.groups[g].min_green.time.value);
      sum.lost += matrix.between(*stage, *next) + kStartUp;
      sum.least += least;
      ++count;
    }
  }
  if (count == 0) return {};
  return {sum.lost / count, sum.least / count};
}

}  // namespace dispecer::bench
