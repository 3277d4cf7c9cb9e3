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

#include <map>
#include <span>
#include <string>
#include <vector>

#include "fusion/model/book.h"
#include "fusion/model/health.h"
#include "fusion/model/picture.h"
#include "fusion/traffic/detector_health.h"
#include "fusion/traffic/flow_solver.h"
#include "fusion/traffic/incidents.h"
#include "fusion/traffic/index.h"
#include "fusion/traffic/lane_pairs.h"
#include "fusion/traffic/parameters.h"
#include "fusion/traffic/path_flows.h"

namespace dispecer::traffic {

inline constexpr std::size_t kPipe = 128;           // s of arrivals ahead that are kept
inline constexpr std::size_t kWaited = 256;         // s of arrivals behind that tell who waits
inline constexpr std::size_t kCame = kWaited + 64;  // s of them that are kept, over any one step
inline constexpr std::size_t kBins = 12;            // of the forecast
inline constexpr std::int64_t kBinSeconds = 5;

// What drove past a bus that did not stop: its own speed over ground on one link.
struct BusSpeed {
  LinkId link;
  MetresPerSecond speed;
  UtcTime t;
};

// A bus on the approach of its next signal, away from its stops. Standing, it stands in the queue;
// driving, nobody stands between it and where it will be once it has braked.
struct BusInTraffic {
  MovementId movement;  // its next one; the bus is on the link that it begins on
  Metres to_stop_line;
  MetresPerSecond speed;
  bool stands = false;
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
  bool known = false;    // connected at the last report
  bool fresh = false;    // and that is not too old (as of the last step)
  bool changed = false;  // other lamps than in the last step
  bool operator==(const JunctionLive&) const = default;
};

// What the one-second loop reads for every movement stands first, in one line of memory.
struct alignas(64) LinkLive {
  double flow = 0;  // veh/h, now
  UtcTime flow_news;
  // Where this second's arrivals come from.
  double unseen_share = 0;  // of its lanes, where the queue lies beyond the near loops
  bool near = false;        // loops upstream on the link itself
  bool far = false;         // an entry loop behind those, or the stop lines behind
  Quality flow_quality = Quality::unknown;
  std::uint32_t flow_sources = 0;
  double tail_m = 0;              // queue of the longest lane, at the start of this step
  double left_behind = 0;         // veh/h that left the stop lines behind, of the last minutes
  double left_behind_weight = 0;  // the mean grows from nothing
  double near_travel_s = 0;       // from the near loops to the stop line
  double counted_hour_sd = 0;     // of counted_hour, 0 = not counted
  double counted_hour = 0;        // veh/h, by its own healthy loops
  double flow_sd = 0;
  double hour = 0;  // veh/h, mean of the last hour
  double hour_sd = 0;
  double hour_variance = 0;        // of the solver, when it was last asked
  double now_variance = 0;         // likewise
  double counted_share = 0;        // of its traffic that runs over those loops, 0..1
  double error_ratio = 0;          // last |error| of the estimate without its own loops, in sd
  bool excused = false;            // the city's book names it
  std::uint32_t evidence = kNone;  // nearest counted link
  double bus_speed = 0;
  UtcTime bus_speed_at;
  bool bus_heard = false;
  bool operator==(const LinkLive&) const = default;
};

// Vehicles at the back of queue of each movement in each of so many seconds, by second modulo that.
// A second lies in one piece, because the one-second loop walks over all movements of one second.
template <std::size_t kSeconds>
class BySecond {
 public:
  BySecond() = default;
  explicit BySecond(std::size_t movements)
      : width_(movements), values_(movements * kSeconds, 0.0F) {}
  // `second` in any epoch.
  [[nodiscard]] float& at(std::int64_t second, std::size_t movement) {
    return values_[row(second) + movement];
  }
  [[nodiscard]] float at(std::int64_t second, std::size_t movement) const {
    return values_[row(second) + movement];
  }

  // All movements of one second.
  [[nodiscard]] std::span<float> all(std::int64_t second) {
    return {values_.data() + row(second), width_};
  }

