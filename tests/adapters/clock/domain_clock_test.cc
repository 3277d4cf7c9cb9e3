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

TEST(DomainClock, ATickThatComesLateDoesNotTakeTimeBack) {
  DomainClock clock;
  clock.tick({UtcTime{10'000'000}, 1, 1}, MonoTime{0});
  EXPECT_EQ(clock.at(MonoTime{1'200'000}), UtcTime{11'200'000});
  EXPECT_TRUE(clock.tick({UtcTime{11'000'000}, 1, 1}, MonoTime{1'200'000}));
  EXPECT_EQ(clock.at(MonoTime{1'200'000}), UtcTime{11'200'000});
  EXPECT_EQ(clock.at(MonoTime{1'300'000}), UtcTime{11'200'000}) << "stands until it has caught up";
  EXPECT_EQ(clock.at(MonoTime{1'600'000}), UtcTime{11'400'000});
  EXPECT_TRUE(clock.tick({UtcTime{5'000'000}, 1, 2}, MonoTime{1'700'000}));
  EXPECT_EQ(clock.at(MonoTime{1'700'000}), UtcTime{5'000'000}) << "a new epoch may go back";
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
