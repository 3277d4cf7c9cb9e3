// Reads a city's timetable: <city>/gtfs/*.txt (GTFS schedule, plain files) and <city>/transit.toml,
// which puts stops and shapes on the city's links:
//
//   [[stop]]
//   id = "S12"            # stop_id of stops.txt
//   link = "L7"           # link of the network, in whose direction the bus stands
//   along = 45.0          # m from the start of that link
//   [[shape]]
//   id = "1_0"            # shape_id of shapes.txt
//   links = ["L5", "L7"]  # in order of travel, without gaps
//
// `position_m` is read as well where `along` is absent; other keys may stand beside these. A stop
// or shape that is not mapped stays in the timetable with an empty link or no links.
//
// Faulty rows, trips and lines are left out and told by name; only a missing or unreadable table
// that everything hangs on (agency, stops, routes, trips, stop_times) refuses.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "fusion/model/health.h"
#include "fusion/model/result.h"
#include "fusion/model/transit.h"

namespace dispecer::gtfs {

// What was left out or repaired, and why.
struct Report {
  std::map<std::string, std::uint64_t> counters;  // "gtfs.trip.no_stop_times", ...
  std::vector<Error> faults;  // each with file and line or id; at most kMaxFaults
  static constexpr std::size_t kMaxFaults = 200;  // further ones are only counted

  void add(std::string cause, std::string what, std::string where);
  bool operator==(const Report&) const = default;
};

// Errors (cause): no_table (a needed table is missing), no_column, unreadable, bad_timezone.
Result<Timetable> read_timetable(const std::string& city_folder, Report& report);

// The faults as alarms (kind "quarantined"), one per cause, with how many there are and the first.
std::vector<AlarmEvent> alarms(const Report& report, UtcTime now);

}  // namespace dispecer::gtfs
