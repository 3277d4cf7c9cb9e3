// Domain time (UtcTime) governs measurements, expiry, grace and timetables; it may be simulated.
// Monotonic time (MonoTime) governs only socket back-off, latency figures and supervision. They
// never mix.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "fusion/model/result.h"

namespace dispecer {

using Duration = std::chrono::microseconds;

// Rounded to the nearest microsecond.
constexpr Duration from_seconds(double s) {
  return Duration{static_cast<std::int64_t>(s * 1e6 + (s < 0 ? -0.5 : 0.5))};
}
constexpr double in_seconds(Duration d) {
  return static_cast<double>(d.count()) * 1e-6;
}

template <class T>
struct TimePoint {
  std::int64_t us = 0;  // microseconds since the epoch of the clock

  auto operator<=>(const TimePoint&) const = default;
  bool operator==(const TimePoint&) const = default;
  friend constexpr TimePoint operator+(TimePoint t, Duration d) { return {t.us + d.count()}; }
  friend constexpr TimePoint operator-(TimePoint t, Duration d) { return {t.us - d.count()}; }
  friend constexpr Duration operator-(TimePoint a, TimePoint b) { return Duration{a.us - b.us}; }
};

using UtcTime = TimePoint<struct UtcTag>;    // since 1970-01-01T00:00:00Z, leap seconds smeared
using MonoTime = TimePoint<struct MonoTag>;  // since some moment of this boot

// Half open: begin <= t < end.
struct Interval {
  UtcTime begin;
  UtcTime end;
  bool operator==(const Interval&) const = default;
  [[nodiscard]] bool contains(UtcTime t) const { return begin <= t && t < end; }
};

// "2026-11-21T10:00:00.000Z"
std::string to_iso(UtcTime t);
// Accepts Z or an offset (+02:00, -0500), 0 to 9 decimals; refuses a missing zone (error
// "no_zone").
Result<UtcTime> parse_iso(std::string_view text);

}  // namespace dispecer
