// The library: which plan usually ran at a junction at this time of this kind of day, kept from
// what was run. It is what a junction falls back to when nothing is known of its traffic any more,
// and what it begins with.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "fusion/model/id.h"

namespace dispecer::signals {

enum class DayKind : std::uint8_t { workday = 0, saturday = 1, sunday = 2 };

inline constexpr std::uint32_t kDayPartMinutes = 30;

// Half an hour of a kind of day, local time.
struct DayPart {
  DayKind kind = DayKind::workday;
  std::uint32_t part = 0;  // 0..47
  auto operator<=>(const DayPart&) const = default;
};

// `weekday` 0 = Monday; `minute` of the day.
DayPart day_part(std::uint32_t weekday, std::uint32_t minute);

struct LibraryEntry {
  std::uint32_t plan = 0;
  double offset = 0;        // s
  std::uint32_t votes = 0;  // half hours in which it ran, less those in which another did
  bool operator==(const LibraryEntry&) const = default;
};

struct PlanLibrary {
  std::map<JunctionId, std::map<DayPart, LibraryEntry>> rows;

  // A plan ran through the whole half hour. Another one replaces what is kept only when it has run
  // as often, so that a single odd day changes nothing.
  void ran(const JunctionId& junction, const DayPart& when, std::uint32_t plan, double offset);
  [[nodiscard]] const LibraryEntry* find(const JunctionId& junction, const DayPart& when) const;
};

}  // namespace dispecer::signals
