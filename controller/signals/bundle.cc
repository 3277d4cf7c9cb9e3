#include "controller/signals/bundle.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "controller/signals/site.h"

namespace dispecer::signals {
namespace {

constexpr double kDefaultLaneFlow = 1800.0 / 3600.0;

Show show_of(const Site& site, std::size_t stage, std::uint32_t group) {
  if (!site.stages[stage].green[group]) return Show::red;
  const auto& yielding = site.signals.stages[stage].yielding;
  const bool yields = std::find(yielding.begin(), yielding.end(), group) != yielding.end();
  return yields ? Show::yields : Show::free;
}

std::vector<Show> shows_of(const Site& site, std::uint32_t group) {
  std::vector<Show> out;
  for (std::size_t s = 0; s < site.stages.size(); ++s) out.push_back(show_of(site, s, group));
  return out;
}

}  // namespace

Bundles make_bundles(const Site& site, const NetworkIndex& network) {
  Bundles out;
  std::map<MovementId, const Movement*> rows;
  if (const auto it = network.movements.find(site.signals.junction);
      it != network.movements.end()) {
    for (const auto* m : it->second) rows[m->id] = m;
  }
  std::map<LinkId, std::uint32_t> links;
  std::map<std::tuple<std::uint32_t, std::vector<Show>>, std::uint32_t> known;
  struct InLane {
    std::set<std::uint32_t> bundles;
    std::vector<std::uint32_t> movements;
  };
  std::map<std::pair<std::uint32_t, std::uint32_t>, InLane> lanes;
  for (std::uint32_t i = 0; i < site.movements.size(); ++i) {
    const auto& m = site.movements[i];
    const auto* row = rows.at(m.id);
    const auto link = links.emplace(m.from, static_cast<std::uint32_t>(links.size())).first->second;
    auto shows = shows_of(site, m.group);
    const auto next = static_cast<std::uint32_t>(out.rows.size());
    const auto [it, fresh] = known.emplace(std::tuple{link, shows}, next);
    if (fresh) {
      if (out.rows.size() == kMostBundles) {
        known.erase(it);
        continue;
      }
      Bundle b;
      b.link = link;
      b.turns = true;
      b.shows = std::move(shows);
      b.lane_flow = kDefaultLaneFlow;
      const auto from = network.links.find(m.from);
      if (from != network.links.end() && from->second->lanes > 0 &&
          from->second->saturation_flow.value > 0) {
        b.lane_flow = from->second->saturation_flow.value / 3600 / from->second->lanes;
      }
      b.full_flow = b.lane_flow;
      out.rows.push_back(std::move(b));
    }
    auto& b = out.rows[it->second];
    b.movements.push_back(i);
    b.turns = b.turns && (row->turn == Turn::left || row->turn == Turn::u_turn);
    if (std::find(b.groups.begin(), b.groups.end(), m.group) == b.groups.end()) {
      b.groups.push_back(m.group);
    }
    const auto stands_in = [&](std::uint32_t lane) {
      auto& here = lanes[{link, lane}];
      here.bundles.insert(it->second);
      here.movements.push_back(i);
    };
    if (row->lanes.empty()) stands_in(0);
    for (const auto lane : row->lanes) stands_in(lane);
  }
  for (auto& b : out.rows) b.lanes = 0;
  for (auto& [at, here] : lanes) {
    BundleLane lane;
    lane.bundles.assign(here.bundles.begin(), here.bundles.end());
    lane.movements = std::move(here.movements);
    lane.flow = lane.full_flow = out.rows[lane.bundles.front()].lane_flow;
    for (const auto b : lane.bundles) out.rows[b].lanes += 1;
    out.lanes.push_back(std::move(lane));
  }
  for (std::uint32_t c = 0; c < site.crossings.size() && out.rows.size() < kMostBundles; ++c) {
    Bundle b;
    b.crossing = c;
    b.groups = {site.crossings[c].group};
    b.link = static_cast<std::uint32_t>(links.size()) + c;
    b.turns = true;
    b.shows = shows_of(site, site.crossings[c].group);
    out.rows.push_back(std::move(b));
  }
  const std::size_t n = out.rows.size();
  out.foes.assign(site.stages.size() * n, 0);
  for (std::size_t s = 0; s < site.stages.size(); ++s) {
    for (std::size_t b = 0; b < n; ++b) {
      if (out.rows[b].shows[s] != Show::yields) continue;
      for (std::size_t f = 0; f < n; ++f) {
        const auto& foe = out.rows[f];
        if (foe.link == out.rows[b].link || foe.movements.empty() || foe.turns ||
            foe.shows[s] != Show::free) {
          continue;
        }
        out.foes[s * n + b] |= std::uint64_t{1} << f;
      }
    }
  }
  return out;
}

std::uint32_t Bundles::of(std::uint32_t movement, std::uint32_t group) const {
  std::uint32_t found = static_cast<std::uint32_t>(-1);
  for (std::uint32_t b = 0; b < rows.size(); ++b) {
    const auto& row = rows[b];
    if (std::count(row.movements.begin(), row.movements.end(), movement) != 0) return b;
    const bool shows_it = std::count(row.groups.begin(), row.groups.end(), group) != 0;
    if (shows_it && !row.movements.empty()) found = b;
  }
  return found;
}

}  // namespace dispecer::signals
