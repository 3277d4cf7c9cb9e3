// GTFS-Realtime vehicle positions as plain values, and their wire form. Used by the reader and by
// the virtual buses. Absent is absent: nothing is filled in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fusion/model/result.h"

namespace dispecer::gtfs_realtime {

struct FeedTrip {
  std::optional<std::string> trip_id;
  std::optional<std::string> route_id;
  std::optional<std::string> start_date;  // YYYYMMDD
  std::optional<std::string> start_time;  // HH:MM:SS
  std::optional<std::uint32_t> direction;
  std::optional<std::int32_t> relationship;  // 0 scheduled, 1 added, 2 unscheduled, 3 cancelled ...
  bool operator==(const FeedTrip&) const = default;
};

struct FeedVehicle {
  std::optional<FeedTrip> trip;
  std::optional<std::string> id;
  std::optional<std::string> label;
  bool has_position = false;
  std::optional<double> lat;  // degrees, single precision on the wire
  std::optional<double> lon;
  std::optional<double> bearing;  // degrees from north
  std::optional<double> speed;    // m/s
  std::optional<std::uint32_t> stop_sequence;
  std::optional<std::string> stop_id;
  std::optional<std::int32_t> status;         // 0 incoming, 1 stopped, 2 in transit
  std::optional<std::uint64_t> timestamp;     // POSIX s
  std::optional<std::int32_t> occupancy;      // 0 empty ... 8 not boardable
  std::optional<std::uint32_t> load_percent;  // of the places, may exceed 100
  bool operator==(const FeedVehicle&) const = default;
};

struct FeedEntity {
  std::string id;
  bool deleted = false;
  bool trip_update = false;
  bool alert = false;
  std::optional<FeedVehicle> vehicle;
  bool operator==(const FeedEntity&) const = default;
};

struct Feed {
  std::string version;                         // "2.0"
  std::optional<std::int32_t> incrementality;  // 0 whole data set, 1 differences
  std::optional<std::uint64_t> timestamp;      // POSIX s
  std::vector<FeedEntity> entities;
  bool operator==(const Feed&) const = default;
};

// Causes of errors: bad_protobuf, no_header.
Result<Feed> decode(std::string_view bytes);
// `trip_update` and `alert` are not written.
std::string encode(const Feed& feed);

}  // namespace dispecer::gtfs_realtime
