// Local days, slots of the day and kinds of day. Pure: the offsets of the zone and the holidays
// come in as data.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "fusion/model/book.h"
#include "fusion/model/time.h"

namespace dispecer::forecast {

// What kind of day it is. A holiday is a holiday on whatever weekday it falls.
enum class DayKind : std::uint8_t {
  monday = 0,
  tuesday = 1,
  wednesday = 2,
  thursday = 3,
  friday = 4,
  saturday = 5,
  sunday = 6,
  holiday = 7
};
inline constexpr std::size_t kDayKinds = 8;

constexpr bool is_workday(DayKind kind) {
  return kind <= DayKind::friday;
}

// From `begin` on, local time is UTC plus `seconds`.
struct UtcOffset {
  UtcTime begin;
  std::int32_t seconds = 0;
  bool operator==(const UtcOffset&) const = default;
};

// `offsets` ascending by begin (empty = UTC; before the first one the first one holds), `holidays`
// ascending, as local days.
struct Calendar {
  std::vector<UtcOffset> offsets;
  std::vector<std::int32_t> holidays;
  bool operator==(const Calendar&) const = default;
};

// A moment on the clock on the wall. On the day the clock goes forward some seconds of the day do
// not come, on the day it goes back some come twice.
struct LocalTime {
  std::int32_t day = 0;     // days since 1970-01-01, local
  std::int32_t second = 0;  // of the day, 0 <= second < 86400
  bool operator==(const LocalTime&) const = default;
};

LocalTime local_time(const Calendar& calendar, UtcTime t);
DayKind kind_of_day(const Calendar& calendar, std::int32_t day);

// The moment as the book's rules need it.
LocalMinute local_minute(const Calendar& calendar, UtcTime t);

// The local days that a holiday entry of the book touches, merged into `calendar`.
void add_holidays(Calendar& calendar, const Book& book);

}  // namespace dispecer::forecast