 private:
  [[nodiscard]] std::size_t row(std::int64_t second) const {
    constexpr auto n = static_cast<std::int64_t>(kSeconds);
    return static_cast<std::size_t>(((second % n) + n) % n) * width_;
  }
  std::size_t width_ = 0;
  std::vector<float> values_;
};
using Pipe = BySecond<kPipe>;  // expected, from 0 to kPipe - 1 ahead of now
using Came = BySecond<kCame>;  // and what came

struct MovementLive {
  static constexpr std::int64_t kNobody = std::numeric_limits<std::int64_t>::max();
  double queue = 0;        // veh
  double counted = 0;      // vehicles since the queue was last known
  double green_s = 0;      // 0 = not green
  double green_share = 1;  // of the last ten minutes or so
  double waiting = 0;      // s
  double called = -1;      // s since a detector of its lanes called at red, below 0 = none has
  double came = 0;         // vehicles from the second `came_from` on, both ends counted
  std::int64_t came_from = kNobody;
  bool measured_out = false;  // departures were counted, not modelled
  bool seen = false;          // a healthy detector sees it
  UtcTime news;
  Quality quality = Quality::unknown;
  bool operator==(const MovementLive&) const = default;
};

enum class Lamp : std::uint8_t { unknown, red, green };

struct CrossingLive {
  bool called = false;
  UtcTime since;
  bool operator==(const CrossingLive&) const = default;
};

// A guess of a link's flow from elsewhere (a forecast), with how sure it is. sd > 0.
struct FlowPrior {
  double flow = 0;  // veh/h
  double sd = 1;
};

struct State {
  Parameters parameters;
  Index index;
  FlowSolver hour_solver;
  FlowSolver now_solver;
  PathFlows ways;
  std::vector<DetectorLive> detectors;
  std::vector<LanePair> pairs;
  std::vector<LanePairLive> pairs_live;
  std::vector<std::uint32_t> pair_of;  // per detector at a stop line: its pair, or kNone
  std::vector<SiteLive> sites;
  std::vector<JunctionLive> junctions;
  std::vector<LinkLive> links;
  std::vector<MovementLive> movements;
  std::vector<Lamp> lamps;  // per movement, as of the last step
  Came came;
  // Per movement, of this step, together for the links in front.
  std::vector<float> usual;     // veh/h as its link's flow has it
  std::vector<float> departed;  // vehicles
  Pipe near;                    // seen by loops upstream on the link itself
  Pipe far;                     // seen farther behind
  std::vector<CrossingLive> crossings;
  std::vector<LossOfLoop> losses;       // per detector
  std::vector<LossOfLink> link_losses;  // per link
  std::vector<std::uint32_t> blocked;   // links with an incident
  std::vector<double> lane_share;       // per detector: of its link's traffic, as last weighed
  std::vector<std::optional<FlowPrior>> told;  // per link, of set_prior()
  Book book;
  LocalMinute wall;  // now, on the clock on the wall: entries of the book have hours and weekdays
  UtcTime now;
  UtcTime begun;
  UtcTime weighed;
  UtcTime compared;
  bool started = false;
  bool solved_once = false;
  bool health_changed = false;    // in this step: weights are no longer right
  unsigned weighing = 0;          // part of the weighing that is due, 0 = none
  bool variances_run = false;     // a round of variances has begun
  bool variances_of_now = false;  // that of the hour is done
  // How many times farther off than they say estimates proved to be, the counts that showed it
  // included; it guards loops against being accused.
  double interval_scale = 1;
  double hour_scale = 1;   // by which intervals of uncounted flow of the hour proved too narrow
  double now_scale = 1;    // the same for the flow of now
  double queue_scale = 1;  // and for queues
  std::vector<double> error_ratios;  // workspace
  // Workspaces, one per row or link; the one-second loop allocates nothing.
  std::vector<double> row_sd;
  std::vector<FlowSolver::Measurement> hour_measured;
  std::vector<FlowSolver::Measurement> now_measured;
  std::vector<LinkCount> counts;
  std::vector<double> hour_prior;
  std::vector<double> prior;
  std::vector<double> prior_sd;
  std::vector<double> now_prior_sd;
  std::vector<double> solution;
  std::vector<float> lane_queue;  // veh
  std::vector<float> uncleared;   // per detector at a stop line: vehicles that left since its queue
                                  // was last seen to end where loops can see it
  // What buses showed since the last step, by movement.
  std::vector<std::pair<std::uint32_t, BusInTraffic>> buses;
  std::vector<std::uint32_t> visit;
  std::map<std::string, std::uint64_t> counters;  // "traffic.unknown_detector", ...
};

State make_state(const Network& network, const std::map<JunctionId, JunctionSignals>& signals,
                 const Parameters& parameters = {});

void apply(State& state, const DetectorBatch& batch);
void apply(State& state, const SignalObservation& observation);
void apply(State& state, const BusSpeed& speed);
void apply(State& state, const BusInTraffic& bus);
// Works, closures and events excuse detectors and flows of their links; holidays, school and
// weather excuse nothing that a count can contradict.
void set_book(State& state, Book book);
// What the forecast expects now, one per link in the order of the network, absent where it knows
// nothing. Holds until set anew; an empty list forgets it.
void set_prior(State& state, std::vector<std::optional<FlowPrior>> prior);

// To `now`. Returns what began or ended to be wrong with detectors (kind "detector_fault") and with
// links (kind "incident"), once each. A step backwards in time does nothing and is counted.
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
// Parts of it.
// Health of each detector; says what changed.
void step_detectors(State& state, double dt, std::vector<AlarmEvent>& events);
void count_links(State& state);   // what the healthy loops of each link say of the last hour
void count_now(State& state);     // and of now
void learn_shares(State& state);  // turning shares and coefficients of the rows
void compare_loops(State& state, double dt);  // accuses loops that others contradict
void spread_evidence(State& state);
void note_error(State& state, std::uint32_t link);  // with new variances of the hour
void scale_intervals(State& state);                 // by such errors
std::int64_t bin_of(const State& state);
void step_queues(State& state, double dt);
void count(State& state, const char* name);
double age_s(const State& state, UtcTime t);
}  // namespace detail

}  // namespace dispecer::traffic
