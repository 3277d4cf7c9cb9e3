#include "tests/bench/rsmp/names.h"

namespace dispecer::bench {

JunctionSignals load_junction(std::size_t number) {
  JunctionSignals s;
  s.junction = JunctionId("j" + std::to_string(number));
  s.controller = ControllerId("c" + std::to_string(number));
  s.signatures = {{Origin::entered, "bench", "bench", "2026-01-01"}};
  const auto group = [](const char* name) {
    return SignalGroup{SignalGroupId(name), GroupKind::vehicle, {{5}, 0}, {{3}, 0}, {{1}, 0},
                       {{120}, 0}};
  };
  s.groups = {group("main"), group("side")};
  s.intergreens = {{0, 1, {{6}, 0}}, {1, 0, {{6}, 0}}};
  s.stages = {{1, "main", {0}, {}, false, 3}, {2, "side", {1}, {}, false, 4}};
  s.transitions = {{1, 2}, {2, 1}};
  // Not all in the same second of the cycle.
  const Seconds offset{static_cast<double>(number % 60)};
  s.plans = {{1, "day", {60}, offset, {{1, {0}, {5}, {50}}, {2, {30}, {5}, {50}}}}};
  s.lever = Lever::stage;
  s.release_time = Seconds{5};
  s.commissioning = Commissioning::live;
  return s;
}

sim::SiteSettings load_settings(std::size_t number) {
  sim::SiteSettings s;
  s.site_id = "S" + std::to_string(number);
  s.main_component = "TC";
  s.sxl = "1.2.1";
  s.cores = {rsmp::Core::v3_2_2};
  s.code1 = "1111";
  s.code2 = "2222";
  s.group_components = {"A1", "A2"};
  s.buffered = {"S0001"};
  return s;
}

}  // namespace dispecer::bench
