#include "hmi/view_model/format.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

namespace dispecer::hmi {

std::string number(Language language, double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  std::string result = text;
  if (language == Language::ro) {
    for (auto& c : result) {
      if (c == '.') c = ',';
    }
  }
  return result;
}

std::string date_time(UtcTime t, int offset_minutes) {
  using namespace std::chrono;
  const sys_time<microseconds> local{microseconds{t.us} + minutes{offset_minutes}};
  const auto day = floor<days>(local);
  const year_month_day d{day};
  char text[48];
  std::snprintf(text, sizeof text, "%02u.%02u.%04d ", static_cast<unsigned>(d.day()),
                static_cast<unsigned>(d.month()), static_cast<int>(d.year()));
  return text + clock_time(t, offset_minutes);
}

std::string clock_time(UtcTime t, int offset_minutes) {
  using namespace std::chrono;
  const sys_time<microseconds> local{microseconds{t.us} + minutes{offset_minutes}};
  const hh_mm_ss time{floor<std::chrono::seconds>(local - floor<days>(local))};
  char text[32];
  std::snprintf(text, sizeof text, "%02d:%02d:%02d", static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  return text;
}

std::string moment(UtcTime t, int offset_minutes, UtcTime now, int now_offset_minutes) {
  const auto day = [](UtcTime at, int offset) {
    using namespace std::chrono;
    return floor<days>(sys_time<microseconds>{microseconds{at.us} + minutes{offset}});
  };
  return day(t, offset_minutes) == day(now, now_offset_minutes) ? clock_time(t, offset_minutes)
                                                                : date_time(t, offset_minutes);
}

std::string kilometres_per_hour(Language language, double metres_per_second) {
  return number(language, metres_per_second * 3.6, 0) + " km/h";
}

std::string lateness(double seconds) {
  const auto whole = static_cast<long>(std::lround(std::abs(seconds)));
  char text[32];
  const char* sign = whole == 0 ? "" : seconds < 0 ? "-" : "+";
  std::snprintf(text, sizeof text, "%s%ld:%02ld", sign, whole / 60, whole % 60);
  return text;
}

std::string age(Language language, double seconds) {
  // What came in since the last tick of the clock is no older than nothing.
  seconds = std::max(0.0, seconds);
  if (seconds < 120) return number(language, seconds, seconds < 10 ? 1 : 0) + " s";
  if (seconds < 7200) return number(language, seconds / 60, 0) + " min";
  return number(language, seconds / 3600, 0) + " h";
}

Text quality_text(Quality quality) {
  switch (quality) {
    case Quality::live:
      return Text::live;
    case Quality::substituted:
      return Text::substituted;
    case Quality::stale:
      return Text::stale;
    case Quality::implausible:
      return Text::implausible;
    case Quality::unknown:
      break;
  }
  return Text::unknown;
}

std::string in_two_lines(const std::string& junction) {
  const auto at = junction.find(" / ");
  return at == std::string::npos ? junction
                                 : junction.substr(0, at + 2) + "\n" + junction.substr(at + 3);
}

std::string estimate(Language language, const std::optional<Estimate>& value, int decimals,
                     const char* unit) {
  if (!value || value->quality == Quality::unknown) return tr(language, Text::unknown);
  std::string text =
      number(language, value->value, decimals) + " ± " + number(language, value->sd, decimals);
  if (*unit != '\0') text += std::string(" ") + unit;
  if (value->quality != Quality::live)
    text += std::string(" ") + tr(language, quality_text(value->quality));
  return text + " (" + age(language, value->age_s) + ")";
}

}  // namespace dispecer::hmi
