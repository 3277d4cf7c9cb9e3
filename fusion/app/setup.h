// From a city folder to what the cores need; for every main that runs them.
#pragma once

#include <memory>
#include <vector>

#include "adapters/city/city.h"
#include "fusion/app/core.h"

namespace dispecer::fusion {

struct Loaded {
  std::shared_ptr<const Setup> setup;
  std::vector<AlarmEvent> alarms;  // what of the timetable was left out, or why there is none
};

// A city without a readable timetable runs without buses, with an alarm; it never fails. `now` is
// the time of the alarms.
Loaded load(const city::City& city, UtcTime now);

// Keeps the service days around now known: looks them up at the first call and again long before
// they run out, so that a replay with the same ticks sees the same days. Returns an error where the
// city's time zone is not known (cause unknown_timezone); buses then have no lateness.
Result<> keep_days(FusionState& state, const std::string& timezone, UtcTime now);

// Takes over what an earlier start kept (FusionState::kept_outlook), once the days are known: to be
// called after keep_days. Causes: those of load(Outlook); what was readable stands.
Result<> take_over(FusionState& state);

}  // namespace dispecer::fusion
