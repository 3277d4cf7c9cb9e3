// agency, stops, routes, calendar, calendar_dates, shapes.
#include <algorithm>
#include <array>

#include "adapters/gtfs/reading.h"
#include "adapters/gtfs/service_day.h"

namespace dispecer::gtfs {
namespace {

// route_type of GTFS and the hundreds of the extended list.
VehicleKind kind_of(std::uint32_t type) {
  if (type == 3 || (type >= 700 && type < 800)) return VehicleKind::bus;
  if (type == 11 || (type >= 800 && type < 900)) return VehicleKind::trolleybus;
  if (type == 0 || (type >= 900 && type < 1000)) return VehicleKind::tram;
  return VehicleKind::unknown;
}

std::optional<LonLat> position(const std::string& lon, const std::string& lat) {
  const auto x = to_number(lon);
  const auto y = to_number(lat);
  if (!x || !y || *x < -180 || *x > 180 || *y < -90 || *y > 90) return {};
  if (*x == 0 && *y == 0) return {};  // what a feed writes when it does not know
  return LonLat{*x, *y};
}

}  // namespace

Result<> need_columns(const CsvTable& table, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (!table.column(name))
      return Error{"no_column", "column " + std::string(name) + " is missing", table.name()};
  }
  return Ok{};
}

Result<> read_agency(CsvTable table, Timetable& out, Report& report) {
  if (auto ok = need_columns(table, {"agency_timezone"}); !ok) return ok;
  const auto zone = table.column("agency_timezone");
  while (table.next()) {
    if (out.timezone.empty()) {
      out.timezone = table.cell(zone);
    } else if (table.cell(zone) != out.timezone) {
      report.add("agency.other_timezone",
                 "found " + table.cell(zone) + ", all times are read in " + out.timezone,
                 table.where());
    }
  }
  if (auto days = local_day_starts(out.timezone, {}, {}); !days)
    return Error{"bad_timezone", days.error().what, table.name()};
  return Ok{};
}

Result<> read_stops(CsvTable table, Timetable& out, Report& report) {
  if (auto ok = need_columns(table, {"stop_id"}); !ok) return ok;
  const auto id = table.column("stop_id");
  const auto name = table.column("stop_name");
  const auto lat = table.column("stop_lat");
  const auto lon = table.column("stop_lon");
  const auto type = table.column("location_type");
  std::set<std::string> seen;
  while (table.next()) {
    if (table.torn()) {
      report.add("row.torn", "quotes are not closed", table.where());
      continue;
    }
    // Stations, entrances and such are not places where a bus stops.
    if (!table.cell(type).empty() && table.cell(type) != "0") {
      ++report.counters["gtfs.stop.not_a_platform"];
      continue;
    }
    const std::string& key = table.cell(id);
    if (key.empty() || !seen.insert(key).second) {
      report.add(key.empty() ? "stop.no_id" : "stop.duplicate_id", "stop '" + key + "'",
                 table.where());
      continue;
    }
    const auto place = position(table.cell(lon), table.cell(lat));
    if (!place) {
      report.add("stop.bad_position",
                 "stop " + key + ": lon '" + table.cell(lon) + "' lat '" + table.cell(lat) + "'",
                 table.where());
      continue;
    }
    out.stops.push_back({StopId(key), table.cell(name), *place, LinkId(), Metres{0}});
  }
  std::sort(out.stops.begin(), out.stops.end(),
            [](const Stop& a, const Stop& b) { return a.id < b.id; });
  return Ok{};
}

Result<> read_lines(CsvTable table, Timetable& out, Report& report) {
  if (auto ok = need_columns(table, {"route_id", "route_type"}); !ok) return ok;
  const auto id = table.column("route_id");
  const auto short_name = table.column("route_short_name");
  const auto long_name = table.column("route_long_name");
  const auto type = table.column("route_type");
  std::set<std::string> seen;
  while (table.next()) {
    const std::string& key = table.cell(id);
    if (table.torn() || key.empty() || !seen.insert(key).second) {
      report.add(table.torn()  ? "row.torn"
                 : key.empty() ? "line.no_id"
                               : "line.duplicate_id",
                 "line '" + key + "'", table.where());
      continue;
    }
    const auto number = to_count(table.cell(type));
    if (!number) {
      report.add("line.bad_type", "line " + key + ": route_type '" + table.cell(type) + "'",
                 table.where());
      continue;
    }
    out.lines.push_back(
        {LineId(key), table.cell(short_name), table.cell(long_name), kind_of(*number)});
  }
  std::sort(out.lines.begin(), out.lines.end(),
            [](const Line& a, const Line& b) { return a.id < b.id; });
  return Ok{};
}

