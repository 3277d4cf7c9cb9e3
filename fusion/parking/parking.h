// How full the parking areas are, from counts, with an error that grows while nobody counts. A
// value and functions; time comes in as data.
//
// Implausible counts are held back, named and counted; the last accepted one stays, marked
// `implausible`, and grows old. Nothing is repaired silently.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fusion/model/health.h"
#include "fusion/model/parking.h"
#include "fusion/model/picture.h"

namespace dispecer::parking {

struct Parameters {
  double stale_s = 900;
  double future_s = 60;
  double count_share_sd = 0.02;  // of the capacity: error of a count
  double count_base_sd = 1;      // bays
  double turnover_per_h = 0.7;   // share of the bays that change in an hour
  double sum_tolerance = 0.05;   // occupied + free may miss the capacity by this share, or 2 bays
  double over_tolerance = 0.05;  // occupied above the capacity that is still believed (clamped)
  double jump_share = 0.35;      // a larger change, faster than `jump_s`, must be confirmed
  double jump_s = 120;
  double jump_least = 15;        // bays
  double bound_sigmas = 1.2816;  // one-sided 90 %
};

struct AreaLive {
  ParkingId id;
  std::uint32_t capacity = 0;
  bool known = false;   // a count was accepted, ever
  double occupied = 0;  // bays, as accepted
  UtcTime counted;
  std::string held;  // cause why the newest count was held back, "" = it was not
  UtcTime held_at;
  std::optional<double> jumped_to;  // waits for a second count that agrees
};

struct State {
  Parameters parameters;
  std::vector<AreaLive> areas;  // in the order of the city
  std::map<ParkingId, std::uint32_t> area_of;
  UtcTime now;
  bool started = false;
  std::map<std::string, std::uint64_t> counters;  // "parking.free_above_capacity", ...
};

State make_state(const std::vector<ParkingArea>& areas, const Parameters& parameters = {});

// The cause why a count is held back, "" = accepted. Causes: unknown_area, future, older, empty,
// no_capacity, capacity_zero, capacity_base, free_above_capacity, occupied_above_capacity,
// both_zero, inconsistent, jump.
std::string apply(State& state, const ParkingCount& count);
void step(State& state, UtcTime now);
void picture(const State& state, CityPicture& out);

}  // namespace dispecer::parking
