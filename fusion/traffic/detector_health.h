// Is a detector to be believed? Running tests over live time only: while its site is silent, no
// clock of a test moves, because a dead source is not a sick detector.
#pragma once

#include <optional>

#include "fusion/model/picture.h"
#include "fusion/traffic/index.h"
#include "fusion/traffic/parameters.h"

namespace dispecer::traffic {

enum class Fault : std::uint8_t { none, no_hits, chatter, locked_on, no_change, forced };
const char* to_text(Fault fault);  // as in DetectorState::fault

struct DetectorLive {
  // Collected since the last step.
  double hits = 0;
  double covered_s = 0;
  double sampled_s = 0;
  // Now.
  bool heard = false;  // ever
  bool live = false;   // its source is heard
  bool occupied = false;
  bool forced = false;
  double stepped_hits = 0;  // vehicles that came in the last step
  double occupied_s = 0;    // without a break
  double free_s = 0;        // without a break
  UtcTime news;             // newest evidence
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
  double usual_rate = 0;  // veh/s, as it was at the last hit
  double green_covered_s = 0;
  double period_s = 0;
  double period_hits = 0;
  double period_covered_s = 0;
  double period_occupancy = -1;  // of the last whole period, -1 = none yet
  double unchanged_s = 0;
  Fault fault = Fault::none;
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

// Ends one step of `dt` seconds. `own_green`: the signal that explains a standing vehicle was green
// (absent: no signal does). Returns the fault that began or ended: (old, new) differ.
struct HealthChange {
  Fault before = Fault::none;
  Fault after = Fault::none;
};
HealthChange settle(DetectorLive& live, const DetectorIndex& index, bool source_live, double dt,
                    std::optional<bool> own_green, const Parameters& p);

Quality quality_of(const DetectorLive& live);

}  // namespace dispecer::traffic
