// Numbers and times as people read them: dd.MM.yyyy, 24 hours, decimal comma in Romanian, km/h and
// minutes. Conversion from SI happens here and nowhere else in the console.
#pragma once

#include <string>

#include "fusion/model/picture.h"
#include "hmi/view_model/text.h"

namespace dispecer::hmi {

std::string number(Language language, double value, int decimals);
// Offset of local time in minutes east of UTC.
std::string date_time(UtcTime t, int offset_minutes);
std::string clock_time(UtcTime t, int offset_minutes);
// The time of day, with the date where it is not the local day of `now`.
std::string moment(UtcTime t, int offset_minutes, UtcTime now, int now_offset_minutes);
std::string kilometres_per_hour(Language language, double metres_per_second);
// "+2:05 late" style: sign, minutes, seconds; positive = late, no sign where it is on time.
std::string lateness(double seconds);
std::string age(Language language, double seconds);
Text quality_text(Quality quality);
// "Street A / Street B" with its second street on a line of its own.
std::string in_two_lines(const std::string& junction);
// "12 ± 3 veh (4 s)" with its age; the word for unknown or stale where it is not live, unknown
// without the unit.
std::string estimate(Language language, const std::optional<Estimate>& value, int decimals,
                     const char* unit = "");

}  // namespace dispecer::hmi
