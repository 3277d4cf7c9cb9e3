// From a GTFS-Realtime feed to positions that are worth publishing. Pure: bytes and domain time in,
// positions out, every vehicle entity ends in exactly one counter:
//
//   gtfs_rt.position.published           with its trip, or from a feed that named none
//   gtfs_rt.position.unknown_trip        published without the trip, which the timetable lacks
//   (E003) gtfs_rt.position.unknown_route       published without trip and line (E004)
//   gtfs_rt.position.repeated            same vehicle, same time: not published again
//   gtfs_rt.position.goes_back           older than the vehicle's last
//   gtfs_rt.position.no_timestamp        dropped
//   gtfs_rt.position.milliseconds        dropped: not POSIX seconds (E001)
//   gtfs_rt.position.future              dropped: beyond the tolerance (E050)
//   gtfs_rt.position.stale               dropped: older than 90 s
//   gtfs_rt.position.bad_position        dropped: absent, no number, out of range, 0/0 (E026)
//   gtfs_rt.position.far_position        dropped: outside the city (E028)
//   gtfs_rt.position.duplicate_vehicle   dropped: the id came before in the same feed (E052)
//   gtfs_rt.position.no_vehicle_id       dropped: neither vehicle id, label nor entity id
//   gtfs_rt.position.deleted             the entity says so; in a whole data set also E039
//
// Other entities: gtfs_rt.entity.{trip_update,alert,other}. Whole feeds: gtfs_rt.feed.{read,
// bad_protobuf, no_header, header_back (E018: an older feed than before; dropped)}. Noted, not
// dropped: gtfs_rt.note.{header_older (E012), no_header_time (E048), no_incrementality (E049),
// same_time_new_content (E017), deleted_in_full (E039), bad_speed, bad_bearing, bad_start_date,
// unknown_occupancy, unknown_status}. E-numbers: MobilityData's validator rules.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fusion/model/observation.h"
#include "fusion/model/result.h"
#include "fusion/model/transit.h"

namespace dispecer::gtfs_realtime {

// Share of the places taken that a producer means by each occupancy status 0..6; producers differ,
// so it is a setting. 7 and 8 say nothing about the load.
using LoadOfStatus = std::array<double, 7>;
inline constexpr LoadOfStatus kDefaultLoads{0.0, 0.15, 0.35, 0.6, 0.9, 1.0, 1.0};

struct ReaderOptions {
  Duration stale_after{std::chrono::seconds{90}};
  Duration future_tolerance{std::chrono::seconds{10}};
  LonLat south_west{-180, -90};  // of where a bus can be
  LonLat north_east{180, 90};
  LoadOfStatus loads = kDefaultLoads;
};

struct Reading {
  std::vector<VehiclePosition> positions;  // to be published, in the feed's order
  std::uint64_t vehicles = 0;              // entities with a vehicle
  std::uint64_t stale = 0;                 // of those, too old to be used
};

class Reader {
 public:
  // An empty timetable knows no trip: then nothing is called unknown.
  Reader(const Timetable& timetable, ReaderOptions options);

  // Errors (cause): bad_protobuf, no_header, header_back. A `now` far before the last one (a new
  // epoch of the domain clock) forgets what was seen.
  Result<Reading> read(std::string_view bytes, UtcTime now);

  [[nodiscard]] const std::map<std::string, std::uint64_t>& counters() const { return counters_; }

 private:
  struct Draft;
  const char* judge(Draft& draft, UtcTime now);
  const char* assign_trip(Draft& draft);
  void describe(Draft& draft);
  void note(const char* what) { ++counters_[std::string("gtfs_rt.note.") + what]; }

  ReaderOptions options_;
  std::map<TripId, LineId> line_of_;
  // Trips of frequencies.txt: id in the feed -> departure (s of the service day) -> our trip.
  std::map<TripId, std::map<std::int64_t, TripId>> departures_;
  std::set<LineId> lines_;
  std::map<VehicleId, UtcTime> last_;
  std::set<VehicleId> seen_;  // in this feed
  UtcTime last_now_;
  std::uint64_t last_header_ = 0;
  std::size_t last_content_ = 0;
  std::map<std::string, std::uint64_t> counters_;
};

}  // namespace dispecer::gtfs_realtime
