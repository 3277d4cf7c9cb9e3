// The sets of rules, put into the files of a small town.
#include "tests/bench/lockstep/rules.h"

#include <gtest/gtest.h>

#include "sim/controller/virtual_controller.h"
#include "tests/bench/scale/grid.h"

namespace dispecer::bench {
namespace {

TEST(Rules, OpenRulesHaveYellowAlone) {
  auto city = make_grid(9);
  ASSERT_TRUE(put_rules(Rules::open, city));
  for (const auto& [id, s] : city.signals) {
    for (const auto& i : s.intergreens) EXPECT_EQ(i.time.time.value, 3);
    for (const auto& g : s.groups) EXPECT_GE(g.max_red.time.value, 600);
  }
}

TEST(Rules, StreetRulesAddAllRedAndAMaximumRed) {
  auto city = make_grid(9);
  ASSERT_TRUE(put_rules(Rules::street, city));
  for (const auto& [id, s] : city.signals) {
    for (const auto& i : s.intergreens) EXPECT_EQ(i.time.time.value, 5);
    for (const auto& g : s.groups) {
      EXPECT_EQ(g.min_green.time.value, 6);
      EXPECT_EQ(g.max_red.time.value, 120);
    }
    EXPECT_TRUE(sim::make_controller(s));
  }
}

TEST(Rules, CityRulesGiveEveryArmACrossingThatNobodyDrivesThrough) {
  auto city = make_grid(9);
  const auto before = city.network.detectors.size();
  ASSERT_TRUE(put_rules(Rules::city, city));
  EXPECT_EQ(city.network.crossings.size(), 4 * city.signals.size());
  EXPECT_EQ(city.network.detectors.size(), before + 4 * city.signals.size()) << "a button each";
  for (const auto& [id, s] : city.signals) {
    EXPECT_TRUE(sim::make_controller(s)) << id.str();
    const IntergreenMatrix matrix(s);
    for (std::size_t g = 4; g < s.groups.size(); ++g) {
      // Two roads of two lanes with a refuge: 13.8 m at 1.2 m/s.
      EXPECT_EQ(s.groups[g].amber.time.value, 12);
      EXPECT_GE(s.groups[g].min_green.time.value, 5);
      for (const auto& stage : s.stages) {
        const bool walks = std::count(stage.green.begin(), stage.green.end(), g) != 0;
        for (const auto other : stage.green) {
          EXPECT_FALSE(walks && matrix.conflict(g, other)) << id.str() << " " << stage.name;
        }
      }
    }
  }
}

TEST(Rules, WhoMakesPlansForThemReckonsWithTheirIntergreensAndShortestGreens) {
  auto open = make_grid(9);
  auto street = open;
  ASSERT_TRUE(put_rules(Rules::open, open));
  ASSERT_TRUE(put_rules(Rules::street, street));
  EXPECT_DOUBLE_EQ(stage_times(open).lost, 3 + 2);
  EXPECT_DOUBLE_EQ(stage_times(street).lost, 5 + 2);
  EXPECT_DOUBLE_EQ(stage_times(street).least, 6);
}

}  // namespace
}  // namespace dispecer::bench
