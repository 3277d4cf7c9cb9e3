#include "tests/bench/scale/grid.h"

#include <array>
#include <cmath>

namespace dispecer::bench {
namespace {

constexpr double kBlock = 300;                  // m
constexpr double kDegree = kBlock / 111'320.0;  // of latitude
constexpr std::array<std::array<int, 2>, 4> kArms{{{0, 1}, {1, 0}, {0, -1}, {-1, 0}}};

struct At {
  int x = 0;
  int y = 0;
};

std::string name(At p) {
  return "j" + std::to_string(p.x) + "_" + std::to_string(p.y);
}

JunctionId id(At p) {
  return JunctionId(name(p));
}

LinkId link_id(At from, At to) {
  return LinkId(name(from) + ">" + name(to));
}

LonLat place(At p) {
  return {23.5 + p.x * kDegree * 1.5, 47.0 + p.y * kDegree};
}

// Groups: 0 and 1 through and right of north-south and east-west, 2 and 3 their left turns.
JunctionSignals signals_of(At p) {
  JunctionSignals s;
  s.junction = id(p);
  s.controller = ControllerId("c" + name(p));
  s.signatures = {{Origin::entered, "bench", "bench", "2026-01-01"}};
  for (const char* group : {"ns", "ew", "ns_left", "ew_left"}) {
    SignalGroup g;
    g.id = SignalGroupId(group);
    g.kind = GroupKind::vehicle;
    g.min_green = {{6}, 0};
    g.amber = {{3}, 0};
    g.max_red = {{120}, 0};
    s.groups.push_back(g);
  }
  SignalPlan plan{1, "day", {80}, {0}, {}};
  for (std::uint32_t a = 0; a < 4; ++a) {
    for (std::uint32_t b = 0; b < 4; ++b) {
      if (a == b) continue;
      s.intergreens.push_back({a, b, {{5}, 0}});
      s.transitions.push_back({a + 1, b + 1});
    }
    s.stages.push_back({a + 1, s.groups[a].id.str(), {a}, {}, true, a + 1});
    plan.ring.push_back({a + 1, {20.0 * a}, {6}, {40}});
  }
  s.plans = {plan};
  s.lever = Lever::stage;
  s.release_time = Seconds{5};
  s.commissioning = Commissioning::live;
  return s;
}

class Builder {
 public:
  explicit Builder(int side) : side_(side) {}

  city::City build() {
    city_.name = "grid";
    city_.timezone = "UTC";
    for (int y = -1; y <= side_; ++y) {
      for (int x = -1; x <= side_; ++x) {
        const At p{x, y};
        const bool outside = !inside(p);
        if (outside && (x == -1 || x == side_) && (y == -1 || y == side_)) continue;
        city_.network.junctions.push_back(
            {id(p), name(p), place(p), !outside, Provenance::invented});
      }
    }
    for (int y = 0; y < side_; ++y) {
      for (int x = 0; x < side_; ++x) add({x, y});
    }
    return std::move(city_);
  }

 private:
  [[nodiscard]] bool inside(At p) const {
    return p.x >= 0 && p.y >= 0 && p.x < side_ && p.y < side_;
  }

  void add_link(At from, At to) {
    Link l;
    l.id = link_id(from, to);
    l.from = id(from);
    l.to = id(to);
    l.shape = {place(from), place(to)};
    l.length = {kBlock};
    l.lanes = 2;
    l.speed_limit = {13.9};
    l.saturation_flow = {3600};
    l.provenance = Provenance::invented;
    city_.network.links.push_back(std::move(l));
  }

  void add(At p) {
    city_.signals.emplace(id(p), signals_of(p));
    std::uint32_t number = 0;
    for (std::size_t arm = 0; arm < 4; ++arm) {
      const At from{p.x + kArms[arm][0], p.y + kArms[arm][1]};
      add_link(from, p);
      if (!inside(from)) add_link(p, from);
      const std::string axis = arm % 2 == 0 ? "ns" : "ew";
      for (std::size_t turn = 1; turn < 4; ++turn) {  // left, straight, right, seen from the arm
        const auto& exit = kArms[(arm + turn) % 4];
        const At to{p.x + exit[0], p.y + exit[1]};
        Movement m;
        m.id = MovementId(link_id(from, p).str() + ">" + name(to));
        m.junction = id(p);
        m.from = link_id(from, p);
        m.to = link_id(p, to);
        m.turn = turn == 1 ? Turn::left : (turn == 2 ? Turn::straight : Turn::right);
        m.group = SignalGroupId(turn == 1 ? axis + "_left" : axis);
        m.lanes = {turn == 1 ? 1U : 0U};
        m.saturation_flow = {1800};
        m.share = {turn == 2 ? 0.6 : 0.2};
        city_.network.movements.push_back(std::move(m));
      }
      for (std::uint32_t lane = 0; lane < 2; ++lane) {
        for (const auto kind : {DetectorKind::stop_line, DetectorKind::advance}) {
          Detector d;
          d.number = ++number;
          d.id = DetectorId(name(p) + ".d" + std::to_string(number));
          d.kind = kind;
          d.junction = id(p);
          d.link = link_id(from, p);
          d.lane = lane;
          d.to_stop_line = {kind == DetectorKind::stop_line ? 2.0 : 80.0};
          d.group = SignalGroupId(lane == 1 ? axis + "_left" : axis);
          d.provenance = Provenance::invented;
          city_.network.detectors.push_back(std::move(d));
        }
      }
    }
  }

  int side_;
  city::City city_;
};

}  // namespace

city::City make_grid(std::size_t junctions) {
  return Builder(static_cast<int>(std::ceil(std::sqrt(static_cast<double>(junctions))))).build();
}

}  // namespace dispecer::bench
