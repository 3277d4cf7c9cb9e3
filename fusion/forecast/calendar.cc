#include "fusion/forecast/calendar.h"

#include <algorithm>

namespace dispecer::forecast {
namespace {

constexpr std::int64_t kDaySeconds = 86400;

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

// 0 = Monday; 1970-01-01 was a Thursday.
std::uint32_t weekday_of(std::int32_t day) {
  const auto from_thursday = ((day % 7) + 7) % 7;
  return static_cast<std::uint32_t>((from_thursday + 3) % 7);
}

}  // namespace

LocalTime local_time(const Calendar& calendar, UtcTime t) {
  std::int64_t offset = calendar.offsets.empty() ? 0 : calendar.offsets.front().seconds;
  for (const auto& o : calendar.offsets) {
    if (o.begin <= t) offset = o.seconds;
  }
  const auto local = floor_div(t.us, 1'000'000) + offset;
  const auto day = floor_div(local, kDaySeconds);
  return {static_cast<std::int32_t>(day), static_cast<std::int32_t>(local - day * kDaySeconds)};
}

LocalMinute local_minute(const Calendar& calendar, UtcTime t) {
  constexpr std::int32_t kMinute = 60;
  const auto at = local_time(calendar, t);
  return {weekday_of(at.day), static_cast<std::uint32_t>(at.second / kMinute),
          is_workday(kind_of_day(calendar, at.day)), is_workday(kind_of_day(calendar, at.day - 1))};
}

DayKind kind_of_day(const Calendar& calendar, std::int32_t day) {
  if (std::binary_search(calendar.holidays.begin(), calendar.holidays.end(), day))
    return DayKind::holiday;
  return static_cast<DayKind>(weekday_of(day));
}

void add_holidays(Calendar& calendar, const Book& book) {
  for (const auto& entry : book.entries) {
    if (entry.kind != BookKind::holiday || entry.end <= entry.begin) continue;
    const auto first = local_time(calendar, entry.begin).day;
    const auto last = local_time(calendar, entry.end - Duration{1}).day;
    for (auto day = first; day <= last; ++day) calendar.holidays.push_back(day);
  }
  std::sort(calendar.holidays.begin(), calendar.holidays.end());
  calendar.holidays.erase(std::unique(calendar.holidays.begin(), calendar.holidays.end()),
                          calendar.holidays.end());
}

}  // namespace dispecer::forecast
