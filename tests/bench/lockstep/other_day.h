// Another day of the same town. A plan that was optimised for one day's demand meets the next
// day's.
//
// Each vehicle and trip of a route file without stops is drawn a Poisson number of times with mean
// 1 and departs up to 150 s sooner or later (a bootstrap of the day: as much traffic on the mean,
// each flow of n vehicles differs by about its square root); the rate of each flow is drawn with
// a standard deviation of 10 %. Whoever has stops (buses) and people keep their timetable.
#pragma once

#include <string>

#include "fusion/model/result.h"

namespace dispecer::bench {

// Writes into `folder` the route files of the day `day` (any number; the same number is the same
// day) and a configuration that is `config` with them; returns its path. Files named in `config`
// have to be absolute. Causes: no_config, bad_xml, cannot_write.
Result<std::string> write_other_day(const std::string& config, unsigned day,
                                    const std::string& folder);

}  // namespace dispecer::bench
