// Offsets of local time from UTC, for cores that have no time zone tables.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "controller/access/local_time.h"
#include "fusion/model/result.h"

namespace dispecer::controller {

// Offsets over [from, to) by the system's zone tables. Cause: "unknown_timezone".
Result<access::LocalTime> local_time(const std::string& timezone, UtcTime from, UtcTime to);

// The offsets of one zone around a clock that may be a simulated one: looked up when the first
// moment tells the day, and again long before they run out.
class ZoneKeeper {
 public:
  explicit ZoneKeeper(std::string zone) : zone_(std::move(zone)) {}
  struct News {
    access::LocalTime local;
    std::vector<std::int64_t> holidays;  // public ones of the zone's country, local days, ascending
  };
  // Absent = what was told last still holds. Cause: "unknown_timezone".
  std::optional<Result<News>> follow(UtcTime now);

 private:
  std::string zone_;
  UtcTime from_;
  UtcTime until_;
};

}  // namespace dispecer::controller
