#include "adapters/clock/domain_clock.h"

#include <gtest/gtest.h>

namespace dispecer::clock {
namespace {

TEST(DomainClock, RunsOnAtTheToldRateBetweenTicks) {
  DomainClock c;
  EXPECT_FALSE(c.running());
  ASSERT_TRUE(c.tick({UtcTime{100'000'000}, 5.0, 0}, MonoTime{0}));
  EXPECT_EQ(c.at(MonoTime{200'000}), UtcTime{101'000'000});
}

TEST(DomainClock, AStalledClockStopsSoThatDataGrowStale) {
  DomainClock c;
  ASSERT_TRUE(c.tick({UtcTime{100'000'000}, 1.0, 0}, MonoTime{0}));
  EXPECT_EQ(c.at(MonoTime{3'600'000'000}), UtcTime{101'500'000});
}

TEST(DomainClock, BackwardTicksNeedANewEpoch) {
  DomainClock c;
  ASSERT_TRUE(c.tick({UtcTime{100}, 1, 3}, MonoTime{0}));
  EXPECT_FALSE(c.tick({UtcTime{99}, 1, 3}, MonoTime{0}));
  EXPECT_FALSE(c.tick({UtcTime{500}, 1, 2}, MonoTime{0}));
  EXPECT_TRUE(c.tick({UtcTime{50}, 1, 4}, MonoTime{0}));
  EXPECT_EQ(c.last().epoch, 4U);
}

}  // namespace
}  // namespace dispecer::clock
