#include "fusion/traffic/hit_times.h"

#include <gtest/gtest.h>

#include <random>

namespace dispecer::traffic::test {
namespace {

TEST(HitTimes, TheLagIsThatAtWhichMostVehiclesAreTheSame) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> gap(20, 160);
  for (const double lag : {-200.0, -60.0, 12.0, 75.0, 240.0}) {
    HitTimes up;
    HitTimes down;
    double at = 400;
    for (int k = 0; k < 60; ++k) {
      at += gap(random);
      up.add(at);
      if (k % 6 != 0) down.add(at + lag);
    }
    ASSERT_TRUE(lag_of(up, down)) << lag;
    EXPECT_NEAR(*lag_of(up, down), lag, 15.1);
  }
}

TEST(HitTimes, OtherTrafficAndACycleHaveNoLag) {
  std::mt19937 random(6);
  std::uniform_real_distribution<double> gap(20, 160);
  int found = 0;
  for (int round = 0; round < 200; ++round) {
    HitTimes up;
    HitTimes down;
    double a = 400;
    double b = 400;
    for (int k = 0; k < 60; ++k) up.add(a += gap(random));
    for (int k = 0; k < 60; ++k) down.add(b += gap(random));
    found += lag_of(up, down) ? 1 : 0;
  }
  EXPECT_LE(found, 10);
  HitTimes up;
  HitTimes down;
  for (int k = 0; k < 60; ++k) {  // one in each cycle: any number of cycles explains it
    up.add(400 + 60 * k);
    down.add(410 + 60 * k);
  }
  EXPECT_FALSE(lag_of(up, down));
  EXPECT_FALSE(lag_of(up, HitTimes{}));
}

}  // namespace
}  // namespace dispecer::traffic::test
