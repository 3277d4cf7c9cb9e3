// Links and movements of an imported town.
#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/city/city.h"
#include "tests/adapters/city/importer_town.h"

namespace dispecer::city::test {
namespace {

TEST(Importer, WhereTheMapEndsNobodyTurnsBack) {
  if (!has_tool("netconvert")) GTEST_SKIP() << "netconvert (Debian package sumo) is not installed";
  const Town t(true);
  ASSERT_TRUE(t.made);
  ASSERT_NE(slurp(t.net()).find("from=\"Nout\" to=\"Nin\""), std::string::npos);
  ASSERT_TRUE(t.import().ok());
  const auto city = read_city(t.out);
  ASSERT_TRUE(city.ok()) << city.error().message();
  std::size_t turns = 0;
  for (const auto& m : city->network.movements) {
    EXPECT_EQ(m.junction, JunctionId("C")) << m.id.str();
    if (m.turn == Turn::u_turn) ++turns;
  }
  EXPECT_EQ(turns, 4U);
  EXPECT_EQ(city->network.links.size(), 8U);
}

}  // namespace
}  // namespace dispecer::city::test
