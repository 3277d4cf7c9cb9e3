// Ways through a network and what counts make of them.
#include "tests/fusion/traffic/street.h"

namespace dispecer::traffic::test {
namespace {

// A main street A-B-C-D with a side street that leaves it at B and comes back at C, longer.
Network detour() {
  Network net;
  net.links = {make_link("AB", "A", "B"), make_link("BC", "B", "C"), make_link("BX", "B", "X", 600),
               make_link("XC", "X", "C", 600), make_link("CD", "C", "D")};
  net.movements = {make_movement("AB", "BC", "B", "", 0.5), make_movement("AB", "BX", "B", "", 0.5),
                   make_movement("BX", "XC", "X", "", 1), make_movement("BC", "CD", "C", "", 1),
                   make_movement("XC", "CD", "C", "", 1)};
  return net;
}

TEST(Paths, TrafficTakesTheWayOfLeastTime) {
  const auto index = make_index(detour(), {});
  const Paths paths(index, {});
  double straight = 0;
  double around = 0;
  double all = 0;
  for (std::size_t p = 0; p < paths.size(); ++p) {
    const auto links = paths.links(p);
    if (links.front() == 0 && links.back() == 4) {
      straight += std::count(links.begin(), links.end(), 1U) > 0 ? paths.share(p) : 0.0;
      around += std::count(links.begin(), links.end(), 2U) > 0 ? paths.share(p) : 0.0;
    }
    all += paths.share(p);
  }
  EXPECT_GT(straight, 0.5);
  EXPECT_EQ(around, 0);
  EXPECT_LE(all, 1 + 1e-9);
}

TEST(Paths, EveryWayIsAChainOfMovements) {
  const auto index = make_index(detour(), {});
  const Paths paths(index, {});
  ASSERT_GT(paths.size(), 0U);
  for (std::size_t p = 0; p < paths.size(); ++p) {
    const auto links = paths.links(p);
    const auto movements = paths.movements(p);
    ASSERT_EQ(movements.size() + 1, links.size());
    for (std::size_t k = 0; k < movements.size(); ++k) {
      EXPECT_EQ(index.movements[movements[k]].from, links[k]);
      EXPECT_EQ(index.movements[movements[k]].to, links[k + 1]);
    }
  }
}

TEST(Paths, ARingWithoutAnEntryHasWaysToo) {
  Network net;
  net.links = {make_link("a", "1", "2"), make_link("b", "2", "3"), make_link("c", "3", "1")};
  net.movements = {make_movement("a", "b", "2", "", 1), make_movement("b", "c", "3", "", 1),
                   make_movement("c", "a", "1", "", 1)};
  EXPECT_GT(Paths(make_index(net, {}), {}).size(), 0U);
}

TEST(PathFlows, CountsAreMetAndAnUncountedLinkGetsWhatTheWaysImply) {
  const auto index = make_index(make_network(), make_signals());
  PathFlows flows(index, Paths(index, {}));
  std::vector<LinkCount> counts(3);
  counts[0] = {800, 1};
  counts[1] = {600, 1};
  for (int round = 0; round < 300; ++round) flows.fit(counts, 1, 100000);
  EXPECT_NEAR(flows.flow(0), 800, 40);
  EXPECT_NEAR(flows.flow(1), 600, 40);
  EXPECT_NEAR(flows.flow(2), 200, 60) << "what came in and did not leave by the other exit";
  EXPECT_NEAR(flows.turning(0) / flows.flow(0), 0.75, 0.08);
}

TEST(PathFlows, WithoutItsOwnCountALinkIsWhatTheOthersImply) {
  const auto index = make_index(make_network(), make_signals());
  PathFlows flows(index, Paths(index, {}));
  std::vector<LinkCount> counts(3);
  counts[0] = {800, 1};
  counts[1] = {0, 1};  // a dead loop
  counts[2] = {400, 1};
  for (int round = 0; round < 300; ++round) flows.fit(counts, 1, 100000);
  EXPECT_GT(flows.flow_without(1), 3 * flows.flow(1));
}

TEST(PathFlows, NothingCountedIsNothingSaid) {
  const auto index = make_index(make_network(), make_signals());
  PathFlows flows(index, Paths(index, {}));
  flows.fit(std::vector<LinkCount>(3), 1, 100000);
  EXPECT_FALSE(flows.started());
}

}  // namespace
}  // namespace dispecer::traffic::test
