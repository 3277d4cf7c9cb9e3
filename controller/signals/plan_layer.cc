#include "controller/signals/plan_layer.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace dispecer::signals {
namespace {

constexpr double kLongestLink = 60;   // s of travel beyond which platoons are not followed
constexpr double kFlowMemory = 300;   // s
constexpr double kSameCycle = 0.5;    // s
constexpr double kReserve = 1.15;     // as flows may grow until the next look, and are not sure
constexpr double kSpare = 1.2;        // times Webster's optimum that a shorter cycle must keep
constexpr double kWorse = 1.1;        // times what the plans before would have left waiting
constexpr double kWorseVehicles = 1;  // and so many more
constexpr double kLock = 1800;        // s
constexpr std::size_t kNodesInSecond = 8;  // whose offsets are looked at
constexpr int kSweeps = 2;
constexpr double kLeftOver = 1;       // veh at the end of green that tell of more
constexpr double kPressShare = 0.25;  // of what the green let go
constexpr double kMostPressed = 20;   // veh

bool planned(const Site& site) {
  const auto lever = site.signals.lever;
  return (lever == Lever::plan || lever == Lever::bands) && site.rings.size() > 1;
}

// A plan for a junction at the flows of now.
struct Pick {
  const Ring* ring = nullptr;
  std::vector<double> green;
  double waits = 0;  // veh
};

Pick pick_of(const Site& site, const Ring& ring, const BundleFlows& flows,
             const SignalParameters& p) {
  Pick out{&ring, {}, 0};
  const bool own = ring.plan == site.signals.local_plan;
  out.green = site.signals.lever >= Lever::bands && !own ? balanced_greens(site, ring, flows)
                                                         : planned_greens(ring);
  out.waits = plan_delay(site, ring, out.green, flows, p);
  return out;
}

// Does every group get its green within its maximum red, whoever waits?
bool keeps_promise(const Site& site, const Ring& ring, const SignalParameters& p) {
  std::vector<double> green(site.signals.groups.size(), 0.0);
  for (const auto& s : ring.stages) {
    for (const auto g : site.stages[s.stage].groups) green[g] += s.least;
  }
  for (std::size_t g = 0; g < green.size(); ++g) {
    const double own = site.signals.groups[g].max_red.time.value;
    if (ring.cycle - green[g] > (own > 0 ? own : p.max_red_s)) return false;
  }
  return true;
}

// The best of those with this cycle; `ring` absent = there is none.
Pick best_of(const Site& site, double cycle, const BundleFlows& flows, const SignalParameters& p) {
  Pick best;
  for (const auto& ring : site.rings) {
    if (std::abs(ring.cycle - cycle) > kSameCycle || !keeps_promise(site, ring, p)) continue;
    auto next = pick_of(site, ring, flows, p);
    if (best.ring == nullptr || next.waits < best.waits) best = std::move(next);
  }
  return best;
}

// A queue that outlasts its green is longer than the loops can tell; the integral of that is what
// cycle-wise feedback on splits (TUC) works with.
void press(const PlanSubject& s, double since) {
  auto& m = s.memory->plans;
  const auto& rows = s.site->bundles.rows;
  m.pressed.resize(rows.size(), 0.0);
  m.green_s.resize(rows.size(), 0.0);
  for (std::size_t b = 0; b < rows.size(); ++b) {
    if (rows[b].movements.empty()) continue;
    if (s.memory->groups[rows[b].groups.front()].green) {
      m.green_s[b] += since;
      continue;
    }
    if (m.green_s[b] <= 0) continue;
    double left = 0;
    for (const auto i : rows[b].movements) left += s.view->movements[i].queue;
    const double served = rows[b].lanes * rows[b].lane_flow * m.green_s[b];
    m.pressed[b] = left > kLeftOver
                       ? std::min(kMostPressed, m.pressed[b] + kPressShare * std::max(1.0, served))
                       : 0.5 * m.pressed[b];
    m.green_s[b] = 0;
  }
}

void average(const PlanSubject& s, UtcTime now) {
  auto& m = s.memory->plans;
  if (!planned(*s.site) && s.site->rings.size() < 2) return;
  const double since = m.flow_last ? in_seconds(now - *m.flow_last) : 0;
  if (m.flow_last && since <= 0) return;
  if (!m.flow_since || since > kFlowMemory) {
    m.flow_since = now;
    m.flow.assign(s.site->movements.size(), 0.0);
    m.queue.assign(s.site->movements.size(), 0.0);
  }
  m.flow_last = now;
  const double age = in_seconds(now - *m.flow_since);
  const double share = std::min(1.0, std::max(1.0, since) / std::clamp(age, 1.0, kFlowMemory));
  for (std::size_t i = 0; i < m.flow.size(); ++i) {
    const double come = s.view->movements[i].come[kBins] / (kBins * kBinSeconds);
    m.flow[i] += share * (come - m.flow[i]);
    m.queue[i] += share * (s.view->movements[i].queue - m.queue[i]);
  }
  press(s, std::min(since, 2.0));
}

// What a plan must be able to serve: the flow, with something to spare until it is looked at again,
// and what stands beyond that which a red alone explains. A queue that outgrows its loops hides how
// many come.
std::vector<double> demand_of(const Site& site, const PlanMemory& m, double cycle) {
  std::vector<double> out(m.flow.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double left = std::max(0.0, m.queue[i] - 0.5 * cycle * m.flow[i]);
    out[i] = kReserve * (m.flow[i] + left / kFlowMemory);
  }
  for (std::size_t b = 0; b < m.pressed.size(); ++b) {
    const auto& of = site.bundles.rows[b].movements;
    for (const auto i : of) out[i] += m.pressed[b] / static_cast<double>(of.size()) / kFlowMemory;
  }
  return out;
}

struct Planning {
  PlanLayer& layer;
  PlanArea& area;
  const std::vector<PlanSubject>& subjects;
  const SignalParameters& p;
  std::vector<BundleFlows> flows;
  std::vector<Pick> now;  // what runs, or is wanted already

