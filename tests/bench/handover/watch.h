// What the lamps of one junction show over time, from outside: greens, reds that somebody waits
// through, and whether the junction is in step with its own plan.
#pragma once

#include <optional>
#include <vector>

#include "controller/plan/junction_signals.h"
#include "tests/bench/handover/road.h"

namespace dispecer::bench {

class LampWatch {
 public:
  explicit LampWatch(const JunctionSignals& signals)
      : signals_(&signals), green_(signals.groups.size()), red_(signals.groups.size()) {}

  // One second. `lit` = the controller is in normal control; otherwise nothing is measured.
  void see(const Field::Shown& shown, const PointRoad& road, bool lit, UtcTime now);

  // Longest red that somebody waited through, s.
  [[nodiscard]] double worst_red() const { return worst_red_; }
  // Shortest green that began and ended in view, s.
  [[nodiscard]] std::optional<double> shortest_green() const { return shortest_green_; }
  // Greens that ended before their minimum of the signed file.
  [[nodiscard]] std::size_t cut_short() const { return cut_short_; }
  // Seconds for which the stages have been those of the local plan without a break.
  [[nodiscard]] double in_step() const { return in_step_; }

 private:
  const JunctionSignals* signals_;
  std::vector<std::optional<double>> green_;  // s of the running green, absent = not seen begin
  std::vector<double> red_;                   // s since somebody waits, 0 = nobody or green
  std::vector<bool> was_green_;
  double worst_red_ = 0;
  std::optional<double> shortest_green_;
  std::size_t cut_short_ = 0;
  double in_step_ = 0;
};

}  // namespace dispecer::bench
