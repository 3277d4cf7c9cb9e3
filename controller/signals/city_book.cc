#include "controller/signals/city_book.h"

#include <algorithm>

namespace dispecer::signals {
namespace {

bool names(const std::vector<LinkId>& links, const LinkId& link) {
  return std::find(links.begin(), links.end(), link) != links.end();
}

bool touches(const BookEntry& e, const Site& site) {
  return std::any_of(site.movements.begin(), site.movements.end(),
                     [&](const SiteMovement& m) { return names(e.links, m.from); });
}

bool has_hours(const BookEntry& e) {
  return e.from_minute != e.to_minute;
}

void add_limits(CityBook& book, const BookEntry& e) {
  if (e.kind == BookKind::weather && e.links.empty()) book.flow_everywhere *= e.flow_share;
  for (const auto& l : e.links) {
    if (e.kind != BookKind::closure && e.lanes_lost == 0 && e.flow_share >= 1) continue;
    auto& limit = book.links[l];
    limit.closed = limit.closed || e.kind == BookKind::closure;
    limit.flow *= e.flow_share;
    const auto it = book.lanes.find(l);
    if (it == book.lanes.end() || it->second == 0) continue;
    // Only a closure closes: of lanes lost to several works one is taken to remain.
    const double all = it->second;
    limit.room = std::max(limit.room - e.lanes_lost / all, 1 / all);
  }
}

LinkLimit limit_of(const CityBook& book, const LinkId& link) {
  const auto it = book.links.find(link);
  return it == book.links.end() ? LinkLimit{} : it->second;
}

// Rain and ice: everybody walks slowly; so do those at the links of a school in its hours.
// Crossings that the city marks are walked slowly at all times: not only schools are marked.
SlowWalk slow_walk(const CityBook& book, const Site& site) {
  for (std::size_t i = 0; i < book.book.entries.size(); ++i) {
    const auto& e = book.book.entries[i];
    if (book.running[i] == 0) continue;
    const bool rain = e.kind == BookKind::weather && (e.links.empty() || touches(e, site));
    const bool school = e.kind == BookKind::school && has_hours(e) && touches(e, site);
    if (rain || school) return SlowWalk::everywhere;
  }
  return SlowWalk::marked;
}

std::optional<BookWord> word_of(const CityBook& book, const JunctionId& junction) {
  for (std::size_t i = 0; i < book.book.entries.size(); ++i) {
    const auto& e = book.book.entries[i];
    if (book.running[i] == 0 || (e.plan == 0 && !e.local)) continue;
    if (std::find(e.junctions.begin(), e.junctions.end(), junction) == e.junctions.end()) continue;
    return BookWord{e.id, e.local ? 0 : e.plan, e.end};
  }
  return std::nullopt;
}

}  // namespace

CityBook make_city_book(const Book& book, const Network& network) {
  CityBook out;
  out.book = book;
  for (const auto& l : network.links) out.lanes[l.id] = l.lanes;
  out.running.assign(book.entries.size(), 0);
  return out;
}

void replace(CityBook& book, const Book& other) {
  book.book = other;
  book.running.assign(other.entries.size(), 0);
  book.followed = false;
}

bool follow(CityBook& book, UtcTime now, const LocalMinute& local) {
  bool changed = !book.followed;
  book.followed = true;
  for (std::size_t i = 0; i < book.running.size(); ++i) {
    const char is = runs(book.book.entries[i], now, local) ? 1 : 0;
    changed = changed || is != book.running[i];
    book.running[i] = is;
  }
  if (!changed) return false;
  book.links.clear();
  book.flow_everywhere = 1;
  for (std::size_t i = 0; i < book.running.size(); ++i) {
    if (book.running[i] != 0) add_limits(book, book.book.entries[i]);
  }
  return true;
}

void set_book(const CityBook& book, Site& site, Memory& memory) {
  site.limited = false;
  for (auto& m : site.movements) {
    m.own = limit_of(book, m.from);
    m.ahead = limit_of(book, m.to);
    site.limited = site.limited || m.own != LinkLimit{} || m.ahead != LinkLimit{};
  }
  auto& bundles = site.bundles;
  for (auto& b : bundles.rows) {
    if (b.movements.empty()) continue;
    // A closed link has no demand; who is let through all the same goes at its ordinary pace.
    const auto& own = site.movements[b.movements.front()].own;
    b.lane_flow = b.full_flow * own.flow * own.room * book.flow_everywhere;
  }
  for (auto& lane : bundles.lanes) lane.flow = bundles.rows[lane.bundles.front()].lane_flow;
  set_slow_walk(site, slow_walk(book, site));
  memory.book = word_of(book, site.signals.junction);
}

}  // namespace dispecer::signals