  [[nodiscard]] const PlanSubject& member(std::size_t i) const { return subjects[area.members[i]]; }
};

double total(const std::vector<Pick>& picks) {
  double sum = 0;
  for (const auto& pick : picks) sum += pick.waits;
  return sum;
}

void want(const PlanSubject& s, std::uint32_t plan) {
  auto& m = s.memory->plans;
  const std::uint32_t target = plan == s.site->signals.local_plan ? 0 : plan;
  if (m.target != target) m.target_offset.reset();
  m.target = target;
}

double measured(const Planning& w) {
  double sum = 0;
  for (std::size_t i = 0; i < w.area.members.size(); ++i) {
    for (const double q : w.member(i).memory->plans.queue) sum += q;
  }
  return sum;
}

// Was the last change for the worse? Then what ran before comes back.
bool undone(Planning& w, UtcTime now) {
  auto& area = w.area;
  if (area.before.empty()) return false;
  std::vector<Pick> earlier;
  for (std::size_t i = 0; i < area.members.size(); ++i) {
    const auto& site = *w.member(i).site;
    const auto* ring = find_ring(site.rings, area.before[i]);
    if (ring == nullptr) return false;
    earlier.push_back(pick_of(site, *ring, w.flows[i], w.p));
  }
  const bool worse = measured(w) > kWorse * area.waited * total(earlier) + kWorseVehicles;
  if (worse) {
    for (std::size_t i = 0; i < area.members.size(); ++i) {
      want(w.member(i), area.before[i]);
      w.now[i] = earlier[i];
    }
    area.locked = now + from_seconds(kLock);
  }
  area.before.clear();
  return worse;
}

// The common cycle with which least waits, and each junction's plan in it.
void choose(Planning& w, UtcTime now) {
  std::set<long> cycles;
  double webster = 0;
  for (std::size_t i = 0; i < w.area.members.size(); ++i) {
    const auto& site = *w.member(i).site;
    const auto& m = w.member(i).memory->plans;
    const auto* ring = find_ring(site.rings, m.target != 0 ? m.target : site.signals.local_plan);
    if (ring == nullptr) ring = &site.rings.front();
    w.flows.push_back(bundle_flows(site, demand_of(site, m, ring->cycle), w.p));
    w.now.push_back(pick_of(site, *ring, w.flows.back(), w.p));
    webster = std::max(webster, webster_cycle(site, *ring, w.flows.back(), w.p));
    for (const auto& r : site.rings) cycles.insert(std::lround(r.cycle));
  }
  if (undone(w, now) || (w.area.locked && now < *w.area.locked)) return;
  // Where bands correct the split in each cycle, an error in it matters half as much.
  const bool bands = std::all_of(w.area.members.begin(), w.area.members.end(), [&](auto i) {
    return w.subjects[i].site->signals.lever >= Lever::bands;
  });
  const double least = bands ? 0.5 * w.p.plan_least_share : w.p.plan_least_share;
  double runs = 0;
  for (const auto& pick : w.now) runs = std::max(runs, pick.ring->cycle);
  std::vector<Pick> best;
  for (const long c : cycles) {
    // Flows are not sure, and what is lost at saturation is not won back.
    const auto cycle = static_cast<double>(c);
    if (cycle < runs && cycle < kSpare * webster) continue;
    std::vector<Pick> picks;
    for (std::size_t i = 0; i < w.area.members.size(); ++i) {
      auto pick = best_of(*w.member(i).site, cycle, w.flows[i], w.p);
      // Where a junction cannot run it, it goes on as it is.
      picks.push_back(pick.ring == nullptr ? w.now[i] : std::move(pick));
    }
    if (best.empty() || total(picks) < total(best)) best = std::move(picks);
  }
  const bool worth = !best.empty() && total(best) < (1 - least) * total(w.now);
  const double cycle = w.now.front().ring->cycle;
  const bool common = std::all_of(w.now.begin(), w.now.end(), [&](const Pick& pick) {
    return std::abs(pick.ring->cycle - cycle) <= kSameCycle;
  });
  std::vector<std::uint32_t> before;
  const double waited = measured(w) / std::max(total(w.now), 1e-3);
  bool changes = false;
  for (std::size_t i = 0; i < w.area.members.size(); ++i) {
    auto next = worth ? best[i] : w.now[i];
    if (!worth && common) {
      auto other = best_of(*w.member(i).site, cycle, w.flows[i], w.p);
      if (other.waits < (1 - least) * w.now[i].waits) next = std::move(other);
    }
    auto& m = w.member(i).memory->plans;
    m.predicted_own = w.now[i].waits;
    m.predicted = next.waits;
    before.push_back(w.now[i].ring->plan);
    changes = changes || next.ring->plan != w.now[i].ring->plan;
    want(w.member(i), next.ring->plan);
    w.now[i] = std::move(next);
  }
  if (!changes) return;
  w.area.before = std::move(before);
  w.area.waited = waited;
}

// The platoon model of the members that have the most common cycle.
void build(Planning& w) {
  auto& area = w.area;
  std::map<long, std::size_t> count;
  for (const auto& pick : w.now) ++count[std::lround(pick.ring->cycle)];
  const auto most = std::max_element(
      count.begin(), count.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  area.net = {};
  area.nodes.clear();
  area.sweep = 0;
  area.net.cycle = static_cast<double>(most->first);
  std::vector<std::size_t> order;  // members of the nodes
  // By the link that a bundle comes from: node and bundle; and who lets go onto a link.
  struct Outlet {
    std::uint32_t node = 0;
    std::uint32_t bundle = 0;
    double flow = 0;       // veh/s onto the link
    double of_bundle = 0;  // veh/s of the whole bundle
  };
  std::map<LinkId, std::vector<Outlet>> outlets;
  for (std::size_t i = 0; i < area.members.size(); ++i) {
    if (std::lround(w.now[i].ring->cycle) != most->first) continue;
    const auto& site = *w.member(i).site;
    const auto& m = w.member(i).memory->plans;
    const auto node = static_cast<std::uint32_t>(area.net.nodes.size());
    PlatoonNode n;
    n.offset = m.target_offset.value_or(w.now[i].ring->offset);
    n.approaches = platoon_approaches(site, *w.now[i].ring, w.now[i].green, w.flows[i], w.p);
    for (std::uint32_t b = 0; b < site.bundles.rows.size(); ++b) {
      for (const auto movement : site.bundles.rows[b].movements) {
        outlets[site.movements[movement].to].push_back(
            {node, b, m.flow[movement], w.flows[i].flow[b]});
      }
    }
    area.net.nodes.push_back(std::move(n));
    area.nodes.push_back(area.members[i]);
    order.push_back(i);
  }
  for (std::uint32_t node = 0; node < order.size(); ++node) {
    const auto i = order[node];
    const auto& site = *w.member(i).site;
    std::map<LinkId, double> of_link;
    for (std::size_t k = 0; k < site.movements.size(); ++k) {
      of_link[site.movements[k].from] += w.member(i).memory->plans.flow[k];
    }
    for (std::uint32_t b = 0; b < site.bundles.rows.size(); ++b) {
      const auto& row = site.bundles.rows[b];
      if (row.movements.empty()) continue;
      const auto& link = site.movements[row.movements.front()].from;
      const auto travel = w.layer.travel.find(link);
      const auto from = outlets.find(link);
      if (travel == w.layer.travel.end() || from == outlets.end() || of_link[link] <= 0) continue;
      const double part = w.flows[i].flow[b] / of_link[link];
      for (const auto& o : from->second) {
        if (o.of_bundle <= 0) continue;
        area.net.nodes[node].approaches[b].feeds.push_back(
            {o.node, o.bundle, o.flow / o.of_bundle * part, travel->second});
        auto& next = area.net.nodes[o.node].next;
        if (std::find(next.begin(), next.end(), node) == next.end()) next.push_back(node);
      }
    }
  }
  if (!w.layer.waves.empty()) {
    std::map<MovementId, WavePlace> places;
    for (std::uint32_t node = 0; node < order.size(); ++node) {
      const auto& site = *w.member(order[node]).site;
      for (std::uint32_t b = 0; b < site.bundles.rows.size(); ++b) {
        for (const auto m : site.bundles.rows[b].movements) {
          places[site.movements[m].id] = {node, b};
        }
      }
    }
    add_waves(area.net, w.layer.waves, places);
  }
  area.net.settle();
}

void move_offsets(PlanArea& area, const std::vector<PlanSubject>& subjects,
                  const SignalParameters& p) {
  const std::size_t n = area.net.nodes.size();
  if (n < 2 || area.sweep >= kSweeps * n) return;
  const std::size_t from = area.sweep % n;
  const std::size_t count = std::min(kNodesInSecond, n - from);
  sweep_offsets(area.net, from, count, p.plan_offset_share);
  for (std::size_t i = from; i < from + count; ++i) {
    subjects[area.nodes[i]].memory->plans.target_offset = area.net.nodes[i].offset;
  }
  area.sweep += count;
}

void keep_library(PlanLayer& layer, const std::vector<PlanSubject>& subjects, const DayPart& part) {
  const bool over = layer.part && *layer.part != part;
  for (const auto& s : subjects) {
    if (s.site->rings.size() < 2) continue;
    auto& m = s.memory->plans;
    if (over && m.target != 0 && m.plan_sent == m.target) {
      const auto at = m.offset.find(m.target);
      layer.library.ran(s.site->signals.junction, *layer.part, m.target,
                        at == m.offset.end() ? 0.0 : at->second);
    }
    const auto* entry = layer.library.find(s.site->signals.junction, part);
    m.library = entry == nullptr ? 0 : entry->plan;
  }
  layer.part = part;
}

}  // namespace

PlanLayer make_plan_layer(const Network& network, const std::vector<PlanSubject>& subjects,
                          const SignalParameters&) {
  PlanLayer layer;
  layer.waves = make_waves(network);
  std::vector<std::uint32_t> root(subjects.size());
  std::iota(root.begin(), root.end(), 0U);
  const auto find = [&](std::uint32_t i) {
    while (root[i] != i) i = root[i] = root[root[i]];
    return i;
  };
  std::map<LinkId, std::vector<std::uint32_t>> leads;  // links by the subjects that they lead to
  std::map<LinkId, const Link*> links;
  for (const auto& l : network.links) links[l.id] = &l;
  for (std::uint32_t i = 0; i < subjects.size(); ++i) {
    if (!planned(*subjects[i].site)) continue;
    for (const auto& m : subjects[i].site->movements) leads[m.from].push_back(i);
  }
  for (std::uint32_t i = 0; i < subjects.size(); ++i) {
    if (!planned(*subjects[i].site)) continue;
    for (const auto& m : subjects[i].site->movements) {
      const auto to = leads.find(m.to);
      const auto link = links.find(m.to);
      if (to == leads.end() || link == links.end()) continue;
      const double speed = std::max(1.0, link->second->speed_limit.value);
      const double travel = link->second->length.value / speed;
      if (travel > kLongestLink) continue;
      layer.travel[m.to] = travel;
      for (const auto j : to->second) root[find(i)] = find(j);
    }
  }
  std::map<std::uint32_t, PlanArea> areas;
  for (std::uint32_t i = 0; i < subjects.size(); ++i) {
    if (planned(*subjects[i].site)) areas[find(i)].members.push_back(i);
  }
  for (auto& [id, area] : areas) layer.areas.push_back(std::move(area));
  return layer;
}

void step_plan_layer(PlanLayer& layer, const std::vector<PlanSubject>& subjects, UtcTime now,
                     const DayPart& part, const SignalParameters& p) {
  for (const auto& s : subjects) average(s, now);
  keep_library(layer, subjects, part);
  if (layer.areas.empty()) return;
  layer.next = (layer.next + 1) % layer.areas.size();
  auto& area = layer.areas[layer.next];
  bool ready = true;
  for (const auto i : area.members) {
    const auto& m = subjects[i].memory->plans;
    ready = ready && m.flow_since && in_seconds(now - *m.flow_since) >= p.plan_warm_s &&
            subjects[i].view->data_age <= p.release_s;
  }
  if (ready && (!area.planned || std::abs(in_seconds(now - *area.planned)) >= p.plan_period_s)) {
    area.planned = now;
    Planning work{layer, area, subjects, p, {}, {}};
    choose(work, now);
    build(work);
  }
  move_offsets(area, subjects, p);
}

}  // namespace dispecer::signals
