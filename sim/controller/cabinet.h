// One controller as a device: its intersections, and inputs and detectors that they share.
#pragma once

#include <set>

#include "sim/controller/priority.h"
#include "sim/controller/programme.h"
#include "sim/controller/virtual_controller.h"

namespace dispecer::sim {

struct Intersection {
  std::uint32_t number = 1;
  State state;
  Output output;  // of the last tick
};

struct Cabinet {
  ControllerId id;
  std::vector<Intersection> intersections;  // ascending by number, at least one
  Programme programme;
  PriorityDesk priority;
  std::set<std::string> supervisors;  // that are connected, by name of their line
  // What supervisors changed for the whole controller, so that every line of it knows.
  std::map<std::uint32_t, std::uint32_t> ordered_offsets;  // by plan, s, as ordered
  std::map<int, std::string> codes;                        // security codes by level
};

// Moves programme, priority and every intersection on.
void tick(Cabinet& cabinet, UtcTime now);

// Commands for the whole controller (intersection 0) or for one. A plan, cycle, offset or band goes
// to every intersection that has the plan; inputs and detectors go to the intersection they are
// wired to (input: stage demand, else the first). Refused as a whole before anything changes where
// no intersection can take it.
Result<> apply(Cabinet& cabinet, const Input& input, UtcTime now, std::uint32_t intersection = 0);

// Length of the lists of inputs and of detector logics over all intersections.
// A supervisor came or went. The controller knows that it is alone when the last one went.
void note_supervisor(Cabinet& cabinet, const std::string& line, bool connected, UtcTime now);

// Signal groups count on from intersection to intersection. Absent = there are not as many.
std::optional<PriorityTarget> group_at(const Cabinet& cabinet, std::size_t number);

// Its number over all intersections, from 1 on; absent = the controller has no such group.
std::optional<std::uint32_t> group_number(const Cabinet& cabinet, const SignalGroupId& group);

std::size_t input_count(const Cabinet& cabinet);
std::size_t detector_count(const Cabinet& cabinet);
bool input_value(const Cabinet& cabinet, std::uint32_t input);
std::optional<bool> input_forced(const Cabinet& cabinet, std::uint32_t input);
// The detector logic with that number, nullptr = the controller has none.
const DetectorState* detector(const Cabinet& cabinet, std::uint32_t number);

}  // namespace dispecer::sim
