// Domain time between two ticks: extrapolated at the told rate from wall monotonic time, never past
// the next second's worth when ticks stop, so that a stalled clock makes data stale instead of
// running on. Within an epoch it never goes back: a tick that comes late finds the time that was
// told meanwhile, and that stands until the tick's own has caught up.
#pragma once

#include "fusion/model/world.h"

namespace dispecer::clock {

MonoTime monotonic();
UtcTime wall();

class DomainClock {
 public:
  // A tick of an older epoch, or one that goes back within its epoch, is ignored (returns false).
  bool tick(const ClockTick& tick, MonoTime received);
  [[nodiscard]] bool running() const { return seen_; }
  [[nodiscard]] UtcTime at(MonoTime moment) const;
  [[nodiscard]] const ClockTick& last() const { return last_; }
  [[nodiscard]] MonoTime last_received() const { return received_; }

 private:
  ClockTick last_;
  MonoTime received_;
  UtcTime told_;  // the latest that can have been told before the last tick, in its epoch
  bool seen_ = false;
};

}  // namespace dispecer::clock
