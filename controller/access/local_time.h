// Local time for rules that are written in it. Cores have no time zone database: the main prepares
// the offsets, so that a replay sees the same ones.
#pragma once

#include <cstdint>
#include <vector>

#include "fusion/model/access.h"

namespace dispecer::access {

// From `from` on, local time is UTC + `offset`.
struct OffsetChange {
  UtcTime from;
  Seconds offset;
  bool operator==(const OffsetChange&) const = default;
};

// `changes` ascend by `from`. Before the first one its offset holds; an empty list means UTC.
struct LocalTime {
  std::vector<OffsetChange> changes;
  bool operator==(const LocalTime&) const = default;
};

struct LocalMoment {
  std::int64_t day = 0;       // days since 1970-01-01, local
  std::uint32_t weekday = 0;  // 0 = Monday
  std::uint32_t minute = 0;   // of the day, 0..1439
  bool operator==(const LocalMoment&) const = default;
};

LocalMoment local_moment(const LocalTime& local, UtcTime t);

// Does any window contain the moment? Windows are half open; one whose end is not after its begin
// runs over midnight and belongs to the day on which it begins.
bool within(const std::vector<WeekWindow>& windows, const LocalTime& local, UtcTime t);

}  // namespace dispecer::access
