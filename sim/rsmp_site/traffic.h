// Traffic counts over periods that lie on even multiples of an interval of the controller's clock.
// Every subscription of one interval shares the same periods; a new one resets nothing.
#pragma once

#include <array>
#include <map>

#include "sim/rsmp_site/status.h"

namespace dispecer::sim {

// Sums of one period over all detector logics.
struct TrafficPeriod {
  struct Sum {
    std::uint64_t readings = 0;
    std::uint64_t count = 0;
    double speed = 0;  // sum over counted vehicles that had one, m/s
    std::uint64_t speeds = 0;
    double occupancy = 0;
    std::optional<std::array<std::uint64_t, 9>> classes;
  };
  UtcTime begin;
  bool whole = false;  // counted from its begin
  std::map<std::uint32_t, Sum> sums;

  // S0201 to S0208 by the name of the value. Absent = this logic measured nothing of the kind; in
  // the lists over all logics that is -1.
  [[nodiscard]] std::optional<rsmp::Value> value(const Cabinet& cabinet, const ComponentRef& at,
                                                 std::string_view name) const;
};

class TrafficMeter {
 public:
  explicit TrafficMeter(int interval_s) : interval_(interval_s) {}

  // Once for each tick of the controller.
  void count(const Cabinet& cabinet, UtcTime clock);
  [[nodiscard]] const std::optional<TrafficPeriod>& last() const { return last_; }
  // How many periods have ended.
  [[nodiscard]] std::uint64_t ended() const { return ended_; }
  // The last period, or the running one while there is none.
  [[nodiscard]] const TrafficPeriod& newest() const { return last_ ? *last_ : running_; }

 private:
  int interval_;
  TrafficPeriod running_;
  std::optional<TrafficPeriod> last_;
  std::uint64_t ended_ = 0;
  bool started_ = false;
  std::optional<UtcTime> counted_;
};

}  // namespace dispecer::sim
