#include "fusion/model/book_check.h"

#include <algorithm>
#include <map>

#include "fusion/model/reach.h"

namespace dispecer {
namespace {

constexpr std::uint32_t kDay = 1440;
constexpr std::uint32_t kWeek = 127;      // bit by weekday
constexpr std::uint32_t kMostLanes = 20;  // of a link

bool takes_lanes(const BookEntry& e) {
  return e.kind != BookKind::closure && e.lanes_lost > 0;
}

// Minutes of the day, as one or two half-open spans.
std::vector<std::pair<std::uint32_t, std::uint32_t>> spans(const BookEntry& e) {
  if (e.from_minute == e.to_minute) return {{0, kDay}};
  if (e.from_minute < e.to_minute) return {{e.from_minute, e.to_minute}};
  return {{e.from_minute, kDay}, {0, e.to_minute}};
}

// Weekdays are compared only where neither runs over midnight: near enough to say who should look.
bool meet(const BookEntry& a, const BookEntry& b) {
  if (a.begin >= b.end || b.begin >= a.end) return false;
  const bool night = a.from_minute > a.to_minute || b.from_minute > b.to_minute;
  if (!night && a.weekdays != 0 && b.weekdays != 0 && (a.weekdays & b.weekdays) == 0) return false;
  for (const auto& [from, to] : spans(a)) {
    for (const auto& [since, until] : spans(b)) {
      if (from < until && since < to) return true;
    }
  }
  return false;
}

std::string both(const BookEntry& a, const BookEntry& b) {
  return "'" + a.id.str() + "' and '" + b.id.str() + "'";
}

class Check {
 public:
  // `only`: an empty id means all entries.
  Check(const Book& book, const Network& network, const BookEntryId& only)
      : book_(book), reach_(network), only_(only) {
    for (const auto& l : network.links) lanes_[l.id] = l.lanes;
  }

  std::vector<Contradiction> run() {
    const auto wanted = [&](const BookEntry& e) { return only_.empty() || e.id == only_; };
    for (const auto& e : book_.entries) {
      if (wanted(e)) alone(e);
    }
    const auto& all = book_.entries;
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (std::size_t k = i + 1; k < all.size(); ++k) {
        if ((!wanted(all[i]) && !wanted(all[k])) || !meet(all[i], all[k])) continue;
        plans(all[i], all[k]);
        lanes(all[i], all[k]);
        lines(all[i], all[k]);
        blocked(all[i], all[k]);
        blocked(all[k], all[i]);
        closures(all[i], all[k]);
      }
    }
    return std::move(found_);
  }

 private:
  void add(const BookEntry& a, const BookEntry* b, const char* rule, std::string text,
           bool refuse) {
    found_.push_back({a.id, b == nullptr ? BookEntryId{} : b->id, rule, std::move(text), refuse});
  }

  [[nodiscard]] std::uint32_t lanes_of(const LinkId& link) const {
    const auto it = lanes_.find(link);
    return it == lanes_.end() ? 0 : it->second;
  }

  void alone(const BookEntry& e) {
    const auto name = "'" + e.id.str() + "'";
    if (e.end <= e.begin) {
      add(e, nullptr, "end_before_begin", name + " ends at or before its begin", true);
    }
    for (const auto& l : e.links) {
      const auto has = lanes_of(l);
      if (!takes_lanes(e) || has == 0 || e.lanes_lost < has) continue;
      add(e, nullptr, "all_lanes_lost",
          name + " takes " + std::to_string(e.lanes_lost) + " lanes of '" + l.str() +
              "', which has " + std::to_string(has) + "; that would be a closure",
          true);
      break;
    }
    if (e.plan != 0 && e.local) {
      add(e, nullptr, "plan_and_local",
          name + " names plan " + std::to_string(e.plan) + " and local operation", true);
    }
    if ((e.plan != 0 || e.local) && e.junctions.empty()) {
      add(e, nullptr, "no_junctions", name + " names no junction for its plan", true);
    }
  }

  void plans(const BookEntry& a, const BookEntry& b) {
    const auto says = [](const BookEntry& e) { return e.plan != 0 || e.local; };
    if (!says(a) || !says(b) || (a.plan == b.plan && a.local == b.local)) return;
    for (const auto& j : a.junctions) {
      if (std::find(b.junctions.begin(), b.junctions.end(), j) == b.junctions.end()) continue;
      const auto words = [](const BookEntry& e) {
        return e.local ? std::string("local operation") : "plan " + std::to_string(e.plan);
      };
      add(a, &b, "two_plans",
          both(a, b) + " want " + words(a) + " and " + words(b) + " at '" + j.str() +
              "' at the same time",
          true);
      return;
    }
  }

  void lanes(const BookEntry& a, const BookEntry& b) {
    if (!takes_lanes(a) || !takes_lanes(b)) return;
    for (const auto& l : a.links) {
      const auto has = lanes_of(l);
      if (has == 0 || a.lanes_lost + b.lanes_lost < has ||
          std::find(b.links.begin(), b.links.end(), l) == b.links.end()) {
        continue;
      }
      add(a, &b, "all_lanes_together",
          both(a, b) + " together take all " + std::to_string(has) + " lanes of '" + l.str() + "'",
          false);
      return;
    }
  }

