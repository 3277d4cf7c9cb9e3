#include "controller/signals/feeders.h"

#include <algorithm>
#include <map>
#include <set>

#include "controller/signals/view.h"

namespace dispecer::signals {
namespace {

struct Search {
  const NetworkIndex& network;
  double reach_m;
  Feeders out;
  std::set<LinkId> seen;

  [[nodiscard]] double length(const LinkId& link) const {
    const auto it = network.links.find(link);
    return it == network.links.end() ? reach_m : it->second->length.value;
  }

  void follow(std::uint32_t approach, std::uint32_t over, const LinkId& link, double metres) {
    const auto into = network.into.find(link);
    if (metres >= reach_m || into == network.into.end()) return;
    for (const auto* m : into->second) {
      if (!m->group.empty() || !seen.insert(m->from).second) continue;
      Feeder row{m->id, approach, over, {}};
      for (const auto* other : network.out_of.at(m->from)) row.of_link.push_back(other->id);
      const auto at = static_cast<std::uint32_t>(out.rows.size());
      out.rows.push_back(std::move(row));
      follow(approach, at, m->from, metres + length(m->from));
    }
  }
};

double queue_of(const CityPicture& picture, std::size_t row) {
  return row < picture.movements.size() ? std::max(0.0, picture.movements[row].queue.value) : 0.0;
}

}  // namespace

Feeders find_feeders(const Site& site, const NetworkIndex& network, double reach_m) {
  std::map<LinkId, std::vector<std::uint32_t>> approaches;
  for (std::uint32_t i = 0; i < site.movements.size(); ++i) {
    approaches[site.movements[i].from].push_back(i);
  }
  Search search{network, reach_m, {}, {}};
  for (const auto& [link, movements] : approaches) search.seen.insert(link);
  for (auto& [link, movements] : approaches) {
    const auto rows = search.out.rows.size();
    const auto at = static_cast<std::uint32_t>(search.out.approaches.size());
    search.follow(at, kNone, link, search.length(link));
    if (search.out.rows.size() == rows) continue;
    search.out.approaches.push_back({link, std::move(movements)});
  }
  return std::move(search.out);
}

bool in_the_way(const NetworkIndex& network, const LinkId& link, double reach_m) {
  std::set<LinkId> seen{link};
  std::vector<std::pair<LinkId, double>> open{{link, 0.0}};
  while (!open.empty()) {
    const auto [full, behind] = std::move(open.back());
    open.pop_back();
    const auto it = network.links.find(full);
    const double metres = behind + (it == network.links.end() ? reach_m : it->second->length.value);
    const auto into = network.into.find(full);
    if (into == network.into.end()) continue;
    for (const auto* m : into->second) {
      const auto& leaving = network.out_of.at(m->from);
      const bool elsewhere = std::any_of(leaving.begin(), leaving.end(), [&](const auto* other) {
        return other->to != full && other->turn != Turn::u_turn;
      });
      if (elsewhere) return true;
      if (metres < reach_m && seen.insert(m->from).second) open.emplace_back(m->from, metres);
    }
  }
  return false;
}

void add_beyond(const Site& site, const ViewIndex& rows, const CityPicture& picture,
                const SignalParameters& parameters, JunctionView& view) {
  const auto& feeders = site.feeders;
  view.beyond.assign(feeders.approaches.size(), 0.0);
  view.part.assign(feeders.rows.size(), 0.0);
  for (std::size_t i = 0; i < feeders.rows.size(); ++i) {
    const auto& f = feeders.rows[i];
    const double queue = queue_of(picture, rows.feeders[i]);
    double all = 0;
    for (const auto row : rows.of_link[i]) all += queue_of(picture, row);
    const double before = f.over == kNone ? 1.0 : view.part[f.over];
    view.part[i] = all > 0 ? before * queue / all : 0.0;
    view.beyond[f.approach] += before * queue;
  }
  for (std::size_t a = 0; a < feeders.approaches.size(); ++a) {
    const auto link = rows.approaches[a];
    if (view.beyond[a] <= 0 || link >= picture.links.size() || !picture.links[link].spillback) {
      continue;
    }
    const auto& movements = feeders.approaches[a].movements;
    double all = 0;
    for (const auto m : movements) all += view.movements[m].queue + view.movements[m].come[kBins];
    if (all <= 0) continue;
    for (const auto m : movements) {
      auto& row = view.movements[m];
      if (site.movements[m].in_the_way)
        row.spill += std::min(1.0, view.beyond[a] / parameters.spill_full_veh);
      row.queue += view.beyond[a] * (row.queue + row.come[kBins]) / all;
    }
  }
}

}  // namespace dispecer::signals
