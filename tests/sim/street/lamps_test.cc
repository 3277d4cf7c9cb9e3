#include "sim/street/lamps.h"

#include <gtest/gtest.h>

#include "sim/street/plane.h"
#include "tests/sim/controller/crossroads.h"

namespace dispecer::sim {
namespace {

using A = Aspect;

JunctionSignals yielding() {
  auto s = crossroads();
  s.stages[1].yielding = {1};
  return s;
}
const LampWiring kWiring{"rrrsG", {{0, 1}, {2}, {3}}};

TEST(Lamps, EachAspectHasItsLetterAndUnusedIndicesKeepTheirs) {
  const auto s = crossroads();
  EXPECT_EQ(lamp_text(s, kWiring, {A::green, A::red, A::red}, 1), "GGrsG");
  EXPECT_EQ(lamp_text(s, kWiring, {A::amber, A::red, A::red}, {}), "yyrsG");
  EXPECT_EQ(lamp_text(s, kWiring, {A::red, A::red_amber, A::red}, {}), "rrusG");
  EXPECT_EQ(lamp_text(s, kWiring, {A::red, A::green, A::green}, 2), "rrGGG");
}

TEST(Lamps, AGroupThatYieldsInTheStageShowsTheSmallLetter) {
  const auto s = yielding();
  EXPECT_EQ(lamp_text(s, kWiring, {A::red, A::green, A::green}, 2), "rrgGG");
  EXPECT_EQ(lamp_text(s, kWiring, {A::red, A::green, A::red}, {}), "rrgsG")
      << "between stages it gives way, to be safe";
}

TEST(Lamps, FlashAndDarkSwitchTheWholeJunction) {
  const auto s = crossroads();
  EXPECT_EQ(lamp_text(s, kWiring, {A::amber_flash, A::amber_flash, A::dark}, {}), "ooooo");
  EXPECT_EQ(lamp_text(s, kWiring, {A::dark, A::dark, A::dark}, {}), "OOOOO");
}

TEST(SumoPlane, FindsShiftAndTurnFromPairs) {
  const LonLat origin{23.57, 47.65};
  const LocalPlane local(origin);
  std::vector<SumoPlane::Pair> pairs;
  for (const auto& [x, y] : {std::pair{0.0, 0.0}, {1000.0, 0.0}, {0.0, 800.0}, {700.0, 300.0}}) {
    // East = -y + 500, north = x - 200: a quarter turn and a shift.
    pairs.push_back({x, y, local.to_lon_lat({-y + 500, x - 200})});
  }
  const SumoPlane plane(pairs, origin);
  EXPECT_LT(distance_m(plane.to_lon_lat(250, 125), local.to_lon_lat({375, 50})), 0.01);
}

TEST(SumoPlane, WithoutPairsNorthIsUpAroundTheCentre) {
  const LonLat origin{23.57, 47.65};
  const SumoPlane plane({}, origin);
  EXPECT_LT(distance_m(plane.to_lon_lat(0, 0), origin), 1e-6);
  EXPECT_NEAR(distance_m(plane.to_lon_lat(30, 40), origin), 50, 0.1);
}

}  // namespace
}  // namespace dispecer::sim
