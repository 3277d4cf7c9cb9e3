// Where the buses are: match of each position to its trip and shape, lateness, dwell, layover,
// arrival at the next signal and passing of it, and whether the feed may be believed. A value and
// functions; time comes in as data.
//
// apply() is the event path: one position in, the vehicle's new state out, without touching others.
//
// Fallbacks: a vehicle without a trip, or with one that cannot be its own (an hour off the
// timetable), is `no_trip`; one too far from its shape is `off_route`; neither gets lateness, link
// or arrival. One that does not move away from a terminus is `frozen`; one that stands for long
// without a trip is in its `depot`. An old fix makes everything about the vehicle stale. No service
// day known: no lateness. Lamps not known: no passing, only the arrival. Trust (picture.h) says
// whether a vehicle may ask for priority; it needs evidence and is lost by evidence (trust.cc). A
// trip that the feed does not tell is guessed (infer.cc): place, arrival and headway are of use,
// its lateness is told with a wide error, and it does not ask.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fusion/model/health.h"
#include "fusion/model/picture.h"
#include "fusion/transit/index.h"
#include "fusion/transit/lamps.h"
#include "fusion/transit/learnt.h"
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

// A time to the stop line that was told, until the vehicle passes it.
struct Told {
  bool open = false;
  UtcTime at;
  double pass = 0;  // s after `at`: the model's word, and the interval given
  double low = 0;
  double high = 0;
  double counted_s = 0;  // green of the counted queue that was part of it; 0 = none was
  double before_s = 0;   // green that those before it were expected to take
  double arrive = 0;     // s after `at` at the line, if nothing had held it
};

// What speaks for and against the feed's word on a vehicle. Metres along the shape.
struct Support {
  double begun = 0;  // where it was first matched to this trip
  double furthest = 0;
  double needs_m = 0;  // to go before it is confirmed
  bool confirmed = false;
  bool against = false;  // seen going against its trip, or serving stops of another
  std::uint32_t against_fixes = 0;
  std::uint32_t odd_stops = 0;
  bool at_odd_stop = false;
  double told_m = 0;        // by its speed since its position last moved
  double idle_green_s = 0;  // green before which it stood
  bool braked_too_hard = false;
  std::uint32_t same_fixes = 0;  // in a row with the very same coordinates
  bool had_same = false;         // two of them, since it last moved
};

// Who was trusted on a trip last, and how far it got.
struct Driven {
  VehicleId vehicle;
  UtcTime service_start;
  double furthest = 0;  // m of the shape
  double misfit = 0;    // s off the timetable
};

inline constexpr std::size_t kTrail = 64;
inline constexpr double kTrailStep_m = 100;

struct Vehicle {
  BusState shown;
  std::uint32_t trip = kNone;
  UtcTime service_start;
  bool dated = false;     // service_start is known
  bool matched = false;   // to a place on the trip's shape
  bool inferred = false;  // the trip was found by us, not told
  double along = 0;       // m of the shape
  double speed = 0;       // m/s
  double bearing = 0;
  std::uint32_t next_stop = 0;  // first one not yet served
  bool at_stop = false;
  bool tells_stops = false;  // its feed has said "stopped": then only its word is a stop
  UtcTime stopped_since;
  double left_along = 0;  // where it was when it was seen to have served its last stop; 0 = unknown
  bool came_seen = false;      // it was heard shortly before it stopped
  bool early_at_stop = false;  // it came so early that it should wait
  UtcTime moved;               // last time it was seen to move
  LonLat moved_from;
  UtcTime stands_since;  // away from stops; meaningful while `stands`
  bool stands = false;
  LonLat parked_at;  // for the depot
  UtcTime parked_since;
  std::uint32_t signal = kNone;  // next signal: position in the shape's links
  // Arrival there from the fix: running and standing at stops, s, mean and 1 sigma.
  double run_s = 0;
  double stay_s = 0;
  double stay_sd = 0;
  Support evidence;
  std::array<Told, kAheads> told;
  double counted_s = 0;  // green of the counted queue that is part of what is expected
  double before_s = 0;   // green that those before it are expected to take
  // Where it stood in a queue when its signal went green, and when that was.
  double queued_m = 0;  // 0 = it did not
  UtcTime green_at;
  // When it was at each 100 m of its shape, ring; for headways.
  std::array<UtcTime, kTrail> trail{};
  std::int64_t trail_first = 0;  // number of the first 100 m that is kept
  std::int64_t trail_last = -1;
};

struct JunctionLamps {
  std::vector<LampHistory> groups;
  std::uint32_t plan = 0;  // whose lamps they are, 0 = none's
};

struct State {
  Parameters parameters;
  Index index;
  Conditions conditions;
  Learnt learnt;
  std::vector<JunctionLamps> lamps;  // by junction (see Index)
  std::map<VehicleId, Vehicle> vehicles;
  std::map<std::uint32_t, Driven> driven;  // by trip
  std::map<VehicleId, LinkId> blockages;   // who blocks its way, and where
  UtcTime now;
  bool started = false;
  std::map<std::string, std::uint64_t> counters;  // "transit.unknown_trip", ...
};

State make_state(const Timetable& timetable, const Network& network,
                 const std::map<JunctionId, JunctionSignals>& signals,
                 const std::map<std::uint32_t, UtcTime>& day_starts,
                 const Parameters& parameters = {});

