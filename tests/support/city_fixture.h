// A hand-made junction for tests: two vehicle groups that cross, one pedestrian group beside the
// first.
#pragma once

#include "controller/plan/junction_signals.h"

namespace dispecer::test {

inline JunctionSignals crossroads() {
  JunctionSignals s;
  s.junction = JunctionId{"J1"};
  s.controller = ControllerId{"C1"};
  s.signatures = {{Origin::entered, "timing sheet 7", "A. Pop", "2026-03-01"}};
  const auto group = [](const char* id, GroupKind kind, double min_green, double amber) {
    return SignalGroup{SignalGroupId{id},       kind,
                       {Seconds{min_green}, 0}, {Seconds{amber}, 0},
                       {Seconds{1}, 0},         {Seconds{120}, 0}};
  };
  s.groups = {group("main", GroupKind::vehicle, 6, 3), group("side", GroupKind::vehicle, 5, 3),
              group("walk", GroupKind::pedestrian, 7, 8)};
  const auto pair = [&](std::uint32_t losing, std::uint32_t gaining, double time) {
    s.intergreens.push_back({losing, gaining, {Seconds{time}, 0}});
  };
  pair(0, 1, 5);
  pair(1, 0, 6);
  pair(2, 1, 9);
  pair(1, 2, 5);
  s.stages = {{1, "main", {0, 2}, {}, false, 1}, {2, "side", {1}, {}, false, 2}};
  s.transitions = {{1, 2}, {2, 1}};
  s.plans = {
      {1,
       "day",
       Seconds{60},
       Seconds{0},
       {{1, Seconds{0}, Seconds{7}, Seconds{40}}, {2, Seconds{40}, Seconds{5}, Seconds{20}}}}};
  s.lever = Lever::stage;
  s.release_time = Seconds{5};
  s.commissioning = Commissioning::live;
  return s;
}

}  // namespace dispecer::test
