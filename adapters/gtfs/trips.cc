// trips, stop_times, frequencies.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "adapters/gtfs/reading.h"

namespace dispecer::gtfs {
namespace {

std::string clock_text(std::int64_t s) {
  char text[32];
  std::snprintf(text, sizeof text, "%02lld:%02lld:%02lld", static_cast<long long>(s / 3600),
                static_cast<long long>(s / 60 % 60), static_cast<long long>(s % 60));
  return text;
}

// Distances along the way, m: by the feed's own measure where shape and rows have one, else by
// placing the stops on the shape, else straight from stop to stop.
std::vector<double> distances(const DraftTrip& draft, const MeasuredShape* shape,
                              const Timetable& known) {
  std::vector<double> result;
  if (shape != nullptr) {
    for (const auto& call : draft.calls) {
      const auto at = call.declared ? metres_at(*shape, *call.declared) : std::nullopt;
      if (!at || (!result.empty() && *at < result.back())) break;
      result.push_back(*at);
    }
    if (result.size() == draft.calls.size()) return result;
  }
  std::vector<LonLat> places;
  for (const auto& call : draft.calls) places.push_back(known.stops[call.stop].position);
  if (shape != nullptr) return place_stops(*shape, places);
  result.clear();
  double sum = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (i > 0) sum += distance_m(places[i - 1], places[i]);
    result.push_back(sum);
  }
  return result;
}

// Fills times between stops that have one, by distance. False: times are missing at an end, or go
// back.
const char* fill_times(DraftTrip& draft, const std::vector<double>& along) {
  auto& calls = draft.calls;
  for (auto& c : calls) {
    if (!c.arrival) c.arrival = c.departure;
    if (!c.departure) c.departure = c.arrival;
  }
  if (!calls.front().arrival || !calls.back().arrival) return "trip.no_times";
  std::size_t before = 0;
  for (std::size_t i = 1; i < calls.size(); ++i) {
    if (!calls[i].arrival) continue;
    const auto t0 = static_cast<double>(*calls[before].departure);
    const auto t1 = static_cast<double>(*calls[i].arrival);
    const double way = along[i] - along[before];
    for (std::size_t k = before + 1; k < i; ++k) {
      const double part = way > 0
                              ? (along[k] - along[before]) / way
                              : static_cast<double>(k - before) / static_cast<double>(i - before);
      calls[k].arrival = calls[k].departure =
          static_cast<std::int64_t>(std::llround(t0 + part * (t1 - t0)));
      calls[k].timepoint = false;
    }
    before = i;
  }
  std::int64_t last = *calls.front().arrival;
  for (const auto& c : calls) {
    if (*c.arrival < last || *c.departure < *c.arrival) return "trip.time_goes_back";
    last = *c.departure;
  }
  return nullptr;
}

}  // namespace

Result<> read_trips(CsvTable table, const Timetable& known, const Services& services,
                    const Shapes& shapes, Drafts& out, Report& report) {
  if (auto ok = need_columns(table, {"route_id", "service_id", "trip_id"}); !ok) return ok;
  const auto route = table.column("route_id");
  const auto service = table.column("service_id");
  const auto id = table.column("trip_id");
  const auto headsign = table.column("trip_headsign");
  const auto direction = table.column("direction_id");
  const auto block = table.column("block_id");
  const auto shape = table.column("shape_id");
  std::set<std::string> lines;
  for (const auto& line : known.lines) lines.insert(line.id.str());
  while (table.next()) {
    const std::string& key = table.cell(id);
    DraftTrip draft;
    draft.trip = {TripId(key),
                  LineId(table.cell(route)),
                  table.cell(service),
                  ShapeId(table.cell(shape)),
                  to_count(table.cell(direction)).value_or(0),
                  table.cell(headsign),
                  table.cell(block),
                  {}};
    if (table.torn() || key.empty() || out.contains(key)) {
      report.add(table.torn()  ? "row.torn"
                 : key.empty() ? "trip.no_id"
                               : "trip.duplicate_id",
                 "trip '" + key + "'", table.where());
      continue;
    }
    if (!lines.contains(table.cell(route))) {
      report.add("trip.unknown_line", "trip " + key + ": line '" + table.cell(route) + "'",
                 table.where());
      draft.faulty = true;
    } else if (!services.contains(table.cell(service))) {
      report.add("trip.unknown_service", "trip " + key + ": service '" + table.cell(service) + "'",
                 table.where());
      draft.faulty = true;
    }
    if (!table.cell(shape).empty() && !shapes.contains(table.cell(shape))) {
      // The trip still runs; only its way is not known.
      report.add("trip.unknown_shape", "trip " + key + ": shape '" + table.cell(shape) + "'",
                 table.where());
      draft.trip.shape = ShapeId();
    }
    out.emplace(key, std::move(draft));
  }
  return Ok{};
}

