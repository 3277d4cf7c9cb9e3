// Is a detector to be believed? Running tests over live time only: while its site is silent, no
// clock of a test moves, because a dead source is not a sick detector.
#pragma once

#include <array>
#include <optional>

#include "fusion/model/picture.h"
#include "fusion/traffic/index.h"
#include "fusion/traffic/parameters.h"

namespace dispecer::traffic {

enum class Fault : std::uint8_t {
  none,
  no_hits,
  chatter,
  locked_on,
  no_change,
  forced,
  impossible_hits,  // hits that no vehicle can have made: two at once, or under full cover
  wrong_time,       // its hits do not fit its signal: a wrong clock or a crossed wire
  lane_disagrees,   // the other loop of its lane counts otherwise, and fits better
  conservation,     // what it counts contradicts what enters and leaves around it
  spike             // its occupancy jumps from period to period
};
const char* to_text(Fault fault);  // as in DetectorState::fault

// Counts of the last hour in five-minute bins, numbered from the start of the estimator.
struct CountWindow {
  static constexpr std::size_t kBins = 12;
  static constexpr double kBinSeconds = 300;
  std::array<double, kBins> hits{};
  std::array<double, kBins> seconds{};
  std::int64_t newest = -1;  // number of the newest bin

  void add(std::int64_t bin, double vehicles, double dt);
  void clear() { *this = CountWindow{}; }
  // Of the last `bins` bins.
  [[nodiscard]] double vehicles(std::size_t bins = kBins) const;
  [[nodiscard]] double span_s(std::size_t bins = kBins) const;
  bool operator==(const CountWindow&) const = default;
};

// How long the last comparisons of one kind went against a loop, or for it.
struct Doubt {
  double against_s = 0;
  double for_s = 0;
  bool operator==(const Doubt&) const = default;
};

struct DetectorLive {
  // Now. What all rooms of the estimator read each second stands together.
  Fault fault = Fault::none;
  bool heard = false;  // ever
  bool live = false;   // its source is heard
  bool occupied = false;
  bool forced = false;
  double stepped_hits = 0;  // vehicles that came in the last step
  double stepped_left = 0;  // and that left it
  double occupied_s = 0;    // without a break
  double free_s = 0;        // without a break
  UtcTime news;             // newest evidence
  // Collected since the last step.
  double hits = 0;
  double covered_s = 0;
  double sampled_s = 0;
  // Rates. The averages grow from nothing: value / weight is unbiased from the start.
  double rate = 0;  // veh/s
  double rate_weight = 0;
  double occupancy = 0;
  double occupancy_weight = 0;
  double speed = 0;  // m/s
  double speed_weight = 0;
  UtcTime speed_at;
  // Tests.
  double since_hit_s = 0;
  double past_hits = 0;  // that fade, up to the last hit
  double past_s = 0;     // and the time in which they came
  double green_covered_s = 0;
  double period_s = 0;
  double period_hits = 0;
  double period_covered_s = 0;
  double period_occupancy = -1;  // of the last whole period, -1 = none yet
  double unchanged_s = 0;
  double spike_s = 0;
  // Sums that fade over 15 min.
  double recent_hits = 0;
  double impossible = 0;  // hits
  double impossible_evidence = 0;
  double since_green_s = 0;
  double red_share = 0;     // of the time in which its signal was known
  double signalled_s = 0;   // such time, that fades
  double red_evidence = 0;  // that vehicles leave it whatever its signal shows
  double in_time = 0;       // that they leave it as its signal lets them
  Doubt by_lane;            // comparisons with the other loop of its lane
  Doubt by_surroundings;    // and with what enters and leaves around it
  Fault accusation = Fault::none;
  CountWindow window;
  double faulty_s = 0;
  double good_s = 0;

  bool operator==(const DetectorLive&) const = default;
  [[nodiscard]] bool healthy() const { return live && fault == Fault::none; }
  [[nodiscard]] double flow_veh_h() const {
    return rate_weight > 0 ? rate / rate_weight * 3600.0 : 0.0;
  }
  [[nodiscard]] double mean_occupancy() const {
    return occupancy_weight > 0 ? occupancy / occupancy_weight : 0.0;
  }
};

void collect(DetectorLive& live, const DetectorSample& sample, UtcTime from, UtcTime to);

// What is known around a detector in this step.
struct Surroundings {
  bool source_live = false;
  std::optional<bool> own_green;  // the signal that explains a standing vehicle; absent: none does
  bool lamps_known = false;       // all the lamps that own_green speaks of, and they are in control
  bool free_flow = false;         // no signal stands at the end of its link
  bool excused = false;           // its link is closed, blocked or out of the ordinary
  bool queue_stands = false;      // on the other loop of its lane, or another one of its link
  std::int64_t bin = 0;           // number of the present five minutes
};

// Ends one step of `dt` seconds. Returns the fault that began or ended: (before, after) differ.
struct HealthChange {
  Fault before = Fault::none;
  Fault after = Fault::none;
};
HealthChange settle(DetectorLive& live, const DetectorIndex& index, const Surroundings& around,
                    double dt, const Parameters& p);

// Silent for `no_hits_min_s` and longer than its own past lets expect: such a silence comes less
// than once in a thousand times. One that has never counted may lie in a quiet lane: twice as long.
bool fell_silent(const DetectorLive& live, const Parameters& p);

Quality quality_of(const DetectorLive& live);

}  // namespace dispecer::traffic
