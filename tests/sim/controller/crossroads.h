// A small crossroads for tests: two streets and a crossing on foot.
#pragma once

#include "sim/controller/virtual_controller.h"

namespace dispecer::sim {

// Groups: 0 = NS, 1 = EW, 2 = P (people on foot, against NS). Stages: 1 = NS, 2 = EW + P.
// Plan 1: cycle 60 s, stage 1 at 0 s, stage 2 at 30 s. Plan 2: cycle 40 s, offset 10 s.
inline JunctionSignals crossroads() {
  JunctionSignals s;
  s.junction = JunctionId("J1");
  s.controller = ControllerId("C1");
  s.signatures = {{Origin::entered, "test", "me", "2026-01-01"}};
  const auto group = [](const char* id, GroupKind kind, double min, double amber, double ra) {
    SignalGroup g;
    g.id = SignalGroupId(id);
    g.kind = kind;
    g.min_green.time.value = min;
    g.amber.time.value = amber;
    g.red_amber.time.value = ra;
    return g;
  };
  s.groups = {group("NS", GroupKind::vehicle, 7, 3, 1), group("EW", GroupKind::vehicle, 7, 3, 1),
              group("P", GroupKind::pedestrian, 6, 5, 0)};
  const auto ig = [](std::uint32_t a, std::uint32_t b, double t) {
    return Intergreen{a, b, {Seconds{t}, 0}};
  };
  s.intergreens = {ig(0, 1, 5), ig(1, 0, 6), ig(0, 2, 4), ig(2, 0, 9)};
  s.stages = {{1, "NS", {0}, {}, false, 1}, {2, "EW", {1, 2}, {}, false, 2}};
  s.transitions = {{1, 2}, {2, 1}};
  s.plans = {{1, "day", {60}, {0}, {{1, {0}, {7}, {40}}, {2, {30}, {7}, {40}}}},
             {2, "night", {40}, {10}, {{1, {0}, {7}, {40}}, {2, {20}, {7}, {40}}}}};
  s.lever = Lever::stage;
  s.release_time = Seconds{5};
  return s;
}

inline UtcTime at(double s) {
  // A multiple of 60 and 40 s.
  return UtcTime{1'767'225'600LL * 1'000'000} + from_seconds(s);
}

// Aspects over [from, to) at 1 s, one letter per second: R red, U red-amber, G green, A amber,
// F flashing amber, D dark.
struct Kerb {
  State state;
  double now = 0;
  Output last;
  std::vector<std::string> seen;
  explicit Kerb(State s) : state(std::move(s)), seen(state.lamps.size()) {}
  void to(double end, double step = 1) {
    for (; now < end; now += step) {
      last = tick(state, at(now));
      for (std::size_t g = 0; g < last.aspects.size(); ++g) {
        seen[g] += "?DRUGAgFf"[static_cast<std::size_t>(last.aspects[g])];
      }
    }
  }
  void clear() {
    for (auto& s : seen) s.clear();
  }
  Result<> input(const Input& in) { return apply(state, in, at(now)); }
};

}  // namespace dispecer::sim
