#include "fusion/app/outlook.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "fusion/app/core.h"

namespace dispecer::fusion {
namespace {

constexpr std::int64_t kMonday = 19'996;  // 2024-09-30, days since 1970

UtcTime at(std::int64_t day, double s) {
  return UtcTime{day * 86'400'000'000} + from_seconds(s);
}

// Links A (with a loop) and B (without), one parking area.
Network make_network() {
  Network net;
  for (const char* id : {"A", "B"}) {
    Link link;
    link.id = LinkId(id);
    net.links.push_back(link);
  }
  Detector loop;
  loop.id = DetectorId("d");
  loop.kind = DetectorKind::stop_line;
  loop.link = LinkId("A");
  net.detectors = {loop};
  return net;
}

Outlook make() {
  ParkingArea area;
  area.id = ParkingId("P");
  area.capacity = 100;
  OutlookParameters p;
  p.step_s = 900;
  p.horizons = {1, 4};
  p.remembered = 64;
  return make_outlook(make_network(), {area}, p);
}

double usual(double s) {
  return 300 + 200 * std::sin(s / 86400 * 6.283185307179586);
}

CityPicture make_picture(UtcTime t, double flow, Quality quality = Quality::live,
                         std::uint32_t sources = kLoops) {
  CityPicture p;
  p.t = t;
  p.links.resize(2);
  p.links[0].link = LinkId("A");
  p.links[0].flow = Estimate{flow, 10, 0, quality, sources};
  p.links[0].speed = Estimate{12, 1, 0, quality, sources};
  p.links[1].flow = Estimate{5, 10, 0, Quality::live, kConservation};
  p.parking.resize(1);
  p.parking[0].parking = ParkingId("P");
  p.parking[0].occupied = Estimate{40, 2, 0, quality, kCameras};
  return p;
}

// A picture each 100 s.
void live(Outlook& outlook, std::int64_t first, std::int64_t end) {
  for (auto day = first; day < end; ++day) {
    for (int s = 0; s < 86400; s += 100) apply(outlook, make_picture(at(day, s), usual(s)));
  }
}

const PlaceForecast* find(const Outlook& outlook, ForecastKind kind, const std::string& place) {
  for (const auto& row : outlook.told.places) {
    if (row.kind == kind && row.place == place) return &row;
  }
  return nullptr;
}

TEST(Outlook, TellsFlowSpeedAndParkingWithItsScoreAfterTheFirstDays) {
  auto outlook = make();
  live(outlook, kMonday, kMonday + 4);
  const auto* flow = find(outlook, ForecastKind::flow, "A");
  ASSERT_NE(flow, nullptr);
  ASSERT_EQ(flow->points.size(), 2U);
  EXPECT_DOUBLE_EQ(flow->points[1].ahead.value, 3600);
  EXPECT_LE(flow->points[0].low, flow->points[0].value);
  EXPECT_GE(flow->points[0].high, flow->points[0].value);
  const double then = in_seconds(outlook.told.t - at(kMonday + 3, 0)) + 450;
  EXPECT_NEAR(flow->points[0].value, usual(then), 30);
  ASSERT_TRUE(flow->points[0].score);
  EXPECT_GT(flow->points[0].score->truths, 100);
  EXPECT_LT(flow->points[0].score->error, 30);
  ASSERT_NE(find(outlook, ForecastKind::speed, "A"), nullptr);
  const auto* parking = find(outlook, ForecastKind::parking, "P");
  ASSERT_NE(parking, nullptr);
  EXPECT_NEAR(parking->points[0].value, 40, 2);
  // Nobody measures B.
  EXPECT_EQ(find(outlook, ForecastKind::flow, "B"), nullptr);
}

TEST(Outlook, WhatWasNotMeasuredTeachesNothingAndFallsBackToTheUsualDay) {
  auto outlook = make();
  live(outlook, kMonday, kMonday + 4);
  for (int s = 0; s < 6 * 3600; s += 100) {
    apply(outlook, make_picture(at(kMonday + 4, s), 9000, Quality::substituted));
  }
  const auto* flow = find(outlook, ForecastKind::flow, "A");
  ASSERT_NE(flow, nullptr);
  EXPECT_LT(flow->points[0].trust.value, 0.01);
  EXPECT_NEAR(flow->points[0].value, usual(6 * 3600), 40);
}

TEST(Outlook, IsToldOnceAStep) {
  auto outlook = make();
  int told = 0;
  for (int s = 0; s < 3600; s += 10) told += apply(outlook, make_picture(at(kMonday, s), 300));
  EXPECT_EQ(told, 3);
  EXPECT_TRUE(outlook.told.places.empty());  // no day was learnt yet
}

TEST(Outlook, ANewEpochKeepsTheUsualDay) {
  auto outlook = make();
  live(outlook, kMonday, kMonday + 3);
  restart(outlook);
  for (int s = 0; s < 2000; s += 100) apply(outlook, make_picture(at(kMonday - 6, s), usual(s)));
  ASSERT_NE(find(outlook, ForecastKind::flow, "A"), nullptr);
}

TEST(Outlook, GivesTheExpectedFlowOfMeasuredLinksToTheEstimator) {
  auto outlook = make();
  EXPECT_FALSE(expected_flow(outlook, 2)[0]);
  live(outlook, kMonday, kMonday + 3);
  const auto prior = expected_flow(outlook, 2);
  ASSERT_TRUE(prior[0]);
  EXPECT_GT(prior[0]->sd, 0);
  EXPECT_FALSE(prior[1]);
}

TEST(Outlook, WhatIsUsualReachesTheEstimatorOfFlows) {
  auto setup = std::make_shared<fusion::Setup>();
  setup->network = make_network();
  for (auto& link : setup->network.links) {
    link.length = {100};
    link.speed_limit = {13.9};
    link.saturation_flow = {1800};
  }
  auto state = make_fusion(setup);
  state.outlook = make();
  live(state.outlook, kMonday, kMonday + 3);
  for (int s = 0; s < 1000; s += 20) step(state, {at(kMonday + 3, s), 1, 0});
  ASSERT_EQ(state.traffic.told.size(), 2U);
  ASSERT_TRUE(state.traffic.told[0]);
  EXPECT_NEAR(state.traffic.told[0]->flow, usual(900), 60);
  EXPECT_FALSE(state.traffic.told[1]);
}

TEST(Outlook, OutlivesItsProcessAndAChangeOfPlaces) {
  auto outlook = make();
  live(outlook, kMonday, kMonday + 3);
  const auto bytes = save(outlook);
  auto back = make();
  ASSERT_TRUE(load(back, bytes).ok());
  apply(back, make_picture(at(kMonday + 3, 0), usual(0)));
  apply(back, make_picture(at(kMonday + 3, 900), usual(900)));
  ASSERT_NE(find(back, ForecastKind::flow, "A"), nullptr);
  EXPECT_TRUE(find(back, ForecastKind::flow, "A")->points[0].score);

  // A further loop: A keeps its days, B has none yet.
  auto network = make_network();
  auto more = network.detectors[0];
  more.id = DetectorId("e");
  more.link = LinkId("B");
  network.detectors.push_back(more);
  ParkingArea area;
  area.id = ParkingId("P");
  auto wider = make_outlook(network, {area}, outlook.parameters);
  ASSERT_TRUE(load(wider, bytes).ok());
  apply(wider, make_picture(at(kMonday + 3, 0), usual(0)));
  apply(wider, make_picture(at(kMonday + 3, 900), usual(900)));
  EXPECT_NE(find(wider, ForecastKind::flow, "A"), nullptr);
  EXPECT_EQ(find(wider, ForecastKind::flow, "B"), nullptr);
}

TEST(Outlook, IsKeptInPiecesThatMakeTheSameBytes) {
  auto outlook = make();
  live(outlook, kMonday, kMonday + 3);
  auto saving = begin_save(outlook);
  std::string bytes;
  int pieces = 0;
  while (!saving.done) {
    const auto piece = go_on(outlook, saving, 1000);
    ASSERT_TRUE(piece);
    ASSERT_LE(piece->size(), 1000U);
    bytes += *piece;
    ++pieces;
  }
  EXPECT_GT(pieces, 10);
  EXPECT_EQ(bytes, save(outlook));
}

TEST(Outlook, PiecesOfTwoStepsAreNotMixed) {
  auto outlook = make();
  live(outlook, kMonday, kMonday + 2);
  auto saving = begin_save(outlook);
  ASSERT_TRUE(go_on(outlook, saving, 1000));
  apply(outlook, make_picture(at(kMonday + 2, 0), 300));
  EXPECT_FALSE(go_on(outlook, saving, 1000));
}

TEST(Outlook, AFileThatEndsEarlyIsRefused) {
  auto outlook = make();
  live(outlook, kMonday, kMonday + 2);
  const auto bytes = save(outlook);
  auto back = make();
  for (const auto size : {std::size_t{0}, std::size_t{6}, std::size_t{40}, bytes.size() - 1}) {
    EXPECT_FALSE(load(back, bytes.substr(0, size)).ok()) << size;
  }
  EXPECT_TRUE(load(back, bytes).ok());
}

TEST(Outlook, ALargeCityIsWorkedOnSomePlacesWithEachPicture) {
  OutlookParameters p;
  p.step_s = 900;
  p.horizons = {1};
  p.remembered = 64;
  auto at_once = make_outlook(make_network(), {}, p);
  p.places_at_once = 1;
  auto spread = make_outlook(make_network(), {}, p);
  int told_late = 0;
  for (int s = 0; s < 2 * 86400; s += 100) {
    const auto picture = make_picture(at(kMonday, s), usual(s));
    const bool a = apply(at_once, picture);
    const bool b = apply(spread, picture);
    told_late += b && !a;
  }
  EXPECT_EQ(spread.made, at_once.made);
  EXPECT_EQ(told_late, static_cast<int>(spread.made));
  ASSERT_FALSE(spread.told.places.empty());
  EXPECT_EQ(spread.told, at_once.told);
}

TEST(Outlook, RubbishIsRefused) {
  auto outlook = make();
  EXPECT_FALSE(load(outlook, "rubbish").ok());
}

}  // namespace
}  // namespace dispecer::fusion
