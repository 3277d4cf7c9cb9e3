#include "fusion/model/book.h"

namespace dispecer {
namespace {

bool on(const BookEntry& e, std::uint32_t weekday, bool workday) {
  if (e.kind == BookKind::school && !workday) return false;
  return e.weekdays == 0 || (e.weekdays >> weekday & 1U) != 0;
}

}  // namespace

bool runs(const BookEntry& e, UtcTime now, const LocalMinute& local) {
  if (now < e.begin || now >= e.end) return false;
  const bool today = on(e, local.weekday, local.workday);
  if (e.from_minute == e.to_minute) return today;
  const bool begun = local.minute >= e.from_minute;
  const bool ended = local.minute >= e.to_minute;
  if (e.from_minute < e.to_minute) return today && begun && !ended;
  return (today && begun) || (!ended && on(e, (local.weekday + 6) % 7, local.workday_before));
}

}  // namespace dispecer
