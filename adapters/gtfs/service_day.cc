#include "adapters/gtfs/service_day.h"

#include <date/date.h>
#include <date/tz.h>

#include <exception>

namespace dispecer::gtfs {
namespace {

date::year_month_day to_ymd(std::uint32_t d) {
  return date::year_month_day{date::year{static_cast<int>(d / 10000)}, date::month{d / 100 % 100},
                              date::day{d % 100}};
}

std::uint32_t to_number_date(date::year_month_day d) {
  return static_cast<std::uint32_t>(static_cast<int>(d.year())) * 10000 +
         static_cast<unsigned>(d.month()) * 100 + static_cast<unsigned>(d.day());
}

date::sys_time<Duration> to_sys(UtcTime t) {
  return date::sys_time<Duration>{Duration{t.us}};
}

}  // namespace

Result<std::vector<ServiceDay>> local_day_starts(const std::string& timezone, UtcTime from,
                                                 UtcTime to) {
  using namespace std::chrono;
  if (to < from || to - from > hours{24 * 400})
    return Error{"bad_interval", to_iso(from) + " to " + to_iso(to), "service days"};
  try {
    const auto* zone = date::locate_zone(timezone);
    // Two days before: 36 hours of service from the earliest possible noon minus twelve.
    auto day = date::floor<date::days>(zone->to_local(to_sys(from))) - date::days{2};
    const auto last = date::floor<date::days>(zone->to_local(to_sys(to))) + date::days{1};
    std::vector<ServiceDay> days;
    for (; day <= last; day += date::days{1}) {
      const auto noon = zone->to_sys(day + hours{12}, date::choose::earliest);
      const UtcTime start{duration_cast<Duration>(noon.time_since_epoch() - hours{12}).count()};
      if (start < to && from < start + Duration{hours{36}})
        days.push_back({to_number_date(date::year_month_day{day}), start});
    }
    return days;
  } catch (const std::exception& e) {
    return Error{"unknown_timezone",
                 "expected an IANA time zone that package tzdata knows, found '" + timezone +
                     "': " + e.what(),
                 "service days"};
  }
}

Result<std::vector<ZoneOffset>> zone_offsets(const std::string& timezone, UtcTime from,
                                             UtcTime to) {
  using namespace std::chrono;
  if (to < from || to - from > hours{24 * 400})
    return Error{"bad_interval", to_iso(from) + " to " + to_iso(to), "zone offsets"};
  try {
    const auto* zone = date::locate_zone(timezone);
    std::vector<ZoneOffset> out;
    for (auto t = to_sys(from); out.empty() || t < to_sys(to);) {
      const auto info = zone->get_info(t);
      out.push_back(
          {UtcTime{t.time_since_epoch().count()}, static_cast<std::int32_t>(info.offset.count())});
      if (info.end >= date::floor<seconds>(to_sys(to))) break;
      t = info.end;
    }
    return out;
  } catch (const std::exception& e) {
    return Error{"unknown_timezone",
                 "expected an IANA time zone that package tzdata knows, found '" + timezone +
                     "': " + e.what(),
                 "zone offsets"};
  }
}

bool valid_date(std::uint32_t d) {
  return d >= 19000101 && d <= 29991231 && to_ymd(d).ok();
}

std::uint32_t weekday_of(std::uint32_t d) {
  return date::weekday{date::sys_days{to_ymd(d)}}.iso_encoding() - 1;
}

std::uint32_t next_day(std::uint32_t d) {
  return to_number_date(date::year_month_day{date::sys_days{to_ymd(d)} + date::days{1}});
}

}  // namespace dispecer::gtfs
