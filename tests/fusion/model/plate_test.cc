#include "fusion/model/plate.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dispecer {
namespace {

TEST(Plate, SpacesAndDashesGoAndNothingIsRepaired) {
  EXPECT_EQ(normalise_plate(" mm-12 abc."), "MM12ABC");
  EXPECT_EQ(normalise_plate("MMI2ABC"), "MMI2ABC");
}

TEST(Plate, TheRomanianGrammarKnowsCountiesBucharestAndTemporaryPlates) {
  for (const auto* good : {"MM12ABC", "CJ99XYZ", "B123ABC", "B12ABC", "MM012345", "CJ123"})
    EXPECT_TRUE(romanian_plate(good)) << good;
  for (const auto* bad : {"", "M", "MM", "XX12ABC", "MM123ABC", "MM1ABC", "MM12AB", "MM12ABCD",
                          "B1234ABC", "MM1234567", "WXYZ", "MM12A1C"}) {
    EXPECT_FALSE(romanian_plate(bad)) << bad;
  }
}

TEST(Plate, NeighboursDifferInOneLetterThatReadersConfuse) {
  const auto neighbours = confusable_neighbours("MM10ABC");
  const auto has = [&](const char* p) {
    return std::find(neighbours.begin(), neighbours.end(), p) != neighbours.end();
  };
  EXPECT_TRUE(has("MM1OABC"));
  EXPECT_TRUE(has("MMI0ABC"));
  EXPECT_TRUE(has("MM10A8C"));
  EXPECT_TRUE(has("NM10ABC"));
  EXPECT_FALSE(has("MM10ABC"));
  EXPECT_FALSE(has("MMIOABC")) << "two letters apart";
}

}  // namespace
}  // namespace dispecer
