#include "controller/signals/site.h"

#include <algorithm>
#include <map>
#include <string>

#include "controller/plan/early_start.h"
#include "controller/signals/slow_walk.h"

namespace dispecer::signals {
namespace {

std::uint32_t group_index(const JunctionSignals& signals, const SignalGroupId& id) {
  for (std::uint32_t g = 0; g < signals.groups.size() && !id.empty(); ++g) {
    if (signals.groups[g].id == id) return g;
  }
  return kNone;
}

const Link* find_link(const NetworkIndex& network, const LinkId& id) {
  const auto it = network.links.find(id);
  return it == network.links.end() ? nullptr : it->second;
}

template <class T>
const std::vector<const T*>& rows(const std::map<JunctionId, std::vector<const T*>>& of,
                                  const JunctionId& junction) {
  static const std::vector<const T*> none;
  const auto it = of.find(junction);
  return it == of.end() ? none : it->second;
}

// Cheapest ways over allowed transitions (Floyd and Warshall); a stage passed through costs its
// minimum green and two intergreens.
void add_ways(Site& site, const JunctionSignals& signals) {
  const std::size_t n = site.stages.size();
  const IntergreenMatrix matrix(signals);
  site.ways.assign(n * n, Way{});
  for (std::uint32_t a = 0; a < n; ++a) {
    for (std::uint32_t b = 0; b < n; ++b) {
      if (a == b) {
        site.ways[a * n + b] = {b, 0};
      } else if (transition_allowed(signals, site.stages[a].number, site.stages[b].number)) {
        site.ways[a * n + b] = {b, matrix.between(signals.stages[a], signals.stages[b])};
      }
    }
  }
  for (std::size_t via = 0; via < n; ++via) {
    for (std::size_t a = 0; a < n; ++a) {
      for (std::size_t b = 0; b < n; ++b) {
        const auto& left = site.ways[a * n + via];
        const auto& right = site.ways[via * n + b];
        if (a == b || a == via || b == via || left.first == kNone || right.first == kNone) continue;
        const double loss = left.loss + site.stages[via].min_green + kOrderSeconds + right.loss;
        auto& way = site.ways[a * n + b];
        if (way.first == kNone || loss < way.loss) way = {left.first, loss};
      }
    }
  }
}

// Who comes to a led stage from one in which its crossings are red goes by the stage that leads.
void add_leads(Site& site, const JunctionSignals& signals,
               const std::vector<const Crossing*>& crossings) {
  const std::size_t n = site.stages.size();
  site.leads.assign(n, Lead{});
  const auto early = early_groups(signals, crossings);
  if (early.empty()) return;
  const auto direct = site.ways;
  for (std::uint32_t led = 0; led < n; ++led) {
    auto groups = early_in(signals.stages[led], early);
    if (!needs_lead(signals.stages[led], groups)) continue;
    const auto by = lead_stage(signals, led, groups);
    if (!by) continue;
    auto& lead = site.leads[led];
    lead.stage = *by;
    for (const auto& e : early) {
      if (site.stages[led].green[e.group]) lead.seconds = std::max(lead.seconds, e.seconds);
    }
    lead.groups = std::move(groups);
    for (std::uint32_t a = 0; a < n; ++a) {
      const auto& to_lead = direct[a * n + *by];
      const bool walk = std::all_of(lead.groups.begin(), lead.groups.end(),
                                    [&](auto g) { return site.stages[a].green[g]; });
      if (walk || to_lead.first == kNone) continue;
      for (std::uint32_t b = 0; b < n; ++b) {
        auto& way = site.ways[a * n + b];
        if (a == b || way.first != led) continue;
        const double longer =
            to_lead.loss + lead.seconds + direct[*by * n + led].loss - direct[a * n + led].loss;
        way = {to_lead.first, way.loss + std::max(0.0, longer)};
      }
    }
  }
}

void add_plan(Site& site, const JunctionSignals& signals) {
  const auto* plan = find_plan(signals, signals.local_plan);
  if (plan == nullptr || plan->ring.empty()) return;
  site.cycle = plan->cycle.value;
  for (std::size_t i = 0; i < plan->ring.size(); ++i) {
    const auto index = site.index_of(plan->ring[i].stage);
    if (index == kNone) continue;
    double span = plan->ring[(i + 1) % plan->ring.size()].start.value - plan->ring[i].start.value;
    if (span <= 0) span += site.cycle;
    site.ring.push_back(index);
    site.stages[index].plan_span += span;
  }
}

}  // namespace

std::uint32_t Site::index_of(std::uint32_t number) const {
  for (std::uint32_t i = 0; i < stages.size(); ++i) {
    if (stages[i].number == number) return i;
  }
  return kNone;
}

NetworkIndex make_index(const Network& network) {
  NetworkIndex index;
  for (const auto& l : network.links) index.links[l.id] = &l;
  for (const auto& m : network.movements) {
    index.movements[m.junction].push_back(&m);
    index.into[m.to].push_back(&m);
    index.out_of[m.from].push_back(&m);
  }
  for (const auto& c : network.crossings) index.crossings[c.junction].push_back(&c);
  return index;
}

Site make_site(const NetworkIndex& network, const JunctionSignals& signals,
               const SignalParameters& parameters) {
  Site site;
  site.signals = signals;
  site.group_movements.resize(signals.groups.size());
  site.group_crossings.resize(signals.groups.size());
  for (const auto* m : rows(network.movements, signals.junction)) {
    const auto group = group_index(signals, m->group);
    if (group == kNone) continue;
    const auto* to = find_link(network, m->to);
    const double room =
        to == nullptr ? 0 : to->length.value * to->lanes / parameters.metres_per_vehicle;
    site.group_movements[group].push_back(static_cast<std::uint32_t>(site.movements.size()));
    const auto* from = find_link(network, m->from);
    const double length = from == nullptr ? 0 : from->length.value;
    const bool blocks = in_the_way(network, m->from, parameters.feeder_reach_m);
    const bool bus_lane = from != nullptr && from->bus_lane;
    site.movements.push_back({m->id, m->from, m->to, group, room, length, blocks, bus_lane});
  }
  for (auto& m : site.movements) {
    for (std::uint32_t i = 0; i < site.movements.size(); ++i) {
      if (site.movements[i].from == m.to) m.onward.push_back(i);
    }
  }
  for (const auto* c : rows(network.crossings, signals.junction)) {
    const auto group = group_index(signals, c->group);
    if (group == kNone) continue;
    site.group_crossings[group].push_back(static_cast<std::uint32_t>(site.crossings.size()));
    site.crossings.push_back({c->id, group, c->push_button, promised_wait(*c, parameters),
                              c->length.value, c->slow_walk});
  }
  for (const auto& s : signals.stages) {
    SiteStage stage;
    stage.number = s.number;
    stage.skippable = s.skippable;
    stage.green.assign(signals.groups.size(), false);
    stage.groups = s.green;
    for (const auto g : s.green) {
      stage.green[g] = true;
      stage.min_green = std::max(stage.min_green, signals.groups[g].min_green.time.value);
    }
    for (std::uint32_t c = 0; c < site.crossings.size(); ++c) {
      if (stage.green[site.crossings[c].group]) stage.crossings.push_back(c);
    }
    site.stages.push_back(std::move(stage));
  }
  add_ways(site, signals);
  add_leads(site, signals, rows(network.crossings, signals.junction));
  add_plan(site, signals);
  site.rings = make_rings(site);
  site.bundles = make_bundles(site, network);
  site.feeders = find_feeders(site, network, parameters.feeder_reach_m);
  set_slow_walk(site, SlowWalk::marked);
  return site;
}

}  // namespace dispecer::signals
