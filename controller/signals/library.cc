#include "controller/signals/library.h"

#include <algorithm>

namespace dispecer::signals {
namespace {

constexpr std::uint32_t kMostVotes = 4;  // so that a new habit is taken over within four such days

}  // namespace

DayPart day_part(std::uint32_t weekday, std::uint32_t minute) {
  const auto kind = weekday == 6   ? DayKind::sunday
                    : weekday == 5 ? DayKind::saturday
                                   : DayKind::workday;
  return {kind, minute / kDayPartMinutes};
}

void PlanLibrary::ran(const JunctionId& junction, const DayPart& when, std::uint32_t plan,
                      double offset) {
  auto& entry = rows[junction][when];
  if (entry.votes == 0 || entry.plan == plan) {
    entry = {plan, offset, std::min(entry.votes + 1, kMostVotes)};
  } else {
    --entry.votes;
  }
}

const LibraryEntry* PlanLibrary::find(const JunctionId& junction, const DayPart& when) const {
  const auto row = rows.find(junction);
  if (row == rows.end()) return nullptr;
  const auto entry = row->second.find(when);
  return entry == row->second.end() || entry->second.votes == 0 ? nullptr : &entry->second;
}

}  // namespace dispecer::signals
