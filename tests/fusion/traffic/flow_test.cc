#include <random>

#include "tests/fusion/traffic/street.h"

namespace dispecer::traffic::test {
namespace {

using Row = FlowSolver::Row;
using Measurement = FlowSolver::Measurement;

constexpr double kSure = 1.0 / 100;  // weight of a count with sd 10
const Measurement kNothing{};

TEST(FlowSolver, TheUnmeasuredLinkIsWhatConservationLeaves) {
  // Links 0 and 1 run into 2.
  FlowSolver solver(3, {Row{{0, 1, 2}, {-1, -1, 1}}});
  const std::vector<double> row_sd{1};
  const std::vector<Measurement> measured{{600, kSure}, {200, kSure}, kNothing};
  const std::vector<double> prior{300, 300, 300};
  const std::vector<double> prior_sd{5000, 5000, 5000};
  std::vector<double> x(3);
  ASSERT_TRUE(solver.solve_robust({row_sd, measured, prior, prior_sd, 3}, x));
  EXPECT_NEAR(x[0], 600, 1);
  EXPECT_NEAR(x[1], 200, 1);
  EXPECT_NEAR(x[2], 800, 2);
  // sd of a sum of two independent counts of sd 10, and of the row.
  EXPECT_NEAR(std::sqrt(solver.variance(2)), std::sqrt(201.0), 0.2);
  solver.begin_variances();
  while (!solver.go_on_variances(1)) {
  }
  for (std::uint32_t i = 0; i < 3; ++i)
    EXPECT_NEAR(solver.last_variance(i), solver.variance(i), 1e-6);
}

TEST(FlowSolver, ALoopThatContradictsItsNeighboursLosesWeight) {
  // A chain of four links, each counted; the third counts three times too much.
  FlowSolver solver(4, {Row{{0, 1}, {-1, 1}}, Row{{1, 2}, {-1, 1}}, Row{{2, 3}, {-1, 1}}});
  const std::vector<double> row_sd(3, 5.0);
  std::vector<Measurement> measured(4, Measurement{500, 1.0 / 400});
  measured[2].flow = 1500;
  const std::vector<double> prior(4, 500.0);
  const std::vector<double> prior_sd(4, 5000.0);
  std::vector<double> robust(4);
  std::vector<double> plain(4);
  ASSERT_TRUE(solver.solve_robust({row_sd, measured, prior, prior_sd, 3}, robust));
  EXPECT_LT(solver.used_weight(2), 1.0 / 4000);
  ASSERT_TRUE(solver.solve_robust({row_sd, measured, prior, prior_sd, 1e9}, plain));
  EXPECT_GT(plain[2], 740);
  EXPECT_LT(robust[2], 620);
}

TEST(FlowSolver, AWeightThatIsNoNumberLeavesTheEstimateAlone) {
  FlowSolver solver(2, {Row{{0, 1}, {-1, 1}}});
  const std::vector<double> row_sd{std::numeric_limits<double>::quiet_NaN()};
  const std::vector<Measurement> measured(2);
  const std::vector<double> prior(2, 1.0);
  const std::vector<double> prior_sd(2, 1.0);
  std::vector<double> x{7, 8};
  EXPECT_FALSE(solver.solve_robust({row_sd, measured, prior, prior_sd, 3}, x));
  EXPECT_EQ(x, (std::vector<double>{7, 8}));
  // And the next good weights work again.
  ASSERT_TRUE(solver.solve_robust({std::vector<double>{1.0}, measured, prior, prior_sd, 3}, x));
  EXPECT_NEAR(x[0], 1, 1e-9);
}

TEST(FlowSolver, NewCountsAreSolvedWithTheOldFactorAsWithANewOne) {
  FlowSolver solver(3, {Row{{0, 1}, {-0.7, 1}}, Row{{1, 2}, {-1, 1}}});
  const std::vector<double> row_sd(2, 5.0);
  std::vector<Measurement> measured{{100, kSure}, kNothing, {90, kSure}};
  const std::vector<double> prior(3, 80.0);
  const std::vector<double> prior_sd(3, 50.0);
  ASSERT_TRUE(solver.factorise({row_sd, measured, prior, prior_sd, 3}));
  measured[0].flow = 400;
  std::vector<double> old_factor(3);
  std::vector<double> new_factor(3);
  ASSERT_TRUE(solver.solve({row_sd, measured, prior, prior_sd, 3}, old_factor));
  ASSERT_TRUE(solver.factorise({row_sd, measured, prior, prior_sd, 3}));
  ASSERT_TRUE(solver.solve({row_sd, measured, prior, prior_sd, 3}, new_factor));
  EXPECT_EQ(old_factor, new_factor);
}

// A grid of one-way rings is too regular; trees of random merges and splits are not.
TEST(FlowProperty, RandomNetworksWithTrueCountsOnHalfTheLinksGiveBackTheTrueFlows) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937 rng(seed);
    std::uniform_real_distribution<double> share(0.2, 0.8);
    std::vector<double> truth;
    std::vector<Row> rows;
    for (int i = 0; i < 6; ++i) truth.push_back(200 + 100.0 * static_cast<double>(rng() % 8));
    // Each step takes two open links, merges and splits them again.
    std::vector<std::uint32_t> open{0, 1, 2, 3, 4, 5};
    for (int k = 0; k < 15; ++k) {
      std::shuffle(open.begin(), open.end(), rng);
      const auto a = open[0];
      const auto b = open[1];
      const double p = share(rng);
      const double q = share(rng);
      const auto c = static_cast<std::uint32_t>(truth.size());
      truth.push_back(p * truth[a] + q * truth[b]);
      truth.push_back((1 - p) * truth[a] + (1 - q) * truth[b]);
      rows.push_back({{a, b, c}, {-p, -q, 1}});
      rows.push_back({{a, b, c + 1}, {p - 1, q - 1, 1}});
      open[0] = c;
      open[1] = c + 1;
    }
    const std::size_t n = truth.size();
    std::vector<Measurement> measured(n);
    for (std::size_t i = 0; i < n; i += 2) measured[i] = Measurement{truth[i], 1.0 / 400};
    for (const std::size_t i : {1U, 3U, 5U}) measured[i] = Measurement{truth[i], 1.0 / 400};
    FlowSolver solver(n, rows);
    std::vector<double> x(n);
    const std::vector<double> row_sd(rows.size(), 5.0);
    const std::vector<double> prior(n, 400.0);
    const std::vector<double> prior_sd(n, 2000.0);
    ASSERT_TRUE(solver.solve_robust({row_sd, measured, prior, prior_sd, 3}, x));
    solver.begin_variances();
    while (!solver.go_on_variances(7)) {
    }
    for (std::uint32_t i = 0; i < n; ++i)
      EXPECT_NEAR(solver.last_variance(i), solver.variance(i), 1e-6 * solver.variance(i));
    for (const auto& row : rows) {
      double off = 0;
      for (std::size_t i = 0; i < row.links.size(); ++i)
        off += row.coefficients[i] * x[row.links[i]];
      EXPECT_NEAR(off, 0, 5) << "seed " << seed;
    }
    for (std::size_t i = 0; i < n; ++i) {
      EXPECT_NEAR(x[i], truth[i], 0.02 * truth[i] + 5) << "seed " << seed << " link " << i;
    }
  }
}