// Replaces the known service days (see make_index).
void set_days(State& state, const std::map<std::uint32_t, UtcTime>& day_starts);

// The timetable as it is driven from now on (see detour.h), with the same trips and stops in the
// same order: vehicles whose way is another one now are matched anew, all others go on.
void set_timetable(State& state, const Timetable& timetable, const Network& network,
                   const std::map<JunctionId, JunctionSignals>& signals,
                   const std::map<std::uint32_t, UtcTime>& day_starts);

// Where a vehicle drives or waits on the approach of its next signal, away from its stops and out
// of bus lanes: what it shows of the traffic around it. Of trusted vehicles only.
struct InTraffic {
  MovementId movement;
  Metres to_stop_line;
  MetresPerSecond speed;
  bool stands = false;
  UtcTime t;
};

struct Update {
  BusState bus;
  std::optional<GroundSpeed> ground;
  std::optional<InTraffic> traffic = {};
};

// Absent where the position brought nothing new (older, repeated, from the future, impossible): it
// is counted. `eta*` and `pass*` in the answer count from `fix`, here and in the picture.
std::optional<Update> apply(State& state, const VehiclePosition& position);
// Lamps as a controller shows them; not `control` or not connected = not known.
void apply(State& state, const SignalObservation& observation);

// Moves the clock; forgets vehicles that were silent for long. Returns what began or ended to block
// a line (kind "line_blocked", subject the vehicle), once each.
std::vector<AlarmEvent> step(State& state, UtcTime now);

// Appends every vehicle, by id, with ages and qualities as of the clock.
void picture(const State& state, CityPicture& out);

// Is a trip of the timetable on its way at `t` (or due within `margin_s`)? Then silence is news.
bool service_runs(const State& state, UtcTime t, double margin_s);

namespace detail {

// Where on the trip's shape the position lies; absent = further off than allowed.
std::optional<double> match(const State& state, const Vehicle& vehicle, const TripIndex& trip,
                            const VehiclePosition& position);
// A trip of its line that the vehicle is likely to be on, where the feed names none that is known;
// kNone = none.
std::uint32_t infer_trip(const State& state, const Vehicle& vehicle,
                         const VehiclePosition& position);
// Sets service_start: of the day told by the feed, else the running one that fits best.
void find_day(State& state, Vehicle& vehicle, const TripIndex& trip,
              const VehiclePosition& position);
// Serves stops, learns dwells, decides at_stop, layover, running.
void follow_stops(State& state, Vehicle& vehicle, const TripIndex& trip,
                  const VehiclePosition& position);
Dwell dwell_of(const State& state, std::uint32_t stop);
// Lateness at second `s` of the service day, by where it is and whether it serves a stop: a bus
// that came late to a time point stays as late while it stands there, one that came early is early
// until the time it was due, then on time until it should leave.
double lateness_of(const Vehicle& vehicle, const TripIndex& trip, double s);
// s that it is early at a time point; 0 = it is not. hold_s: that it is expected to wait there.
double early_s(const State& state, const Vehicle& vehicle, const StopPoint& stop);
double hold_s(const State& state, const Vehicle& vehicle, const StopPoint& stop);

// Speed of a bus on a link when nothing holds it, m/s.
double running_speed(const State& state, std::uint32_t link);
void learn_speed(State& state, std::uint32_t link, double speed);
// From two speeds that were told `dt` apart: how buses set off and brake.
void learn_dynamics(State& state, double before, double after, double dt);

// Link, next signal, stops ahead and arrival there.
void look_ahead(const State& state, Vehicle& vehicle, const TripIndex& trip);
// It stands, but neither for a stop nor where it has just served one.
bool stands_in_queue(const State& state, const Vehicle& vehicle);
// Passing of that signal as it looks at `now`, counted from the fix.
void expect_pass(const State& state, Vehicle& vehicle, UtcTime now);
// Keeps what was told, to be compared when the bus passes.
void remember_told(Vehicle& vehicle, UtcTime now);
// Compares what was told with the passing between two fixes, and learns.
void settle_told(State& state, Vehicle& vehicle, const Vehicle& before);

std::optional<GroundSpeed> ground_speed(const State& state, const Vehicle& before,
                                        const Vehicle& after, const TripIndex& trip);
std::optional<InTraffic> in_traffic(const State& state, const Vehicle& vehicle,
                                    const TripIndex& trip);

// By its bearing it goes against the trip.
bool heads_against(const State& state, const Vehicle& vehicle, const TripIndex& trip,
                   const VehiclePosition& position);
void judge_trust(const State& state, Vehicle& vehicle, const Vehicle& before, const TripIndex& trip,
                 const VehiclePosition& position);
// Keeps who drives which trip, and learns whether positions of standing buses repeat.
void remember_trust(State& state, const Vehicle& vehicle, const Vehicle& before,
                    const VehiclePosition& position);
// Green time before which vehicles stood; `dt` since the last step.
void watch_standing(State& state, double dt);

void keep_trail(Vehicle& vehicle, double before_along, UtcTime before);
void headway(const State& state, Vehicle& vehicle, const TripIndex& trip);
std::vector<AlarmEvent> find_blockages(State& state);

// The lamps of the signal ahead; nullptr = none.
const LampHistory* lamps_ahead(const State& state, const Vehicle& vehicle);

}  // namespace detail

}  // namespace dispecer::transit
