// A late bus on its way to a stop line, as fusion tells it.
#pragma once

#include <algorithm>

#include "fusion/model/picture.h"

namespace dispecer::test {

// Heard at `fix`, `eta` seconds before the stop line of movement "m" on link "in", give or take
// `spread`.
inline BusState late_bus(UtcTime fix, double eta, double spread) {
  BusState b;
  b.vehicle = VehicleId("b1");
  b.line = LineId("1");
  b.trip = TripId("t1");
  b.fix = fix;
  b.phase = BusPhase::running;
  b.lateness = Estimate{60, 5, 0, Quality::live, kBuses};
  b.link = LinkId("in");
  b.to_stop_line = {eta * 10};
  b.next_movement = MovementId("m");
  b.eta_low = Seconds{std::max(0.0, eta - spread)};
  b.eta = Seconds{eta};
  b.eta_high = Seconds{eta + spread};
  b.quality = Quality::live;
  return b;
}

}  // namespace dispecer::test
