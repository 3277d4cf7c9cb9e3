// The parts of the estimate bench, and a short run of it over the hand-made corridor.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>

#include "tests/bench/estimate/children.h"
#include "tests/bench/estimate/faults.h"
#include "tests/bench/estimate/score.h"
#include "tests/bench/lockstep/corridor.h"

namespace dispecer::bench {
namespace {

Network twenty_loops() {
  Network net;
  for (int i = 0; i < 20; ++i) {
    Detector d;
    d.id = DetectorId("d" + std::to_string(i));
    d.kind = DetectorKind::advance;
    net.detectors.push_back(d);
  }
  return net;
}

TEST(EstimateFaults, TheAskedShareIsBrokenAndTheSameSeedBreaksTheSame) {
  const auto net = twenty_loops();
  const Faults a(net, 0.2, 3600, 7);
  const Faults b(net, 0.2, 3600, 7);
  EXPECT_EQ(a.broken().size(), 4U);
  for (const auto& [id, loop] : a.broken()) EXPECT_EQ(b.broken().at(id).kind, loop.kind);
  EXPECT_TRUE(Faults(net, 0, 3600, 7).broken().empty());
}

TEST(EstimateFaults, AWholeLoopTellsWhatHappenedAndABrokenOneDoesNot) {
  const auto net = twenty_loops();
  Faults faults(net, 0.5, 3600, 3);
  std::map<DetectorId, double> told;
  std::map<DetectorId, double> real;
  for (int s = 1; s <= 3600; ++s) {
    std::map<DetectorId, DetectorSample> truth;
    for (std::size_t i = 0; i < net.detectors.size(); ++i) {
      DetectorSample sample;
      sample.detector = net.detectors[i].id;
      // Each loop has a rate of its own, so that two that changed places differ.
      sample.count = s % (5 + static_cast<int>(i)) == 0 ? 1 : 0;
      sample.occupancy = {sample.count > 0 ? 0.5 : 0.0};
      real[sample.detector] += sample.count;
      truth[sample.detector] = sample;
    }
    for (const auto& [id, sample] : faults.pass(truth, s)) told[id] += sample.count;
  }
  for (const auto& d : net.detectors) {
    if (faults.broken().contains(d.id)) {
      EXPECT_NE(told[d.id], real[d.id]) << to_text(faults.broken().at(d.id).kind);
    } else {
      EXPECT_EQ(told[d.id], real[d.id]);
    }
  }
}

TEST(EstimateScore, GehIsThatOfTheGuidelines) {
  EXPECT_DOUBLE_EQ(geh(0, 0), 0);
  EXPECT_NEAR(geh(1000, 1100), std::sqrt(2.0 * 100 * 100 / 2100), 1e-12);
}

TEST(EstimateScore, WhatWasNotMeasuredIsNoFigure) {
  EXPECT_FALSE(figures_of({}).has("geh5_unmeasured"));
  EXPECT_FALSE(figures_of({}).has("fault_f1"));
  EXPECT_TRUE(figures_of({{"unmeasured.n", 4}, {"unmeasured.good", 3}}).has("geh5_unmeasured"));
}

TEST(EstimateRun, OnACorridorWithEveryLaneLoopedAndWholeFlowsAndQueuesAreRight) {
  const auto folder =
      (std::filesystem::temp_directory_path() / ("estimate_" + std::to_string(::getpid())))
          .string();
  std::filesystem::create_directories(folder);
  const auto city = make_corridor(folder);
  ASSERT_TRUE(city) << city.error().message();
  EstimateOptions whole;
  whole.city = *city;
  whole.coverage = 1;
  whole.broken = 0;
  whole.seconds = 1200;
  whole.incident = false;
  auto some = whole;
  some.coverage = 0.5;
  some.broken = 0.2;
  some.seed = 2;
  some.incident = true;
  const auto results = run_estimates({whole, some}, 2);
  std::filesystem::remove_all(folder);
  for (const auto& r : results) ASSERT_TRUE(r) << r.error().message();
  const auto& good = *results[0];
  EXPECT_GT(good.at("measured.good") / good.at("measured.n"), 0.95);
  EXPECT_LT(good.at("queue.off") / good.at("queue.n"), 1.5) << "vehicles";
  EXPECT_EQ(good.contains("false_alarms") ? good.at("false_alarms") : 0, 0);
  EXPECT_EQ(good.contains("incident_false") ? good.at("incident_false") : 0, 0);
  const auto figures = figures_of(*results[1]);
  for (const auto& name : required(true)) {
    if (name == "naive_geh5_unmeasured" || name == "geh5_unmeasured") continue;
    EXPECT_TRUE(figures.has(name)) << name;
  }
}

}  // namespace
}  // namespace dispecer::bench
