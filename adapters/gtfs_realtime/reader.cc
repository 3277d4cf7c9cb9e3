#include "adapters/gtfs_realtime/reader.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>

#include "adapters/gtfs_realtime/message/message.h"

namespace dispecer::gtfs_realtime {
namespace {

// Any later than the year 5000 in seconds is a time in milliseconds or worse.
constexpr std::uint64_t kLatestSeconds = 100'000'000'000;

UtcTime from_posix(std::uint64_t s) {
  return {static_cast<std::int64_t>(s) * 1'000'000};
}

std::optional<std::int64_t> clock_seconds(std::string_view text) {
  unsigned h = 0;
  unsigned m = 0;
  unsigned s = 0;
  int used = 0;
  const std::string held(text.substr(0, 16));
  if (std::sscanf(held.c_str(), "%2u:%2u:%2u%n", &h, &m, &s, &used) != 3 ||
      static_cast<std::size_t>(used) != text.size() || m > 59 || s > 59)
    return {};
  return std::int64_t{h} * 3600 + m * 60 + s;
}

}  // namespace

struct Reader::Draft {
  const FeedVehicle& fact;
  const std::string& entity;
  VehiclePosition out;
};

Reader::Reader(const Timetable& timetable, ReaderOptions options) : options_(std::move(options)) {
  for (const auto& trip : timetable.trips) {
    line_of_[trip.id] = trip.line;
    const auto at = trip.id.str().rfind('@');
    if (at != std::string::npos && !trip.stop_times.empty()) {
      const auto start = static_cast<std::int64_t>(trip.stop_times.front().departure.value);
      departures_[TripId(trip.id.str().substr(0, at))][start] = trip.id;
    }
  }
  for (const auto& line : timetable.lines) lines_.insert(line.id);
}

Result<Reading> Reader::read(std::string_view bytes, UtcTime now) {
  const auto refuse = [&](Error e) {
    ++counters_["gtfs_rt.feed." + e.cause];
    return e;
  };
  auto feed = decode(bytes);
  if (!feed) return refuse(feed.error());

  if (now + options_.stale_after < last_now_) {
    last_.clear();
    last_header_ = 0;
  }
  last_now_ = now;
  const std::uint64_t header = feed->timestamp.value_or(0);
  const std::size_t content = std::hash<std::string_view>{}(bytes);
  // A header in milliseconds or in the far future must not make all that follow "older".
  const bool header_sane = header > 0 && header < kLatestSeconds &&
                           from_posix(header) <= now + options_.future_tolerance;
  if (!feed->timestamp) note("no_header_time");
  if (!feed->incrementality) note("no_incrementality");
  if (header_sane && header < last_header_)
    return refuse({"header_back",
                   "header time " + to_iso(from_posix(header)) +
                       ", seen before: " + to_iso(from_posix(last_header_)),
                   ""});
  if (header_sane && header == last_header_ && content != last_content_)
    note("same_time_new_content");
  if (header_sane) last_header_ = header;
  last_content_ = content;
  ++counters_["gtfs_rt.feed.read"];

  Reading reading;
  seen_.clear();
  for (const auto& entity : feed->entities) {
    if (entity.trip_update) ++counters_["gtfs_rt.entity.trip_update"];
    if (entity.alert) ++counters_["gtfs_rt.entity.alert"];
    if (!entity.vehicle) {
      if (!entity.trip_update && !entity.alert) ++counters_["gtfs_rt.entity.other"];
      continue;
    }
    ++reading.vehicles;
    const auto& fact = *entity.vehicle;
    if (entity.deleted) {
      if (feed->incrementality.value_or(0) == 0) note("deleted_in_full");
      ++counters_["gtfs_rt.position.deleted"];
      continue;
    }
    if (header_sane && fact.timestamp && *fact.timestamp<kLatestSeconds&& * fact.timestamp> header)
      note("header_older");
    Draft draft{fact, entity.id, {}};
    const std::string outcome = judge(draft, now);
    ++counters_["gtfs_rt.position." + outcome];
    if (outcome == "stale") ++reading.stale;
    if (outcome == "published" || outcome == "unknown_trip" || outcome == "unknown_route")
      reading.positions.push_back(std::move(draft.out));
  }
  std::erase_if(
      last_, [&](const auto& item) { return item.second + Duration{std::chrono::hours{1}} < now; });
  return reading;
}

// The name of the counter in which this vehicle ends.
const char* Reader::judge(Draft& draft, UtcTime now) {
  const auto& fact = draft.fact;
  std::string id = fact.id.value_or("");
  if (id.empty()) id = fact.label.value_or("");
  if (id.empty()) id = draft.entity;
  if (id.empty()) return "no_vehicle_id";
  draft.out.vehicle = VehicleId(std::move(id));

  if (!fact.timestamp || *fact.timestamp == 0) return "no_timestamp";
  if (*fact.timestamp >= kLatestSeconds) return "milliseconds";
  draft.out.t = from_posix(*fact.timestamp);
  if (draft.out.t > now + options_.future_tolerance) return "future";

  if (!fact.has_position || !fact.lat || !fact.lon) return "bad_position";
  const double lat = *fact.lat;
  const double lon = *fact.lon;
  if (!(lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180) || (lat == 0 && lon == 0))
    return "bad_position";
  if (lat < options_.south_west.lat || lat > options_.north_east.lat ||
      lon < options_.south_west.lon || lon > options_.north_east.lon)
    return "far_position";
  draft.out.position = {lon, lat};

  if (!seen_.insert(draft.out.vehicle).second) return "duplicate_vehicle";
  const auto last = last_.find(draft.out.vehicle);
  if (last != last_.end() && draft.out.t == last->second) return "repeated";
  if (last != last_.end() && draft.out.t < last->second) return "goes_back";
  if (now - draft.out.t > options_.stale_after) return "stale";
  last_[draft.out.vehicle] = draft.out.t;
  describe(draft);
  return assign_trip(draft);
}

const char* Reader::assign_trip(Draft& draft) {
  if (!draft.fact.trip) return "published";
  const auto& trip = *draft.fact.trip;
  const LineId line(trip.route_id.value_or(""));
  TripId id(trip.trip_id.value_or(""));
  const bool timetable_known = !line_of_.empty() || !lines_.empty();
  const bool line_good = !line.empty() && (!timetable_known || lines_.contains(line));
  if (line_good) draft.out.line = line;

  if (const auto found = departures_.find(id); found != departures_.end()) {
    // The feed may name any start; ours is the nearest departure.
    const auto start = clock_seconds(trip.start_time.value_or(""));
    if (start) {
      const auto nearest = std::min_element(
          found->second.begin(), found->second.end(), [&](const auto& a, const auto& b) {
            return std::abs(a.first - *start) < std::abs(b.first - *start);
          });
      id = nearest->second;
    }
  }
  if (!id.empty() && (!timetable_known || line_of_.contains(id))) {
    draft.out.trip = id;
    if (timetable_known) draft.out.line = line_of_.at(id);
    const auto& date = trip.start_date.value_or("");
    if (date.size() == 8 &&
        std::all_of(date.begin(), date.end(), [](char c) { return c >= '0' && c <= '9'; })) {
      draft.out.start_date = date;
    } else if (!date.empty()) {
      note("bad_start_date");
    }
    return "published";
  }
  // A sequence number is worth nothing without its trip.
  draft.out.stop_sequence.reset();
  if (!line.empty() && !line_good) return "unknown_route";
  return id.empty() ? "published" : "unknown_trip";
}

void Reader::describe(Draft& draft) {
  const auto& fact = draft.fact;
  auto& out = draft.out;
  if (fact.bearing) {
    if (*fact.bearing >= 0 && *fact.bearing <= 360) {
      out.bearing = Bearing{*fact.bearing == 360 ? 0 : *fact.bearing};
    } else {
      note("bad_bearing");
    }
  }
  if (fact.speed) {
    if (*fact.speed >= 0 && *fact.speed <= 60) {
      out.speed = MetresPerSecond{*fact.speed};
    } else {
      note("bad_speed");
    }
  }
  out.stop_sequence = fact.stop_sequence;
  const bool names_a_stop = fact.stop_sequence || fact.stop_id;
  // The standard's default, where a stop is named at all, is "in transit to".
  switch (fact.status.value_or(names_a_stop ? 2 : -1)) {
    case 0:
      out.stop_status = StopStatus::incoming;
      break;
    case 1:
      out.stop_status = StopStatus::stopped;
      break;
    case 2:
      out.stop_status = StopStatus::in_transit;
      break;
    case -1:
      break;
    default:
      note("unknown_status");
  }
  if (fact.load_percent && *fact.load_percent <= 300) {
    out.passenger_load = Ratio{*fact.load_percent / 100.0};
  } else if (fact.occupancy) {
    if (*fact.occupancy >= 0 && *fact.occupancy < 7) {
      out.passenger_load = Ratio{options_.loads[static_cast<std::size_t>(*fact.occupancy)]};
    } else if (*fact.occupancy != 7 && *fact.occupancy != 8) {
      note("unknown_occupancy");
    }
  }
}

}  // namespace dispecer::gtfs_realtime
