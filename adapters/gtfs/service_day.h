// Service days. A GTFS service day starts twelve hours before local noon, so that a trip at 26:00
// is right also on the nights when the clocks change (GTFS reference, stop_times.txt).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fusion/model/result.h"
#include "fusion/model/time.h"

namespace dispecer::gtfs {

struct ServiceDay {
  std::uint32_t date = 0;  // YYYYMMDD, local calendar
  UtcTime start;           // local noon minus 12 h
  bool operator==(const ServiceDay&) const = default;
};

// The service days whose first 36 hours meet [from, to), in order: a night trip of yesterday is
// included. `timezone` is an IANA name; the zone tables are the system's (package tzdata).
// Errors (cause): unknown_timezone, bad_interval (to before from, or more than 400 days).
Result<std::vector<ServiceDay>> local_day_starts(const std::string& timezone, UtcTime from,
                                                 UtcTime to);

// From `begin` on, local time is UTC plus `seconds`.
struct ZoneOffset {
  UtcTime begin;
  std::int32_t seconds = 0;
  bool operator==(const ZoneOffset&) const = default;
};
// Those that hold within [from, to), ascending; the first one begins at `from`. Errors as above.
Result<std::vector<ZoneOffset>> zone_offsets(const std::string& timezone, UtcTime from, UtcTime to);

// Weekday of a calendar day, 0 = Monday; and the day after it. YYYYMMDD; no check of validity.
std::uint32_t weekday_of(std::uint32_t date);
std::uint32_t next_day(std::uint32_t date);
bool valid_date(std::uint32_t date);

}  // namespace dispecer::gtfs