TEST(Flow, AnExitWithoutLoopsGetsItsShareOfTheApproach) {
  Street street;
  street.g1 = Aspect::green;
  for (int s = 0; s < 1800; ++s)
    street.second({{"ahead", s % 6 == 0 ? kCar : kFree}, {"stop", s % 6 == 2 ? kCar : kFree}});
  const auto out = street.look();
  EXPECT_NEAR(out.links[0].flow->value, 600, 30);
  EXPECT_EQ(out.links[0].flow->quality, Quality::live);
  EXPECT_NE(out.links[0].flow->sources & kLoops, 0U);
  EXPECT_NEAR(out.links[1].flow->value + out.links[2].flow->value, 600, 60);
  EXPECT_EQ(out.links[1].flow->quality, Quality::substituted);
  EXPECT_EQ(out.links[1].flow->sources, static_cast<std::uint32_t>(kConservation));
  EXPECT_GT(out.links[1].flow->value, out.links[2].flow->value) << "the given shares lean to E";
  ASSERT_TRUE(out.links[1].flow_hour.has_value());
  EXPECT_NEAR(out.links[0].flow_hour->value, 600, 30);
  EXPECT_GT(out.links[1].flow->sd, 10);
}

TEST(Flow, TheFirstMinutesAreNotBiasedTowardsZero) {
  Street street;
  for (int s = 0; s < 120; ++s)
    street.second({{"ahead", s % 6 == 0 ? kCar : kFree}, {"stop", s % 6 == 2 ? kCar : kFree}});
  EXPECT_NEAR(street.look().links[0].flow->value, 600, 90);
}

TEST(Flow, WithoutAnyEvidenceThereIsNoFlow) {
  Street street;
  street.detectors_heard = false;
  street.seconds(10);
  const auto out = street.look();
  EXPECT_FALSE(out.links[0].flow.has_value());
  EXPECT_FALSE(out.links[0].vehicles.has_value());
}

TEST(Speed, LoopsGiveSpeedAndABusOnlyASubstitute) {
  Street street;
  street.second();
  EXPECT_FALSE(street.look().links[0].speed.has_value());
  apply(street.state, BusSpeed{LinkId{"W"}, MetresPerSecond{8}, street.now});
  auto out = street.look();
  ASSERT_TRUE(out.links[0].speed.has_value());
  EXPECT_NEAR(out.links[0].speed->value, 8, 1e-9);
  EXPECT_EQ(out.links[0].speed->quality, Quality::substituted);
  for (int i = 0; i < 20; ++i) {
    apply(street.state,
          DetectorBatch{JunctionId{"J"},
                        street.now,
                        street.now + std::chrono::seconds(1),
                        {{DetectorId{"ahead"}, 1, Ratio{0.4}, false, MetresPerSecond{12}, false}}});
    street.now = street.now + std::chrono::seconds(1);
    step(street.state, street.now);
  }
  out = street.look();
  EXPECT_EQ(out.links[0].speed->quality, Quality::live);
  EXPECT_GT(out.links[0].speed->value, 10.5);
  EXPECT_EQ(out.links[0].speed->sources, static_cast<std::uint32_t>(kLoops | kBuses));
}

TEST(Speed, AnOldSpeedIsStaleAndThenGone) {
  Street street;
  street.second();
  apply(street.state, BusSpeed{LinkId{"W"}, MetresPerSecond{8}, street.now});
  street.seconds(200);
  EXPECT_EQ(street.look().links[0].speed->quality, Quality::stale);
  street.seconds(800);
  EXPECT_FALSE(street.look().links[0].speed.has_value());
}

}  // namespace
}  // namespace dispecer::traffic::test