  void lines(const BookEntry& a, const BookEntry& b) {
    if (a.way == b.way) return;
    const auto both_drive =
        std::find_first_of(a.lines.begin(), a.lines.end(), b.lines.begin(), b.lines.end());
    if (both_drive == a.lines.end()) return;
    add(a, &b, "two_ways", both(a, b) + " lead line '" + both_drive->str() + "' two ways", false);
  }

  void blocked(const BookEntry& detour, const BookEntry& closure) {
    if (closure.kind != BookKind::closure) return;
    const auto hit = std::find_first_of(detour.way.begin(), detour.way.end(), closure.links.begin(),
                                        closure.links.end());
    if (hit == detour.way.end()) return;
    add(detour, &closure, "closed_way",
        "'" + detour.id.str() + "' leads over '" + hit->str() + "', which '" + closure.id.str() +
            "' closes",
        false);
  }

  void closures(const BookEntry& a, const BookEntry& b) {
    if (a.kind != BookKind::closure || b.kind != BookKind::closure) return;
    auto all = a.links;
    all.insert(all.end(), b.links.begin(), b.links.end());
    const auto cut = reach_.cut_off(all);
    if (cut.empty()) return;
    const auto first = reach_.cut_off(a.links);
    const auto second = reach_.cut_off(b.links);
    std::vector<LinkId> more;
    for (const auto& l : cut) {
      const bool alone = std::find(first.begin(), first.end(), l) != first.end() ||
                         std::find(second.begin(), second.end(), l) != second.end();
      if (!alone) more.push_back(l);
    }
    if (more.empty()) return;
    add(a, &b, "cut_off",
        both(a, b) + " together cut off " + std::to_string(more.size()) + " links, one of them '" +
            more.front().str() + "'",
        false);
  }

  const Book& book_;
  Reach reach_;
  BookEntryId only_;
  std::map<LinkId, std::uint32_t> lanes_;
  std::vector<Contradiction> found_;
};

Result<> check_detour(const BookEntry& e, const BookReferences& city) {
  if (e.lines.empty() != e.way.empty()) {
    return Error{"bad_value", "found only one of lines and way, expected both or neither", "way"};
  }
  for (std::size_t i = 1; i < e.way.size(); ++i) {
    if (city.movement(e.way[i - 1], e.way[i])) continue;
    return Error{"bad_value",
                 "found no movement from '" + e.way[i - 1].str() + "' to '" + e.way[i].str() + "'",
                 "way"};
  }
  if (e.way.size() == 1) {
    return Error{"bad_value", "found one link, expected where the detour leaves and where it ends",
                 "way"};
  }
  return Ok{};
}

}  // namespace

Result<> check_entry(const BookEntry& e, const BookReferences& city) {
  if (e.id.empty()) return Error{"missing_key", "found no id, expected one", "id"};
  if (e.owner.empty()) return Error{"missing_key", "found no owner, expected one", "owner"};
  if (e.end <= e.begin) {
    return Error{"bad_value", "found an end at or before the begin, expected one after it", "end"};
  }
  for (const auto* links : {&e.links, &e.way}) {
    for (const auto& l : *links) {
      if (city.link(l)) continue;
      return Error{"unknown_reference", "found '" + l.str() + "', expected a link",
                   links == &e.way ? "way" : "links"};
    }
  }
  for (const auto& j : e.junctions) {
    if (!city.junction(j)) {
      return Error{"unknown_reference", "found '" + j.str() + "', expected a junction",
                   "junctions"};
    }
    if (e.plan != 0 && !city.plan(j, e.plan)) {
      return Error{"unknown_reference",
                   "found " + std::to_string(e.plan) + ", expected a plan of '" + j.str() + "'",
                   "plan"};
    }
  }
  if (!(e.flow_share > 0)) {
    return Error{"out_of_range", "found nothing left, expected a closure for that", "flow_share"};
  }
  const bool hours = e.from_minute <= kDay && e.to_minute <= kDay;
  if (!hours || e.weekdays > kWeek || e.lanes_lost > kMostLanes || e.flow_share > 1) {
    return Error{"out_of_range", "found hours, days, lanes or a share that cannot be",
                 hours ? "weekdays" : "from_minute"};
  }
  return check_detour(e, city);
}

Book with_entry(Book book, const BookEntry& entry) {
  const auto it = std::find_if(book.entries.begin(), book.entries.end(),
                               [&](const BookEntry& e) { return e.id == entry.id; });
  if (it != book.entries.end()) {
    *it = entry;
  } else {
    book.entries.push_back(entry);
  }
  return book;
}

std::vector<Contradiction> contradictions(const Book& book, const Network& network) {
  return Check(book, network, {}).run();
}

std::vector<Contradiction> contradictions(const Book& book, const Network& network,
                                          const BookEntryId& entry) {
  return Check(book, network, entry).run();
}

}  // namespace dispecer
