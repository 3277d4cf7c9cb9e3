#include "sim/app/street_day.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/clock/domain_clock.h"
#include "adapters/gtfs/service_day.h"

namespace dispecer::sim {
namespace {

constexpr double kMorning_s = 6.5 * 3600;

Result<double> first_second(const StreetProgramOptions& options, const ConfiguredTime& configured) {
  if (!options.begin.empty()) return parse_clock(options.begin);
  return configured.whole_day() ? std::max(configured.begin_s, kMorning_s) : configured.begin_s;
}

}  // namespace

Result<UtcTime> day_start(const city::City& city, std::uint32_t date) {
  const auto from = *parse_iso(
      fmt::format("{:04}-{:02}-{:02}T00:00:00Z", date / 10000, date / 100 % 100, date % 100));
  const auto days = gtfs::local_day_starts(city.timezone, from - std::chrono::hours{24},
                                           from + std::chrono::hours{48});
  if (!days) return days.error();
  for (const auto& day : *days) {
    if (day.date == date) return day.start;
  }
  return Error{"bad_date", fmt::format("no such day {}", date), "--date"};
}

std::uint32_t next_working_day(const city::City& city, std::uint32_t date) {
  return working_day(date, [&city](std::uint32_t d) {
    const auto start = day_start(city, d);
    if (!start) return false;
    const auto noon = *start + std::chrono::hours{12};
    return std::any_of(city.book.entries.begin(), city.book.entries.end(), [&](const auto& e) {
      return e.kind == BookKind::holiday && Interval{e.begin, e.end}.contains(noon);
    });
  });
}

Result<Beginning> choose_beginning(const city::City& city, const StreetProgramOptions& options,
                                   const ConfiguredTime& configured,
                                   const std::optional<DayState>& kept, bool begun) {
  Beginning out;
  const bool anew = (!begun && (!options.begin.empty() || options.date != 0)) || !kept;
  if (!anew) {
    out.day = *kept;
    const auto start = day_start(city, out.day.date);
    if (!start) return start.error();
    out.day_start = *start;
    // Whole seconds of the day, so that plans fall on whole seconds again.
    const auto part = (out.day.now - out.day_start).count() % 1'000'000;
    if (part != 0) out.day.now = out.day.now + Duration{1'000'000 - part};
    return out;
  }
  out.day.date = options.date != 0 ? options.date : next_working_day(city, utc_date(clock::wall()));
  const auto second = first_second(options, configured);
  if (!second) return second.error();
  const auto start = day_start(city, out.day.date);
  if (!start) return start.error();
  out.day_start = *start;
  out.day.now = out.day_start + from_seconds(*second);
  if (kept) out.day.epoch = out.day.now < kept->now ? kept->epoch + 1 : kept->epoch;
  return out;
}

}  // namespace dispecer::sim
