#include "tests/bench/emergency/errands.h"

#include <algorithm>
#include <optional>
#include <random>

#include "controller/emergency/roads.h"

namespace dispecer::bench {
namespace {

constexpr int kDraws = 30;         // ways drawn, of which the one with most signals is taken
constexpr double kLeastWay = 20;   // m of the first link, so that a vehicle fits on it
constexpr double kBeforePair = 8;  // s that each of a pair drives before their ways cross

struct Crossing {  // of a way with a signal
  JunctionId junction;
  SignalGroupId group;
  double seconds = 0;  // from its start, at the limits
};

struct Way {
  std::vector<std::uint32_t> roads;
  std::vector<Crossing> signals;
};

class Planner {
 public:
  Planner(const city::City& city, unsigned seed)
      : city_(city), roads_(city.network), random_(seed * 7919U + 17U) {
    for (std::uint32_t i = 0; i < roads_.all().size(); ++i) {
      const auto& l = city.network.links[i];
      usable_.push_back(l.lanes > 0 && !l.bus_lane);
      if (usable_.back() && l.length.value >= kLeastWay) starts_.push_back(i);
    }
  }

  std::optional<Way> draw() {
    if (starts_.empty()) return std::nullopt;
    const auto from = starts_[random_() % starts_.size()];
    const auto to = starts_[random_() % starts_.size()];
    Way way{roads_.way(from, to), {}};
    double seconds = 0;
    for (std::size_t i = 0; i < way.roads.size(); ++i) {
      const auto& road = roads_.all()[way.roads[i]];
      if (!usable_[way.roads[i]]) return std::nullopt;
      seconds += road.length / road.speed;
      if (i + 1 == way.roads.size()) break;
      const auto* t = roads_.turning(way.roads[i], way.roads[i + 1]);
      if (t->turn == Turn::u_turn) return std::nullopt;
      if (!t->group.empty()) way.signals.push_back({t->junction, t->group, seconds});
    }
    if (way.signals.empty()) return std::nullopt;
    return way;
  }

  std::optional<Way> draw_long() {
    std::optional<Way> best;
    for (int i = 0; i < kDraws; ++i) {
      auto way = draw();
      if (way && (!best || way->signals.size() > best->signals.size())) best = std::move(way);
    }
    return best;
  }

  // Two ways and how much later than the first the second sets out.
  struct Pair {
    Way first;
    Way second;
    double later_s = 0;
  };
  std::optional<Pair> draw_pair() {
    for (int i = 0; i < 20 * kDraws; ++i) {
      auto a = draw_long();
      auto b = draw();
      if (!a || !b) continue;
      for (const auto& x : a->signals) {
        for (const auto& y : b->signals) {
          if (x.junction == y.junction && x.seconds > kBeforePair && y.seconds > kBeforePair &&
              conflict(x, y)) {
            const double later = x.seconds - y.seconds;
            return Pair{*std::move(a), *std::move(b), later};
          }
        }
      }
    }
    return std::nullopt;
  }

  Errand errand(std::string id, double depart, const Way& way) const {
    Errand e{std::move(id), depart, {}};
    for (const auto r : way.roads) e.route.push_back(roads_.all()[r].id);
    return e;
  }
  double between(double from, double to) {
    return std::uniform_real_distribution<double>(from, to)(random_);
  }

 private:
  [[nodiscard]] bool conflict(const Crossing& x, const Crossing& y) const {
    const auto& s = city_.signals.at(x.junction);
    std::size_t a = s.groups.size();
    std::size_t b = s.groups.size();
    for (std::size_t g = 0; g < s.groups.size(); ++g) {
      if (s.groups[g].id == x.group) a = g;
      if (s.groups[g].id == y.group) b = g;
    }
    return a < s.groups.size() && b < s.groups.size() && IntergreenMatrix(s).conflict(a, b);
  }

  const city::City& city_;
  emergency::Roads roads_;
  std::mt19937 random_;
  std::vector<bool> usable_;
  std::vector<std::uint32_t> starts_;
};

}  // namespace

std::vector<Errand> plan_errands(const city::City& city, unsigned seed, const ErrandPlan& plan) {
  Planner planner(city, seed);
  std::vector<Errand> out;
  for (unsigned i = 0; i < plan.singles; ++i) {
    if (const auto way = planner.draw_long()) {
      out.push_back(planner.errand("errand_" + std::to_string(i),
                                   planner.between(plan.from_s, plan.to_s), *way));
    }
  }
  for (unsigned i = 0; i < plan.pairs; ++i) {
    const auto pair = planner.draw_pair();
    if (!pair) continue;
    const double first = planner.between(plan.from_s + std::max(0.0, -pair->later_s), plan.to_s);
    const auto id = "pair_" + std::to_string(i);
    out.push_back(planner.errand(id + "a", first, pair->first));
    out.push_back(planner.errand(id + "b", first + pair->later_s, pair->second));
  }
  std::sort(out.begin(), out.end(),
            [](const Errand& a, const Errand& b) { return a.depart_s < b.depart_s; });
  return out;
}

}  // namespace dispecer::bench
