#include "fusion/model/book_check.h"

#include <algorithm>
#include <map>

#include "fusion/model/reach.h"

namespace dispecer {
namespace {

constexpr std::uint32_t kDay = 1440;

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
  Check(const Book& book, const Network& network) : book_(book), reach_(network) {
    for (const auto& l : network.links) lanes_[l.id] = l.lanes;
  }

  std::vector<Contradiction> run() {
    for (const auto& e : book_.entries) alone(e);
    const auto& all = book_.entries;
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (std::size_t k = i + 1; k < all.size(); ++k) {
        if (!meet(all[i], all[k])) continue;
        plans(all[i], all[k]);
        lanes(all[i], all[k]);
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
  std::map<LinkId, std::uint32_t> lanes_;
  std::vector<Contradiction> found_;
};

}  // namespace

std::vector<Contradiction> contradictions(const Book& book, const Network& network) {
  return Check(book, network).run();
}

}  // namespace dispecer
