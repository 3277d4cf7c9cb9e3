// What must hold whatever the traffic: no oscillation, the maximum red, the same outputs for the
// same inputs, and that it serves better than a fixed ring.
#include <gtest/gtest.h>

#include <set>

#include "tests/controller/signals/crossroads.h"

namespace dispecer {
namespace {

using namespace test;

class RandomTraffic : public testing::TestWithParam<unsigned> {
 protected:
  static std::map<std::string, double> flows(unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<> flow(20, 700);
    return {{"n", flow(random)}, {"s", flow(random)}, {"e", flow(random)}, {"w", flow(random)}};
  }
};

TEST_P(RandomTraffic, KeepsTheMaximumRedAndDoesNotOscillate) {
  Crossroads road;
  auto state = road.controller();
  Street street(road, flows(GetParam()), GetParam());
  std::uint32_t order = 0;
  for (int s = 0; s < 1800; ++s) {
    street.step(order);
    order = second(state, road, s).ordered();
  }
  EXPECT_LE(street.longest_red(), 120);
  EXPECT_LT(street.changes(), 1800 / (5 + 6)) << "a stage outlasts intergreen and minimum green";
  EXPECT_GT(street.changes(), 1800 / 130);
}

TEST_P(RandomTraffic, DelaysLessThanTheFixedRingOfTheLocalPlan) {
  const auto run = [&](bool fixed) {
    Crossroads road;
    auto state = road.controller();
    Street street(road, flows(GetParam()), GetParam());
    std::uint32_t order = 0;
    for (int s = 0; s < 1800; ++s) {
      street.step(order);
      const int in_cycle = s % 80;
      order = fixed ? (in_cycle < 40 ? 1 : 2) : second(state, road, s).ordered();
    }
    return street.delay();
  };
  EXPECT_LT(run(false), run(true));
}

TEST_P(RandomTraffic, GivesTheSameProposalsForTheSameInputs) {
  const auto run = [&] {
    Crossroads road;
    auto state = road.controller();
    Street street(road, flows(GetParam()), GetParam());
    std::vector<Proposal> proposals;
    std::uint32_t order = 0;
    for (int s = 0; s < 300; ++s) {
      street.step(order);
      const auto now = second(state, road, s);
      order = now.ordered();
      if (now.proposal) proposals.push_back(*now.proposal);
    }
    return proposals;
  };
  const auto first = run();
  EXPECT_EQ(first, run());
  std::set<ProposalId> ids;
  for (const auto& p : first) ids.insert(p.id);
  EXPECT_EQ(ids.size(), first.size()) << "no id is given twice";
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomTraffic, testing::Range(1u, 6u));

TEST(SteadyTraffic, EqualQueuesDoNotMakeItFlutter) {
  Crossroads road;
  for (const char* arm : {"n", "s", "e", "w"}) road.queue(arm, 10);
  auto state = road.controller();
  int changes = 0;
  std::uint32_t last = 1;
  for (int s = 0; s < 200; ++s) {
    const auto order = second(state, road, s).ordered();
    road.show(order);
    changes += order != last ? 1 : 0;
    last = order;
  }
  EXPECT_LE(changes, 4);
}

}  // namespace
}  // namespace dispecer
