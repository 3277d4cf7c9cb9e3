// Which second of which day the simulated street begins with.
#pragma once

#include "adapters/city/city.h"
#include "sim/app/street_parts.h"
#include "sim/street/day.h"

namespace dispecer::sim {

// Midnight, local time of the city, of a day YYYYMMDD. Causes: bad_date, unknown_timezone.
Result<UtcTime> day_start(const city::City& city, std::uint32_t date);
// From `date` on; the city's book knows its holidays.
std::uint32_t next_working_day(const city::City& city, std::uint32_t date);

struct Beginning {
  DayState day;
  UtcTime day_start;
};
// As told by the options, else where the last start ended, else at half past six of the next
// working day or where a demand of some hours begins. `begun`: the street is restarted within its
// world and goes on, whatever the options say. Causes: bad_time, those of day_start().
Result<Beginning> choose_beginning(const city::City& city, const StreetProgramOptions& options,
                                   const ConfiguredTime& configured,
                                   const std::optional<DayState>& kept, bool begun);

}  // namespace dispecer::sim
