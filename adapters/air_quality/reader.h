// OGC SensorThings 1.1 (18-088) to air samples. Pure. The answer read is a list of Datastreams with
// Thing, ObservedProperty and Observations expanded:
//
//   GET <address>/v1.1/Datastreams?$expand=Thing,ObservedProperty,Observations(...)
//
// Unit and averaging period come from the Datastream or the Observation, never assumed:
//   unit    unitOfMeasurement.symbol (or name): ug/m3 in its many spellings, mg/m3, ng/m3, ppb, ppm
//           (ppb of gases at 293.15 K and 101.3 kPa, as in EU reporting)
//   period  phenomenonTime as an interval; else properties.averagingPeriod of the Datastream, an
//           ISO 8601 duration, which ends at phenomenonTime
//
// Each observation ends in exactly one counter:
//   air.sample.published
//   air.sample.flat_line        published as not valid: the same value six times or more
//   air.sample.saturated        published as not valid: at or above properties.upperLimit
//   air.sample.marked_bad       published as not valid: resultQuality says so
//   air.sample.negative         dropped
//   air.sample.out_of_range     dropped: beyond 5000 ug/m3
//   air.sample.no_number, bad_time, no_period, unknown_unit, unknown_pollutant, unknown_station,
//   air.sample.future           dropped
//   air.sample.repeated         seen before, or older than what was seen
// Whole answers: air.feed.{read, bad_json, unknown_content}; air.note.next_link: the answer had
// further pages, which are not asked for.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fusion/model/observation.h"
#include "fusion/model/result.h"

namespace dispecer::air_quality {

// "ug/m3", "µg·m-3", "mg/m³", "ppb" ... -> factor to ug/m3; error unknown_unit. Gases only for ppb,
// ppm.
Result<double> unit_factor(std::string_view symbol, Pollutant pollutant);
Pollutant pollutant_of(std::string_view name);  // "NO2", "nitrogen dioxide", "PM2.5" ...
// "PT1H", "PT10M", "P1DT12H"; error bad_duration.
Result<Duration> parse_duration(std::string_view text);

struct ReaderOptions {
  // Name or @iot.id of a Thing -> our station. A Thing whose name is one of our stations needs
  // none.
  std::map<std::string, StationId> things;
  std::uint32_t flat_line_count = 6;
  Duration future_tolerance{std::chrono::minutes{1}};
};

class Reader {
 public:
  Reader(const std::vector<AirStation>& stations, ReaderOptions options);
  // Errors (cause): bad_json, unknown_content. A `now` far before the last one forgets what was
  // seen.
  Result<std::vector<AirSample>> read(std::string_view bytes, UtcTime now);
  [[nodiscard]] const std::map<std::string, std::uint64_t>& counters() const { return counters_; }

 private:
  struct Series {
    UtcTime last_end;
    double last_value = 0;
    std::uint32_t same = 0;
  };
  struct Stream;
  struct Observed;
  const char* judge(const Stream& stream, const Observed& observed, UtcTime now, AirSample& out);

  std::set<StationId> stations_;
  ReaderOptions options_;
  std::map<std::pair<StationId, Pollutant>, Series> series_;
  UtcTime last_now_;
  std::map<std::string, std::uint64_t> counters_;
};

}  // namespace dispecer::air_quality
