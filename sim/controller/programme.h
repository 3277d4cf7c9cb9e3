// What chooses among plans and stages for a whole controller: week and day tables by local time,
// traffic situations, emergency routes; and the sensitivity of its loops.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "fusion/model/result.h"
#include "fusion/model/time.h"

namespace dispecer::sim {

struct Cabinet;

// From hour:minute on (local time) the day table runs the plan `function`; 0 = none.
struct DayEntry {
  std::uint32_t table = 0;     // 1..12
  std::uint32_t function = 0;  // 0..16
  std::uint32_t hour = 0;
  std::uint32_t minute = 0;
  bool operator==(const DayEntry&) const = default;
};
struct Situation {
  std::uint32_t number = 1;
  std::optional<std::uint32_t> plan;  // absent = changes nothing
};
struct EmergencyRoute {
  std::uint32_t number = 1;
  std::optional<std::uint32_t> stage;  // asked for as long as the route is on
  std::uint32_t intersection = 1;
};

struct Programme {
  std::map<std::uint32_t, std::uint32_t> week;  // weekday, 0 = Monday -> day table
  std::vector<DayEntry> days;
  std::vector<Situation> situations{{}};
  std::vector<EmergencyRoute> routes;
  std::map<std::uint32_t, std::uint32_t> sensitivity;  // loop -> level
  std::map<std::uint32_t, std::uint32_t> key_inputs;   // input -> position of the police key
  std::optional<std::uint32_t> manual_input;           // set = the operator's panel is in use
  // Local time minus UTC at a moment, s; nullptr = the controller lives in UTC.
  std::int64_t (*local_offset_s)(UtcTime) = nullptr;

  std::uint32_t situation = 1;
  bool situation_forced = false;
  std::vector<std::uint32_t> emergencies;  // that are on, in the order of being switched on
};

// Causes: no_such_situation, no_such_route.
Result<> set_situation(Cabinet& cabinet, std::optional<std::uint32_t> number);
Result<> set_emergency(Cabinet& cabinet, std::uint32_t route, bool on);
// Plan that the tables name at that moment of the controller's clock; absent = none.
std::optional<std::uint32_t> calendar_plan(const Programme& programme, UtcTime own_clock);
// Hands the choices to the intersections; before each tick.
void run_programme(Cabinet& cabinet, UtcTime now);

}  // namespace dispecer::sim
