#include "tests/fusion/traffic/street.h"

namespace dispecer::traffic::test {
namespace {

TEST(Intervals, WhatWasNeverTestedIsTrustedLessThanItSays) {
  Street street;
  for (int s = 0; s < 600; ++s) street.second({{"ahead", s % 6 == 0 ? kCar : kFree}});
  EXPECT_GT(street.state.hour_scale, 1.2);
  EXPECT_LT(street.state.hour_scale, 2);
}

// A steady car each six seconds over W and E, or over E all of them in one half of each ten
// minutes; returns by how much intervals of now are stretched after an hour.
double now_scale(bool in_bursts) {
  auto net = make_network();
  net.movements[0].share = Ratio{1};
  net.movements[1].share = Ratio{0};
  net.detectors.push_back(make_detector("out", DetectorKind::advance, "E", 126));
  Street street({}, net);
  street.g1 = Aspect::green;
  for (int s = 0; s < 3600; ++s) {
    const bool out = in_bursts ? s % 600 < 300 && s % 3 == 0 : s % 6 == 0;
    street.second({{"ahead", s % 6 == 0 ? kCar : kFree},
                   {"stop", s % 6 == 3 ? kCar : kFree},
                   {"out", out ? kCar : kFree}});
  }
  return street.state.now_scale;
}

TEST(Intervals, OfNowAreStretchedWhereCountsLieOutsideOfThem) {
  EXPECT_GT(now_scale(true), now_scale(false));
}

}  // namespace
}  // namespace dispecer::traffic::test
