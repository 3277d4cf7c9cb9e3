// What goes on in the streets: detector health, link flow and speed, queues at the stop lines,
// arrivals of the next minute, calls at crossings. A value and functions; time comes in as data.
//
// Per second: apply() what was observed, step() once, picture() to read. Rows of the picture stand
// in the order of the network.
//
// Fallbacks: a sick or silent detector takes no part; its lane is scaled from its neighbours of the
// same kind on the link, else the movement's arrivals come from what left the stop lines behind,
// else from the flow that conservation implies, else from a first guess (quality then says so). A
// movement that no healthy detector sees has demand_known = false. A crossing whose buttons are all
// sick counts as called.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "fusion/model/health.h"
#include "fusion/model/picture.h"
#include "fusion/traffic/detector_health.h"
#include "fusion/traffic/flow_solver.h"
#include "fusion/traffic/index.h"
#include "fusion/traffic/parameters.h"

namespace dispecer::traffic {

inline constexpr std::size_t kPipe = 128;  // s of arrivals ahead that are kept
inline constexpr std::size_t kCame = 256;  // s of arrivals behind that are kept
inline constexpr std::size_t kBins = 12;   // of the forecast
inline constexpr std::int64_t kBinSeconds = 5;

// What drove past a bus that did not stop: its own speed over ground on one link.
struct BusSpeed {
  LinkId link;
  MetresPerSecond speed;
  UtcTime t;
};

struct SiteLive {
  UtcTime detector_news;
  UtcTime any_news;
  bool detectors_heard = false;
  bool heard = false;
  bool operator==(const SiteLive&) const = default;
};

struct JunctionLive {
  std::vector<Aspect> groups;
  UtcTime t;
  bool known = false;  // connected at the last report
  bool fresh = false;  // and that is not too old (as of the last step)
  bool operator==(const JunctionLive&) const = default;
};

struct LinkLive {
  double flow = 0;  // veh/h
  double flow_sd = 0;
  UtcTime flow_news;
  Quality flow_quality = Quality::unknown;
  std::uint32_t flow_sources = 0;
  double bus_speed = 0;
  UtcTime bus_speed_at;
  bool bus_heard = false;
  // Where this second's arrivals come from.
  bool near = false;         // loops upstream on the link itself
  bool far = false;          // an entry loop behind those, or the stop lines behind
  double near_travel_s = 0;  // from that loop to the stop line
  double far_travel_s = 0;
  bool operator==(const LinkLive&) const = default;
};

struct MovementLive {
  // Vehicles expected at the back of queue, by second modulo kPipe.
  std::array<double, kPipe> near{};
  std::array<double, kPipe> far{};
  std::array<double, kCame> came{};  // that came, by second modulo kCame
  double queue = 0;                  // veh
  double counted = 0;                // vehicles since the queue was last known
  double departed = 0;               // in the last step
  double green_s = 0;                // 0 = not green
  double waiting = 0;                // s
  bool measured_out = false;         // departures were counted, not modelled
  bool seen = false;                 // a healthy detector sees it
  UtcTime news;
  Quality quality = Quality::unknown;
  bool operator==(const MovementLive&) const = default;
};

struct CrossingLive {
  bool called = false;
  UtcTime since;
  bool operator==(const CrossingLive&) const = default;
};

struct State {
  Parameters parameters;
  Index index;
  FlowSolver solver;
  std::vector<double> row_uncertainty;  // workspace, one per row
  std::vector<DetectorLive> detectors;
  std::vector<SiteLive> sites;
  std::vector<JunctionLive> junctions;
  std::vector<LinkLive> links;
  std::vector<MovementLive> movements;
  std::vector<CrossingLive> crossings;
  UtcTime now;
  UtcTime solved;
  bool started = false;
  bool solved_once = false;
  std::uint32_t next_variance = 0;
  std::map<std::string, std::uint64_t> counters;  // "traffic.unknown_detector", ...
};

State make_state(const Network& network, const std::map<JunctionId, JunctionSignals>& signals,
                 const Parameters& parameters = {});

void apply(State& state, const DetectorBatch& batch);
void apply(State& state, const SignalObservation& observation);
void apply(State& state, const BusSpeed& speed);

// To `now`. Returns what began or ended to be wrong with detectors (kind "detector_fault"), once
// each. A step backwards in time does nothing and is counted.
std::vector<AlarmEvent> step(State& state, UtcTime now);

// Fills links, movements, crossings and the detectors that are not live.
void picture(const State& state, CityPicture& out);

// Seconds that the queue of a movement needs to leave at saturation flow, and the speed of a link
// where one is known; for the arrival of buses. By position in the network.
double discharge_s(const State& state, std::uint32_t movement);
std::optional<Estimate> speed_of(const State& state, std::uint32_t link);

// Lamps of a movement as last observed: absent = not known or no signal governs it.
std::optional<bool> green_of(const State& state, const MovementIndex& movement);

namespace detail {
void estimate_flows(State& state);
void step_queues(State& state, double dt);
void count(State& state, const char* name);
double age_s(const State& state, UtcTime t);
}  // namespace detail

}  // namespace dispecer::traffic