Result<> read_calendar(CsvTable table, Services& out, Report& report) {
  constexpr std::array kDays{"monday", "tuesday",  "wednesday", "thursday",
                             "friday", "saturday", "sunday"};
  if (auto ok = need_columns(table, {"service_id", "start_date", "end_date", "monday", "tuesday",
                                     "wednesday", "thursday", "friday", "saturday", "sunday"});
      !ok)
    return ok;
  const auto id = table.column("service_id");
  const auto start = table.column("start_date");
  const auto end = table.column("end_date");
  while (table.next()) {
    const auto from = to_count(table.cell(start));
    const auto to = to_count(table.cell(end));
    if (!from || !to || !valid_date(*from) || !valid_date(*to) || *to < *from ||
        *to - *from > 100000) {
      report.add("service.bad_dates",
                 "service " + table.cell(id) + ": from '" + table.cell(start) + "' to '" +
                     table.cell(end) + "', expected YYYYMMDD and at most ten years",
                 table.where());
      continue;
    }
    auto& days = out[table.cell(id)];
    for (std::uint32_t day = *from; day <= *to; day = next_day(day)) {
      if (table.cell(table.column(kDays[weekday_of(day)])) == "1") days.insert(day);
    }
  }
  return Ok{};
}

Result<> read_calendar_dates(CsvTable table, Services& out, Report& report) {
  if (auto ok = need_columns(table, {"service_id", "date", "exception_type"}); !ok) return ok;
  const auto id = table.column("service_id");
  const auto date = table.column("date");
  const auto type = table.column("exception_type");
  while (table.next()) {
    const auto day = to_count(table.cell(date));
    const std::string& what = table.cell(type);
    if (!day || !valid_date(*day) || (what != "1" && what != "2")) {
      report.add(
          "service.bad_exception",
          "service " + table.cell(id) + ": date '" + table.cell(date) + "' type '" + what + "'",
          table.where());
      continue;
    }
    if (what == "1") {
      out[table.cell(id)].insert(*day);
    } else {
      out[table.cell(id)].erase(*day);
    }
  }
  return Ok{};
}

Result<> read_shapes(CsvTable table, Shapes& out, Report& report) {
  if (auto ok =
          need_columns(table, {"shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"});
      !ok)
    return ok;
  const auto id = table.column("shape_id");
  const auto lat = table.column("shape_pt_lat");
  const auto lon = table.column("shape_pt_lon");
  const auto sequence = table.column("shape_pt_sequence");
  const auto distance = table.column("shape_dist_traveled");
  struct Point {
    LonLat place;
    std::optional<double> declared;
  };
  std::map<std::string, std::map<std::uint32_t, Point>> points;
  while (table.next()) {
    const auto place = position(table.cell(lon), table.cell(lat));
    const auto n = to_count(table.cell(sequence));
    const std::string& key = table.cell(id);
    if (!place || !n || key.empty()) {
      report.add("shape.bad_point", "shape " + key + ": a point is left out", table.where());
      continue;
    }
    if (!points[key].insert({*n, Point{*place, to_number(table.cell(distance))}}).second)
      report.add("shape.duplicate_sequence", "shape " + key + ": point " + std::to_string(*n),
                 table.where());
  }
  for (const auto& [key, ordered] : points) {
    std::vector<LonLat> places;
    std::vector<double> declared;
    for (const auto& [n, p] : ordered) {
      places.push_back(p.place);
      if (p.declared) declared.push_back(*p.declared);
    }
    auto shape = measure(std::move(places), std::move(declared));
    if (shape.points.size() < 2 || shape.metres.back() <= 0) {
      report.add("shape.too_short", "shape " + key + " has no length", table.name());
      continue;
    }
    out.emplace(key, std::move(shape));
  }
  return Ok{};
}

}  // namespace dispecer::gtfs