Result<> read_stop_times(CsvTable table, const Timetable& known, Drafts& drafts, Report& report) {
  if (auto ok = need_columns(table, {"trip_id", "stop_id", "stop_sequence"}); !ok) return ok;
  const auto trip = table.column("trip_id");
  const auto arrival = table.column("arrival_time");
  const auto departure = table.column("departure_time");
  const auto stop = table.column("stop_id");
  const auto sequence = table.column("stop_sequence");
  const auto timepoint = table.column("timepoint");
  const auto distance = table.column("shape_dist_traveled");
  std::map<std::string, std::size_t> stops;
  for (std::size_t i = 0; i < known.stops.size(); ++i) stops[known.stops[i].id.str()] = i;

  while (table.next()) {
    const auto found = drafts.find(table.cell(trip));
    if (found == drafts.end()) {
      report.add("stop_time.unknown_trip", "trip '" + table.cell(trip) + "'", table.where());
      continue;
    }
    auto& draft = found->second;
    if (draft.faulty) continue;
    const auto reject = [&](const char* cause, const std::string& what) {
      report.add(cause, "trip " + table.cell(trip) + ": " + what + "; the trip is left out",
                 table.where());
      draft.faulty = true;
    };
    Call call;
    const auto at = stops.find(table.cell(stop));
    if (table.torn()) {
      reject("row.torn", "quotes are not closed");
      continue;
    }
    if (at == stops.end()) {
      reject("stop_time.unknown_stop", "stop '" + table.cell(stop) + "'");
      continue;
    }
    call.stop = at->second;
    const auto n = to_count(table.cell(sequence));
    if (!n) {
      reject("stop_time.bad_sequence", "stop_sequence '" + table.cell(sequence) + "'");
      continue;
    }
    call.sequence = *n;
    call.arrival = to_clock(table.cell(arrival));
    call.departure = to_clock(table.cell(departure));
    if ((!call.arrival && !table.cell(arrival).empty()) ||
        (!call.departure && !table.cell(departure).empty())) {
      reject("stop_time.bad_time", "found '" + table.cell(arrival) + "' and '" +
                                       table.cell(departure) + "', expected HH:MM:SS");
      continue;
    }
    call.declared = to_number(table.cell(distance));
    call.timepoint = table.cell(timepoint) != "0";
    draft.calls.push_back(call);
  }
  return Ok{};
}

void finish_trips(Drafts drafts, const Shapes& shapes, Timetable& out, Report& report) {
  for (auto& [id, draft] : drafts) {
    if (draft.faulty) continue;
    const auto reject = [&](const char* cause, const std::string& what) {
      report.add(cause, "trip " + id + ": " + what + "; the trip is left out", "stop_times.txt");
    };
    auto& calls = draft.calls;
    std::stable_sort(calls.begin(), calls.end(),
                     [](const Call& a, const Call& b) { return a.sequence < b.sequence; });
    if (calls.size() < 2) {
      reject("trip.no_stop_times", "it has " + std::to_string(calls.size()) + " stops");
      continue;
    }
    const auto same = std::adjacent_find(calls.begin(), calls.end(),
                                         [](auto& a, auto& b) { return a.sequence == b.sequence; });
    if (same != calls.end()) {
      reject("stop_time.duplicate_sequence", "stop_sequence " + std::to_string(same->sequence));
      continue;
    }
    const auto shape = shapes.find(draft.trip.shape.str());
    const auto along = distances(draft, shape == shapes.end() ? nullptr : &shape->second, out);
    if (const char* cause = fill_times(draft, along)) {
      reject(cause, "first " + clock_text(calls.front().arrival.value_or(0)) + ", last " +
                        clock_text(calls.back().departure.value_or(0)));
      continue;
    }
    for (std::size_t i = 0; i < calls.size(); ++i) {
      draft.trip.stop_times.push_back({out.stops[calls[i].stop].id, calls[i].sequence,
                                       Seconds{static_cast<double>(*calls[i].arrival)},
                                       Seconds{static_cast<double>(*calls[i].departure)},
                                       Metres{along[i]}, calls[i].timepoint});
    }
    out.trips.push_back(std::move(draft.trip));
  }
}

Result<> expand_frequencies(CsvTable table, Timetable& out, Report& report) {
  if (auto ok = need_columns(table, {"trip_id", "start_time", "end_time", "headway_secs"}); !ok)
    return ok;
  const auto id = table.column("trip_id");
  const auto start = table.column("start_time");
  const auto end = table.column("end_time");
  const auto headway = table.column("headway_secs");
  std::map<TripId, std::set<std::int64_t>> departures;
  while (table.next()) {
    const auto from = to_clock(table.cell(start));
    const auto to = to_clock(table.cell(end));
    const auto step = to_count(table.cell(headway));
    if (!from || !to || !step || *step < 1 || *to < *from) {
      report.add("frequency.bad_row", "trip " + table.cell(id), table.where());
      continue;
    }
    for (auto t = *from; t < *to; t += *step) departures[TripId(table.cell(id))].insert(t);
  }
  std::vector<Trip> trips;
  for (auto& trip : out.trips) {
    const auto found = departures.find(trip.id);
    if (found == departures.end()) {
      trips.push_back(std::move(trip));
      continue;
    }
    const double first = trip.stop_times.front().departure.value;
    for (const auto t : found->second) {
      Trip one = trip;
      one.id = TripId(trip.id.str() + "@" + clock_text(t));
      for (auto& call : one.stop_times) {
        call.arrival.value += static_cast<double>(t) - first;
        call.departure.value += static_cast<double>(t) - first;
      }
      trips.push_back(std::move(one));
    }
    departures.erase(found);
  }
  for (const auto& [trip, times] : departures)
    report.add("frequency.unknown_trip", "trip " + trip.str(), table.name());
  out.trips = std::move(trips);
  return Ok{};
}

}  // namespace dispecer::gtfs
