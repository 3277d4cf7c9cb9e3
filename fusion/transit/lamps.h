// What the lamps of a signal group did lately, and from that when a vehicle will get through.
//
// Forecast by analogues (Lorenz 1969): the past moments in which the group showed the same colour
// for as long, after an interval of like length, tell what may follow. With a fixed-time plan they
// all say the same; under a controller that reacts they differ, and the spread is the uncertainty.
// Seconds throughout.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "fusion/model/time.h"

namespace dispecer::transit {

inline constexpr std::size_t kLampPast = 24;   // intervals that are kept
inline constexpr std::size_t kFutures = 6;     // analogues that are used
inline constexpr std::size_t kLampAhead = 10;  // intervals that are told

struct LampHistory {
  std::array<double, kLampPast> past{};  // ring of whole intervals, green and not green in turn
  std::size_t count = 0;                 // of intervals ever put into it
  bool green = false;
  bool known = false;
  bool whole = false;  // the present interval was seen from its beginning
  UtcTime since;       // beginning of the present interval
  UtcTime seen;
};

// One observation. A silence of more than `gap_s` breaks the sequence: all is learnt anew.
void note(LampHistory& lamps, bool green, UtcTime t, double gap_s);
void forget(LampHistory& lamps);

// Fills the past with what a plan implies, as if it had run for long: `switches` are the seconds of
// the cycle at which the group changes, ascending, with the colour it changes to; `position` is the
// second of the cycle at `t`. Nothing where the plan says another colour than was seen.
struct LampSwitch {
  double at = 0;
  bool green = false;
};
void seed(LampHistory& lamps, const std::vector<LampSwitch>& switches, double cycle,
          double position, bool green, UtcTime t);

// Intervals to come, the rest of the present one first; colours alternate from `green` on.
struct LampFuture {
  std::array<double, kLampAhead> s{};
  std::size_t count = 0;
  bool green = false;
};
struct LampFutures {
  std::array<LampFuture, kFutures> row;
  std::size_t count = 0;  // 0 = nothing is known
};
LampFutures futures(const LampHistory& lamps, UtcTime now);

struct Discharge {
  double arrive = 0;      // s from now at the stop line, if nothing held it
  double before = 0;      // s of green that the vehicles before it need
  double start_loss = 2;  // s lost when a green begins before those who stand
  double amber = 2;       // s after green within which one still drives
};
// Seconds from now until it passes.
double pass_s(const LampFuture& future, const Discharge& d);

}  // namespace dispecer::transit
