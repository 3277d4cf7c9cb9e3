#include "adapters/gtfs/timetable.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "adapters/gtfs/reading.h"

namespace dispecer::gtfs {
namespace {

constexpr std::uintmax_t kMaxTableBytes = 1ULL << 30;

}  // namespace

void Report::add(std::string cause, std::string what, std::string where) {
  ++counters["gtfs." + cause];
  if (faults.size() < kMaxFaults)
    faults.push_back({std::move(cause), std::move(what), std::move(where)});
}

Result<std::string> read_text(const std::string& path) {
  std::error_code ec;
  const auto size = std::filesystem::file_size(path, ec);
  if (ec) return Error{"no_table", "the table is missing", path};
  if (size > kMaxTableBytes) return Error{"unreadable", "larger than 1 GiB", path};
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return Error{"unreadable", "cannot be read", path};
  return std::move(text).str();
}

Result<Timetable> read_timetable(const std::string& city_folder, Report& report) {
  const std::string folder = city_folder + "/gtfs/";
  Timetable out;
  Services services;
  Shapes shapes;
  Drafts drafts;
  // Text and table together: a table only looks at its text.
  const auto with = [&](const std::string& name, bool needed, const auto& read) -> Result<> {
    auto text = read_text(folder + name);
    if (!text) {
      if (needed || text.error().cause != "no_table") return text.error();
      return Ok{};
    }
    return read(CsvTable(name, *text));
  };
  const auto steps = {
      with("agency.txt", true, [&](CsvTable t) { return read_agency(std::move(t), out, report); }),
      with("stops.txt", true, [&](CsvTable t) { return read_stops(std::move(t), out, report); }),
      with("routes.txt", true, [&](CsvTable t) { return read_lines(std::move(t), out, report); }),
      with("calendar.txt", false,
           [&](CsvTable t) { return read_calendar(std::move(t), services, report); }),
      with("calendar_dates.txt", false,
           [&](CsvTable t) { return read_calendar_dates(std::move(t), services, report); }),
      with("shapes.txt", false,
           [&](CsvTable t) { return read_shapes(std::move(t), shapes, report); }),
      with("trips.txt", true,
           [&](CsvTable t) {
             return read_trips(std::move(t), out, services, shapes, drafts, report);
           }),
      with("stop_times.txt", true,
           [&](CsvTable t) { return read_stop_times(std::move(t), out, drafts, report); })};
  for (const auto& step : steps) {
    if (!step) return step.error();
  }
  finish_trips(std::move(drafts), shapes, out, report);
  const auto frequencies = with("frequencies.txt", false, [&](CsvTable t) {
    return expand_frequencies(std::move(t), out, report);
  });
  if (!frequencies) return frequencies.error();

  for (auto& [id, shape] : shapes) out.shapes.push_back({ShapeId(id), std::move(shape.points), {}});
  for (const auto& [id, days] : services) out.services.push_back({id, {days.begin(), days.end()}});
  read_map(city_folder + "/transit.toml", out, report);
  return out;
}

std::vector<AlarmEvent> alarms(const Report& report, UtcTime now) {
  std::map<std::string, AlarmEvent> by_cause;
  for (const auto& fault : report.faults) {
    const auto total = report.counters.at("gtfs." + fault.cause);
    by_cause.try_emplace(
        fault.cause,
        AlarmEvent{"quarantined", "timetable/" + fault.cause, AlarmPriority::medium, true, now,
                   std::to_string(total) + " in the timetable, the first: " + fault.message()});
  }
  std::vector<AlarmEvent> list;
  for (auto& [cause, event] : by_cause) list.push_back(std::move(event));
  return list;
}

}  // namespace dispecer::gtfs
