// What every run in lock-step needs to turn SUMO's street into observations: the day that it plays
// on, and what loops and buses would have told.
#pragma once

#include <map>
#include <vector>

#include "adapters/city/city.h"
#include "fusion/model/observation.h"
#include "fusion/model/transit.h"
#include "sim/street/street.h"

namespace dispecer::bench {

// A day on which the timetable's first service runs; a Monday where there is none.
struct BenchDay {
  std::uint32_t date = 0;  // YYYYMMDD
  UtcTime start;           // of the service day
  std::string zone;        // of the city, UTC where it has none
};
// Causes: bad_date, and those of local_day_starts.
Result<BenchDay> bench_day(const Timetable& timetable, const city::City& city);

DetectorSample sample_of(const DetectorId& id, const sim::DetectorReading& reading);

// One batch for each junction, in the order of the network's detectors.
std::vector<DetectorBatch> batches_of(const Network& network,
                                      const std::map<DetectorId, DetectorSample>& samples,
                                      UtcTime now);

// As its device would tell it; without passengers.
VehiclePosition position_of(const sim::StreetVehicle& bus, UtcTime now);

}  // namespace dispecer::bench
