// Offsets by platoons: what a stop line lets go, how it spreads, and where an offset pays.
#include "controller/signals/platoon.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "tests/controller/signals/crossroads.h"

namespace dispecer::signals {
namespace {

constexpr double kCycle = 60;

// May leave at half a vehicle a second from `from` to `to` s of the cycle.
std::vector<float> open(double from, double to) {
  std::vector<float> out;
  for (double t = kPlatoonStep / 2; t < kCycle; t += kPlatoonStep) {
    out.push_back(t >= from && t < to ? 0.5F : 0.0F);
  }
  return out;
}

// A street of two junctions, both green for 20 of 60 s, `travel` s apart.
PlatoonNet street(double travel, double flow = 0.1, double fed = 1) {
  PlatoonNet net;
  net.cycle = kCycle;
  net.nodes.resize(2);
  net.nodes[0].approaches = {{flow, open(0, 20), {}, {}}};
  net.nodes[0].next = {1};
  net.nodes[1].approaches = {{flow, open(0, 20), {{0, 0, fed, travel}}, {}}};
  net.settle();
  return net;
}

double mean(const std::vector<float>& v) {
  return static_cast<double>(std::accumulate(v.begin(), v.end(), 0.0F)) /
         static_cast<double>(v.size());
}

TEST(Platoon, WhatComesInACycleLeavesInItDuringGreen) {
  const auto net = street(30);
  for (const auto& node : net.nodes) {
    const auto& a = node.approaches[0];
    EXPECT_NEAR(mean(a.out), a.flow, 1e-4);
    for (std::size_t k = 0; k < a.out.size(); ++k) {
      EXPECT_TRUE(a.open[k] > 0 || a.out[k] <= 0) << k;
    }
  }
}

TEST(Platoon, MoreThanGreenCanServeLeavesAtTheRateOfGreen) {
  const auto net = street(30, 0.4);  // green serves a sixth of a vehicle a second
  EXPECT_NEAR(mean(net.nodes[0].approaches[0].out), 0.5 * 20 / 60, 1e-6);
}

TEST(Platoon, AGreenPaysWhenThePlatoonArrives) {
  auto net = street(30);
  // The platoon takes 24 to 44 s, and its tail behind it: green from 30 to 50 s meets it, green
  // from 6 to 26 s has just ended.
  net.nodes[1].offset = 30;
  const double good = net.run(1);
  net.nodes[1].offset = 6;
  const double bad = net.run(1);
  EXPECT_LT(good, 0.2 * bad);
}

TEST(Platoon, ItSpreadsOnItsWay) {
  const auto best = [](double travel) {
    auto net = street(travel);
    double least = 1e9;
    for (double offset = 0; offset < kCycle; offset += 2) {
      net.nodes[1].offset = offset;
      least = std::min(least, net.run(1));
    }
    return least;
  };
  EXPECT_LT(best(10), best(60));
  EXPECT_LT(best(60), best(240));
}

TEST(Platoon, ASingleStepSpreadsAsRobertsonsRecursionSays) {
  // One step of departures at the first junction; the second is always open, so that what leaves
  // is what comes.
  PlatoonNet net = street(20);
  auto& source = net.nodes[0].approaches[0];
  source.out.assign(net.steps(), 0.0F);
  source.out[0] = 1;
  auto& sink = net.nodes[1].approaches[0];
  sink.open.assign(net.steps(), 10.0F);
  sink.flow = 1.0 / 30;
  net.run(1);
  const double share = 1 - std::pow(1 - 1 / (1 + 0.35 * 16), 2);  // of 2 s, head 16 s = 8 steps
  double round = 1 / (1 - std::pow(1 - share, 30));               // what is left goes around
  for (std::size_t k = 0; k < 20; ++k) {
    const double left = std::pow(1 - share, static_cast<double>(k));
    EXPECT_NEAR(sink.out[8 + k], share * left * round, 1e-4) << k;
  }
}

TEST(Platoon, WhatNoStopLineFeedsComesEvenly) {
  auto net = street(30, 0.1, 0.0);
  const double at_zero = net.run(1);
  net.nodes[1].offset = 30;
  EXPECT_NEAR(net.run(1), at_zero, 1e-5) << "no offset is better than another";
}

TEST(Platoon, TryingAnOffsetChangesNothing) {
  auto net = street(30);
  const auto before = net.nodes[0].approaches[0].out;
  const double offset = net.nodes[0].offset;
  (void)net.try_offset(0, 30);
  EXPECT_EQ(net.nodes[0].approaches[0].out, before);
  EXPECT_EQ(net.nodes[0].offset, offset);
}

TEST(PlatoonSweep, MovesAnOffsetToThePlatoonAndThenLeavesItAlone) {
  auto net = street(30);
  net.nodes[1].offset = 56;
  net.settle();
  const double before = net.run(1);
  EXPECT_EQ(sweep_offsets(net, 1, 1, 0.03), 1U);
  EXPECT_NEAR(net.nodes[1].offset, 30, 2);
  EXPECT_LT(net.run(1), 0.25 * before);
  EXPECT_EQ(sweep_offsets(net, 1, 1, 0.03), 0U);
}

TEST(PlatoonSweep, AGainBelowTheMarginAndAJunctionAloneAreLeft) {
  auto net = street(30);
  net.nodes[1].offset = 56;
  net.settle();
  EXPECT_EQ(sweep_offsets(net, 1, 1, 1.0), 0U);
  net.nodes[0].next.clear();
  net.nodes[1].approaches[0].feeds.clear();
  EXPECT_EQ(sweep_offsets(net, 0, 2, 0.0), 0U);
}

TEST(PlatoonApproaches, AreOpenForTheirGreenLessTheStartUpAndClosedElsewhere) {
  test::Crossroads road;
  const SignalParameters p;
  const auto site = make_site(make_index(road.network), road.signals, p);
  const auto* ring = find_ring(site.rings, 1);
  ASSERT_NE(ring, nullptr);
  BundleFlows flows;
  const auto n = site.bundles.rows.size();
  flows.flow.assign(n, 0.1);
  flows.clear.assign(site.stages.size() * n, 0.0);
  for (std::size_t s = 0; s < site.stages.size(); ++s) {
    for (std::size_t b = 0; b < n; ++b) {
      if (site.bundles.rows[b].shows[s] != Show::red) flows.clear[s * n + b] = 0.5;
    }
  }
  std::vector<double> green;
  for (std::size_t i = 0; i < ring->size(); ++i) green.push_back(ring->green(i, {}));
  const auto approaches = platoon_approaches(site, *ring, green, flows, p);
  ASSERT_EQ(approaches.size(), n);
  for (std::size_t b = 0; b < n; ++b) {
    const auto& row = site.bundles.rows[b];
    if (row.movements.empty()) {
      EXPECT_EQ(approaches[b].flow, 0);
      continue;
    }
    double seconds = 0;
    double had = 0;
    for (const float o : approaches[b].open) seconds += o > 0 ? kPlatoonStep : 0;
    for (std::size_t i = 0; i < ring->size(); ++i) {
      if (row.shows[ring->stages[i].stage] != Show::red) had += green[i];
    }
    EXPECT_NEAR(seconds, had - p.startup_s, kPlatoonStep) << b;
  }
}

}  // namespace
}  // namespace dispecer::signals
