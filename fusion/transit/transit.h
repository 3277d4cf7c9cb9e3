// Where the buses are: match of each position to its trip and shape, lateness, dwell, layover,
// arrival at the next signal. A value and functions; time comes in as data.
//
// apply() is the event path: one position in, the vehicle's new state out, without touching others.
//
// Fallbacks: a vehicle without a trip, or with one that cannot be its own (an hour off the
// timetable), is `no_trip`; one too far from its shape is `off_route`; neither gets lateness, link
// or arrival. One that does not move away from a terminus is `frozen`. An old fix makes everything
// about the vehicle stale. No service day known: no lateness.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fusion/model/picture.h"
#include "fusion/transit/index.h"
#include "fusion/transit/parameters.h"

namespace dispecer::transit {

// What the streets let a bus expect, by position in the network; empty = nothing known.
struct Conditions {
  std::vector<double> discharge_s;  // per movement: time until its queue has left, once it may
  std::vector<double> speed;        // per link, m/s; 0 = not known
};

// Speed over ground between two fixes on one link, away from stops and from the stop line.
struct GroundSpeed {
  LinkId link;
  MetresPerSecond speed;
  UtcTime t;
};

struct Dwell {
  double mean_s = 0;
  double variance = 0;
  std::uint32_t seen = 0;
};

struct Vehicle {
  BusState shown;
  std::uint32_t trip = kNone;
  UtcTime service_start;
  bool dated = false;    // service_start is known
  bool matched = false;  // to a place on the trip's shape
  double along = 0;      // m of the shape
  double speed = 0;      // m/s
  double bearing = 0;
  std::uint32_t next_stop = 0;  // first one not yet served
  bool at_stop = false;
  UtcTime stopped_since;
  UtcTime moved;  // last time it was seen to move
  LonLat moved_from;
};

struct State {
  Parameters parameters;
  Index index;
  Conditions conditions;
  std::map<VehicleId, Vehicle> vehicles;
  std::map<std::uint32_t, Dwell> dwells;  // by stop
  UtcTime now;
  bool started = false;
  std::map<std::string, std::uint64_t> counters;  // "transit.unknown_trip", ...
};

State make_state(const Timetable& timetable, const Network& network,
                 const std::map<std::uint32_t, UtcTime>& day_starts,
                 const Parameters& parameters = {});

// Replaces the known service days (see make_index).
void set_days(State& state, const std::map<std::uint32_t, UtcTime>& day_starts);

struct Update {
  BusState bus;
  std::optional<GroundSpeed> ground;
};

// Absent where the position brought nothing new (older, repeated, from the future, impossible): it
// is counted. `eta*` in the answer count from `fix`, here and in the picture.
std::optional<Update> apply(State& state, const VehiclePosition& position);

// Moves the clock; forgets vehicles that were silent for long.
void step(State& state, UtcTime now);

// Appends every vehicle, by id, with ages and qualities as of the clock.
void picture(const State& state, CityPicture& out);

// Is a trip of the timetable on its way at `t` (or due within `margin_s`)? Then silence is news.
bool service_runs(const State& state, UtcTime t, double margin_s);

namespace detail {

// Where on the trip's shape the position lies; absent = further off than allowed.
std::optional<double> match(const State& state, const Vehicle& vehicle, const TripIndex& trip,
                            const VehiclePosition& position);
// Sets service_start: of the day told by the feed, else the running one that fits best.
void find_day(State& state, Vehicle& vehicle, const TripIndex& trip,
              const VehiclePosition& position);
// Serves stops, learns dwells, decides at_stop, layover, running.
void follow_stops(State& state, Vehicle& vehicle, const TripIndex& trip,
                  const VehiclePosition& position);
// Link, next signal, stop ahead and arrival times.
void look_ahead(const State& state, Vehicle& vehicle, const TripIndex& trip);
void headway(const State& state, Vehicle& vehicle, const TripIndex& trip);

}  // namespace detail

}  // namespace dispecer::transit
