// Running one-hour means of air pollutants. A value and functions; time comes in as data.
//
// A mean exists only where at least 75 % of the hour is covered by valid data. Samples that the
// station flagged, that are negative, saturated or flat are refused with a cause; a line that turns
// out flat is withdrawn as a whole, so that a stuck sensor can never trigger a restriction.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "fusion/model/air.h"
#include "fusion/model/picture.h"

namespace dispecer::air {

struct Parameters {
  double window_s = 3600;
  double least_validity = 0.75;
  double longest_period_s = 3600;
  double future_s = 60;
  std::size_t flat_samples = 8;  // equal to the last digit, and
  double flat_s = 1800;          // over so long: flat
  double saturated = 1000;       // ug/m3, and above (carbon monoxide: times ten)
  double share_sd = 0.10;        // of the value: error of the instrument
  double base_sd = 2;            // ug/m3
  double stale_s = 900;          // age of the newest sample
};

struct Accepted {
  Interval period;
  double value = 0;
};

struct Series {
  StationId station;
  Pollutant pollutant = Pollutant::unknown;
  std::deque<Accepted> samples;  // by time, not overlapping
  UtcTime newest;                // end of the newest sample that was told, good or bad
  bool heard = false;
  // The run of equal values at the end of what was told.
  double run_value = 0;
  std::size_t run_length = 0;
  UtcTime run_begin;
};

struct State {
  Parameters parameters;
  std::vector<Series> series;  // stations in the order of the city, pollutants as listed there
  std::map<std::pair<StationId, Pollutant>, std::uint32_t> series_of;
  UtcTime now;
  bool started = false;
  std::map<std::string, std::uint64_t> counters;  // "air.flagged", ...
};

State make_state(const std::vector<AirStation>& stations, const Parameters& parameters = {});

// The cause why a sample is refused, "" = accepted. Causes: unknown_series, bad_period, future,
// older (or overlapping), flagged, negative, not_a_number, saturated, flat_line.
std::string apply(State& state, const AirSample& sample);
void step(State& state, UtcTime now);
void picture(const State& state, CityPicture& out);

}  // namespace dispecer::air
