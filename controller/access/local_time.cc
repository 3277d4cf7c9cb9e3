#include "controller/access/local_time.h"

#include <algorithm>

namespace dispecer::access {
namespace {

constexpr std::int64_t kMinute = 60'000'000;
constexpr std::int64_t kDay = 1440 * kMinute;

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

bool on(const WeekWindow& w, std::uint32_t weekday) {
  return (w.weekdays >> weekday & 1U) != 0;
}

}  // namespace

LocalMoment local_moment(const LocalTime& local, UtcTime t) {
  Seconds offset;
  if (!local.changes.empty()) offset = local.changes.front().offset;
  for (const auto& change : local.changes) {
    if (change.from <= t) offset = change.offset;
  }
  const std::int64_t us = (t + from_seconds(offset.value)).us;
  const std::int64_t day = floor_div(us, kDay);
  // 1970-01-01 was a Thursday.
  const std::int64_t weekday = ((day + 3) % 7 + 7) % 7;
  return {day, static_cast<std::uint32_t>(weekday),
          static_cast<std::uint32_t>((us - day * kDay) / kMinute)};
}

bool within(const std::vector<WeekWindow>& windows, const LocalTime& local, UtcTime t) {
  const LocalMoment now = local_moment(local, t);
  const std::uint32_t yesterday = (now.weekday + 6) % 7;
  return std::any_of(windows.begin(), windows.end(), [&](const WeekWindow& w) {
    if (w.to_minute > w.from_minute) {
      return on(w, now.weekday) && w.from_minute <= now.minute && now.minute < w.to_minute;
    }
    return (on(w, now.weekday) && w.from_minute <= now.minute) ||
           (on(w, yesterday) && now.minute < w.to_minute);
  });
}

}  // namespace dispecer::access
