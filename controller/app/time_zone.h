// Offsets of local time from UTC, for cores that have no time zone tables.
#pragma once

#include <string>

#include "controller/access/local_time.h"
#include "fusion/model/result.h"

namespace dispecer::controller {

// Offsets over [from, to) by the system's zone tables. Cause: "unknown_timezone".
Result<access::LocalTime> local_time(const std::string& timezone, UtcTime from, UtcTime to);

}  // namespace dispecer::controller
