#include "fusion/traffic/paths.h"

#include <algorithm>
#include <cmath>
#include <queue>

namespace dispecer::traffic {
namespace {

struct End {
  std::uint32_t link = 0;
  double weight = 0;
  bool border = false;
};

struct Ends {
  std::vector<End> origins;
  std::vector<End> destinations;
};

// Every k-th, with the weight of those left out spread over the others.
void thin(std::vector<End>& ends, std::size_t most) {
  if (ends.size() <= most) return;
  double before = 0;
  for (const auto& e : ends) before += e.weight;
  std::vector<End> kept;
  const double step = static_cast<double>(ends.size()) / static_cast<double>(most);
  for (std::size_t i = 0; i < most; ++i) {
    kept.push_back(ends[static_cast<std::size_t>(static_cast<double>(i) * step)]);
  }
  double after = 0;
  for (const auto& e : kept) after += e.weight;
  for (auto& e : kept) e.weight *= after > 0 ? before / after : 0;
  ends = std::move(kept);
}

void normalise(std::vector<End>& ends, double total) {
  double sum = 0;
  for (const auto& e : ends) sum += e.weight;
  for (auto& e : ends) e.weight *= sum > 0 ? total / sum : 0;
}

Ends find_ends(const Index& index, const PathRules& rules, std::size_t most) {
  std::vector<End> in, out, inner;
  const auto turns = [&](const std::vector<std::uint32_t>& movements) {
    return std::any_of(movements.begin(), movements.end(), [&](auto m) {
      return index.movements[m].turn != Turn::u_turn && index.movements[m].from != kNone &&
             index.movements[m].to != kNone;
    });
  };
  for (std::uint32_t i = 0; i < index.links.size(); ++i) {
    const auto& link = index.links[i];
    if (!link.motor) continue;
    const bool fed = turns(link.in);
    const bool leads = turns(link.out);
    const double size = link.lanes * link.free_speed;
    if (!fed && leads) in.push_back({i, size, true});
    if (fed && !leads) out.push_back({i, size, true});
    if (fed && leads) inner.push_back({i, link.length, false});
  }
  const double inside = in.empty() || out.empty() ? 1.0 : rules.inner_trips;
  auto inner_origins = inner;
  thin(in, most * 2 / 3 + 1);
  thin(out, most * 2 / 3 + 1);
  thin(inner_origins, most / 3 + 1);
  normalise(in, 1 - inside);
  normalise(out, 1 - inside);
  normalise(inner_origins, inside);
  Ends ends{std::move(in), std::move(out)};
  ends.origins.insert(ends.origins.end(), inner_origins.begin(), inner_origins.end());
  ends.destinations.insert(ends.destinations.end(), inner_origins.begin(), inner_origins.end());
  return ends;
}

// Least free-flow times from one link to all; `by` is the movement through which each is reached.
class Search {
 public:
  Search(const Index& index, const PathRules& rules)
      : index_(index), rules_(rules), time_(index.links.size()), by_(index.links.size()) {}

  void from(std::uint32_t origin) {
    std::fill(time_.begin(), time_.end(), 1e18);
    std::fill(by_.begin(), by_.end(), kNone);
    time_[origin] = 0;
    open_.emplace(0.0, origin);
    while (!open_.empty()) {
      const auto [time, at] = open_.top();
      open_.pop();
      if (time > time_[at]) continue;
      for (const auto m : index_.links[at].out) {
        const auto& movement = index_.movements[m];
        if (movement.to == kNone || movement.turn == Turn::u_turn) continue;
        const auto& next = index_.links[movement.to];
        const double turn = movement.turn == Turn::left    ? rules_.left_s
                            : movement.turn == Turn::right ? rules_.right_s
                                                           : 0.0;
        const double t = time + next.length / next.free_speed + rules_.junction_s + turn;
        if (t >= time_[movement.to]) continue;
        time_[movement.to] = t;
        by_[movement.to] = m;
        open_.emplace(t, movement.to);
      }
    }
  }
  [[nodiscard]] bool reached(std::uint32_t link) const { return time_[link] < 1e17; }
  [[nodiscard]] std::uint32_t by(std::uint32_t link) const { return by_[link]; }

 private:
  using Item = std::pair<double, std::uint32_t>;
  const Index& index_;
  const PathRules& rules_;
  std::vector<double> time_;
  std::vector<std::uint32_t> by_;
  std::priority_queue<Item, std::vector<Item>, std::greater<>> open_;
};

}  // namespace

Paths::Paths(const Index& index, const PathRules& rules) : start_{0} {
  // A way is about as long as the network is wide.
  const double links = static_cast<double>(index.links.size());
  const double length = 2 + std::sqrt(links);
  const auto most = static_cast<std::size_t>(
      std::max(4.0, std::sqrt(static_cast<double>(rules.most_places) / length)));
  const auto ends = find_ends(index, rules, most);
  Search search(index, rules);
  std::vector<std::uint32_t> way;
  for (const auto& origin : ends.origins) {
    search.from(origin.link);
    const auto goes = [&](const End& d) {
      if (d.link == origin.link || !search.reached(d.link)) return false;
      // Nobody drives in by the road that he drives out again.
      return !(origin.border && d.border &&
               index.links[origin.link].from == index.links[d.link].to);
    };
    double sum = 0;
    for (const auto& d : ends.destinations) sum += goes(d) ? d.weight : 0.0;
    for (const auto& d : ends.destinations) {
      if (sum <= 0 || !goes(d) || d.weight <= 0) continue;
      way.clear();
      for (auto at = d.link; at != origin.link; at = index.movements[way.back()].from) {
        way.push_back(search.by(at));
      }
      std::reverse(way.begin(), way.end());
      share_.push_back(origin.weight * d.weight / sum);
      links_.push_back(origin.link);
      for (const auto m : way) {
        movements_.push_back(m);
        links_.push_back(index.movements[m].to);
      }
      movements_.push_back(kNone);
      start_.push_back(static_cast<std::uint32_t>(links_.size()));
    }
  }
  over_start_.assign(index.links.size() + 1, 0);
  for (const auto l : links_) ++over_start_[l + 1];
  for (std::size_t i = 0; i < index.links.size(); ++i) over_start_[i + 1] += over_start_[i];
  over_.resize(links_.size());
  std::vector<std::uint32_t> next(over_start_.begin(), over_start_.end() - 1);
  for (std::uint32_t p = 0; p < size(); ++p) {
    for (const auto l : this->links(p)) over_[next[l]++] = p;
  }
}

}  // namespace dispecer::traffic
