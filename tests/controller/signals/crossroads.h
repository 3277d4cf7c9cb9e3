// A hand-made crossroads for tests, and a small street under it.
//
//   stage 1: group ns (movements "n" and "s"), stage 2: group ew ("e", "w"), stage 3: group foot
//   (crossing "x", push button; skippable). Every pair of groups conflicts with 5 s between them.
#pragma once

#include <memory>
#include <random>

#include "controller/app/core.h"

namespace dispecer::test {

inline constexpr UtcTime kStart{1'700'000'000'000'000};
inline UtcTime at(double s) {
  return kStart + from_seconds(s);
}

inline Link make_link(const std::string& id, const std::string& from, const std::string& to) {
  Link link;
  link.id = LinkId(id);
  link.from = JunctionId(from);
  link.to = JunctionId(to);
  link.length = {300};
  link.lanes = 1;
  link.speed_limit = {13.9};
  link.saturation_flow = {1800};
  return link;
}

struct Crossroads {
  Network network;
  JunctionSignals signals;
  std::shared_ptr<CityPicture> picture = std::make_shared<CityPicture>();

  Crossroads() {
    const std::vector<std::pair<std::string, std::string>> arms{
        {"n", "ns"}, {"s", "ns"}, {"e", "ew"}, {"w", "ew"}};
    for (const auto& [arm, group] : arms) {
      network.links.push_back(make_link("in_" + arm, "far_" + arm, "j"));
      network.links.push_back(make_link("out_" + arm, "j", "far_" + arm));
      Movement m;
      m.id = MovementId(arm);
      m.junction = JunctionId("j");
      m.from = LinkId("in_" + arm);
      m.to = LinkId("out_" + arm);
      m.group = SignalGroupId(group);
      m.lanes = {0};
      m.saturation_flow = {1800};
      m.share = {1};
      network.movements.push_back(m);
      MovementState state;
      state.movement = m.id;
      state.queue = {0, 0.5, 1, Quality::live, kLoops};
      state.arrivals.assign(6, 0.0);
      picture->movements.push_back(state);
      LinkState out;
      out.link = LinkId("out_" + arm);
      picture->links.push_back(out);
    }
    Crossing x;
    x.id = CrossingId("x");
    x.junction = JunctionId("j");
    x.group = SignalGroupId("foot");
    x.length = {8};
    x.push_button = true;
    network.crossings.push_back(x);
    picture->crossings.push_back({x.id, false, {0}});

    signals.junction = JunctionId("j");
    signals.controller = ControllerId("c");
    signals.signatures.push_back({Origin::entered, "test", "tester", "2026-01-01"});
    const auto group = [](const char* id, GroupKind kind, double min_green) {
      SignalGroup g;
      g.id = SignalGroupId(id);
      g.kind = kind;
      g.min_green = {{min_green}, 0};
      g.amber = {{3}, 0};
      g.max_red = {{120}, 0};
      return g;
    };
    signals.groups = {group("ns", GroupKind::vehicle, 6), group("ew", GroupKind::vehicle, 6),
                      group("foot", GroupKind::pedestrian, 5)};
    for (std::uint32_t a = 0; a < 3; ++a) {
      for (std::uint32_t b = 0; b < 3; ++b) {
        if (a != b) signals.intergreens.push_back({a, b, {{5}, 0}});
        if (a != b) signals.transitions.push_back({a + 1, b + 1});
      }
      Stage stage;
      stage.number = a + 1;
      stage.green = {a};
      stage.skippable = true;
      stage.demand_input = a + 1;
      signals.stages.push_back(stage);
    }
    signals.plans.push_back(
        {1, "day", {90}, {0}, {{1, {0}, {6}, {60}}, {2, {40}, {6}, {60}}, {3, {75}, {5}, {10}}}});
    signals.lever = Lever::stage;
    signals.release_time = Seconds{5};
    signals.commissioning = Commissioning::live;

    SignalObservation seen;
    seen.junction = JunctionId("j");
    seen.link = CommLink::connected;
    seen.mode = ControlMode::control;
    seen.holder = Holder::local_plan;
    picture->signals.push_back(seen);
    show(1);
  }

  SignalObservation& seen() { return picture->signals[0]; }
  // Lamps of a stage; 0 = between stages, all red.
  void show(std::uint32_t stage) {
    seen().stage = stage == 0 ? std::nullopt : std::optional(stage);
    seen().groups.assign(3, Aspect::red);
    if (stage != 0) seen().groups[stage - 1] = Aspect::green;
  }
  MovementState& movement(const std::string& id) {
    for (auto& m : picture->movements) {
      if (m.movement.str() == id) return m;
    }
    std::abort();
  }
  void queue(const std::string& id, double vehicles, double waiting = 1) {
    movement(id).queue.value = vehicles;
    movement(id).waiting = {vehicles > 0 ? waiting : 0};
  }
  // `per_bin` vehicles in every 5 s.
  void arrivals(const std::string& id, double per_bin) { movement(id).arrivals.assign(6, per_bin); }
  LinkState& exit(const std::string& arm) {
    for (auto& l : picture->links) {
      if (l.link.str() == "out_" + arm) return l;
    }
    std::abort();
  }
  // The picture as of `s`, with the lamps just observed.
  std::shared_ptr<const CityPicture> now(double s) {
    picture->t = at(s);
    seen().t = at(s);
    return std::make_shared<const CityPicture>(*picture);
  }
  controller::ControllerState controller(controller::ControllerParameters parameters = {}) const {
    return controller::make_controller(network, {{signals.junction, signals}}, parameters);
  }
};

// One second of the controller on the crossroads as it stands; the outputs of junction "j".
struct Second {
  SignalDecision decision;
  std::optional<Proposal> proposal;
  std::vector<PriorityRequest> requests;
  [[nodiscard]] std::uint32_t ordered() const {
    if (!proposal) return 0;
    const auto* order = std::get_if<StageOrder>(&proposal->write);
    return order == nullptr ? 0 : order->stage;
  }
  [[nodiscard]] bool released() const {
    return proposal && std::holds_alternative<ReleaseOrder>(proposal->write);
  }
};

inline Second second(controller::ControllerState& state, Crossroads& road, double s) {
  controller::apply(state, road.now(s));
  auto out = controller::step(state, at(s), 0);
  Second result;
  result.decision = out.decisions.at(0);
  if (!out.proposals.empty()) result.proposal = out.proposals.at(0);
  result.requests = out.requests;
  return result;
}

// Lets `seconds` pass in stage 1, so that minimum green and dwell are over; nothing waits.
inline double settle(controller::ControllerState& state, Crossroads& road, double seconds = 12) {
  for (double s = 0; s < seconds; ++s) second(state, road, s);
  return seconds;
}

// A controller and traffic that obey: an order for another stage takes 5 s of red; a queue leaves
// at one vehicle each 2 s of green; vehicles come at random, seeded.
class Street {
 public:
  Street(Crossroads& road, std::map<std::string, double> veh_per_h, unsigned seed)
      : road_(road), flows_(std::move(veh_per_h)), random_(seed) {}

  void step(std::uint32_t ordered) {
    ++t_;
    if (clearing_ > 0 && --clearing_ == 0) {
      stage_ = next_;
      begun_ = t_;
    }
    if (clearing_ == 0 && ordered != 0 && ordered != stage_ && t_ - begun_ >= 6) {
      next_ = ordered;
      clearing_ = 5;
      stage_ = 0;
      ++changes_;
    }
    road_.show(stage_);
    for (const auto& [arm, flow] : flows_) {
      auto& m = road_.movement(arm);
      const bool green = stage_ == (arm == "n" || arm == "s" ? 1u : 2u);
      if (std::uniform_real_distribution<>(0, 1)(random_) < flow / 3600) m.queue.value += 1;
      if (green && t_ % 2 == 0) m.queue.value = std::max(0.0, m.queue.value - 1);
      m.waiting = {m.queue.value > 0 ? m.waiting.value + 1 : 0};
      m.arrivals.assign(6, flow / 720);
      delay_ += m.queue.value;
      auto& red = red_[arm];
      red = green || m.queue.value == 0 ? 0 : red + 1;
      longest_red_ = std::max(longest_red_, red);
    }
  }
  [[nodiscard]] int changes() const { return changes_; }
  [[nodiscard]] int longest_red() const { return longest_red_; }  // s with somebody waiting
  [[nodiscard]] double delay() const { return delay_; }           // veh s
  [[nodiscard]] std::uint32_t stage() const { return stage_; }

 private:
  Crossroads& road_;
  std::map<std::string, double> flows_;
  std::mt19937 random_;
  std::map<std::string, int> red_;
  std::uint32_t stage_ = 1;
  std::uint32_t next_ = 0;
  int clearing_ = 0;
  int t_ = 0;
  int begun_ = 0;
  int changes_ = 0;
  int longest_red_ = 0;
  double delay_ = 0;
};

}  // namespace dispecer::test
