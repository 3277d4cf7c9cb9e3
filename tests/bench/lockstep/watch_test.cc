#include "tests/bench/lockstep/watch.h"

#include <gtest/gtest.h>

namespace dispecer::bench {
namespace {

void pass(HeadwayWatch& watch, const char* bus, const char* link, double s) {
  sim::StreetVehicle v;
  v.id = bus;
  v.link = LinkId(link);
  watch.add(v, LineId("1"), s);
}

TEST(HeadwayWatch, EvenBusesHaveNoVariationAndBunchedOnesTheirOwn) {
  HeadwayWatch even;
  pass(even, "a", "x", 0);
  pass(even, "b", "x", 300);
  EXPECT_FALSE(even.cv()) << "one headway says nothing of how they vary";
  pass(even, "b", "x", 310);  // still on that link
  pass(even, "c", "x", 600);
  ASSERT_TRUE(even.cv());
  EXPECT_NEAR(*even.cv(), 0, 1e-12);

  HeadwayWatch bunched;
  pass(bunched, "a", "x", 0);
  pass(bunched, "b", "x", 150);
  pass(bunched, "c", "x", 600);
  EXPECT_NEAR(*bunched.cv(), 150.0 / 300, 1e-12);
}

}  // namespace
}  // namespace dispecer::bench
