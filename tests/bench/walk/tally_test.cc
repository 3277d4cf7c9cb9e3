#include "tests/bench/walk/tally.h"

#include <gtest/gtest.h>

namespace dispecer::bench {
namespace {

const CrossingId kA("a");
const CrossingId kB("b");

TEST(WalkTally, AWaitLastsFromStandingBeforeACrossingToBeingOnIt) {
  WalkTally tally;
  tally.add({{"p", kA, false, false}}, 10);
  tally.add({{"p", kA, false, true}}, 11);
  tally.add({{"p", kA, false, true}}, 40);
  EXPECT_EQ(tally.waiting(41), (std::vector<Wait>{{kA, 30}}));
  tally.add({{"p", kA, true, false}}, 42);
  tally.add({{"p", kA, true, false}}, 43);
  EXPECT_EQ(tally.waits(), (std::vector<Wait>{{kA, 31}}));
  EXPECT_TRUE(tally.waiting(44).empty());
}

TEST(WalkTally, WhoWalksStraightOnHasWaitedForNothingAndCountsToo) {
  WalkTally tally;
  tally.add({{"p", kA, true, false}, {"q", kA, false, false}}, 1);
  tally.add({{"q", kA, true, false}}, 2);
  EXPECT_EQ(tally.waits(), (std::vector<Wait>{{kA, 0}, {kA, 0}}));
}

TEST(WalkTally, TwoCrossingsInARowAreTwoWaits) {
  WalkTally tally;
  tally.add({{"p", kA, false, true}}, 0);
  tally.add({{"p", kA, true, false}}, 5);
  tally.add({{"p", kB, false, true}}, 15);
  tally.add({{"p", kB, true, false}}, 35);
  EXPECT_EQ(tally.waits(), (std::vector<Wait>{{kA, 5}, {kB, 20}}));
}

TEST(WalkTally, WhoTurnsAwayHasNoWait) {
  WalkTally tally;
  tally.add({{"p", kA, false, true}}, 0);
  tally.add({}, 10);
  EXPECT_TRUE(tally.waits().empty());
  EXPECT_TRUE(tally.waiting(10).empty());
}

}  // namespace
}  // namespace dispecer::bench
