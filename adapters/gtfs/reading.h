// Inside adapters/gtfs only: the tables one by one. Each leaves faulty rows out and tells them.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "adapters/gtfs/along.h"
#include "adapters/gtfs/csv.h"
#include "adapters/gtfs/timetable.h"

namespace dispecer::gtfs {

// Text of a table. Error no_table or unreadable.
Result<std::string> read_text(const std::string& path);
// Error no_column, by the first name the table lacks.
Result<> need_columns(const CsvTable& table, std::initializer_list<const char*> names);

Result<> read_agency(CsvTable table, Timetable& out, Report& report);
Result<> read_stops(CsvTable table, Timetable& out, Report& report);
Result<> read_lines(CsvTable table, Timetable& out, Report& report);

using Services = std::map<std::string, std::set<std::uint32_t>>;
Result<> read_calendar(CsvTable table, Services& out, Report& report);
Result<> read_calendar_dates(CsvTable table, Services& out, Report& report);

using Shapes = std::map<std::string, MeasuredShape>;
Result<> read_shapes(CsvTable table, Shapes& out, Report& report);

// A row of stop_times before missing times are filled in.
struct Call {
  std::size_t stop = 0;  // index into Timetable::stops
  std::uint32_t sequence = 0;
  std::optional<std::int64_t> arrival;  // s of the service day
  std::optional<std::int64_t> departure;
  std::optional<double> declared;  // in the measure of the feed's shape
  bool timepoint = true;
};
struct DraftTrip {
  Trip trip;
  std::vector<Call> calls;
  bool faulty = false;
};
using Drafts = std::map<std::string, DraftTrip>;
Result<> read_trips(CsvTable table, const Timetable& known, const Services& services,
                    const Shapes& shapes, Drafts& out, Report& report);
Result<> read_stop_times(CsvTable table, const Timetable& known, Drafts& drafts, Report& report);

// Sorts, checks, places on the shape and fills times; a trip that is no good is left out and told.
void finish_trips(Drafts drafts, const Shapes& shapes, Timetable& out, Report& report);
// Trips of frequencies.txt become one trip per departure, id "<trip_id>@HH:MM:SS".
Result<> expand_frequencies(CsvTable table, Timetable& out, Report& report);

// transit.toml: stops and shapes to links.
void read_map(const std::string& path, Timetable& out, Report& report);

}  // namespace dispecer::gtfs
