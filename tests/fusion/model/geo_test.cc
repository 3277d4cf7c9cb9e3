#include "fusion/model/geo.h"

#include <gtest/gtest.h>

namespace dispecer {
namespace {

const LonLat kSquare{23.5795, 47.6597};

TEST(Geo, TheLocalPlaneGoesThereAndBackAndAgreesWithTheSphere) {
  const LocalPlane plane(kSquare);
  const LonLat station{23.5650, 47.6530};
  const auto local = plane.to_local(station);
  const auto back = plane.to_lon_lat(local);
  EXPECT_NEAR(back.lon, station.lon, 1e-12);
  EXPECT_NEAR(back.lat, station.lat, 1e-12);
  EXPECT_NEAR(std::hypot(local.x, local.y), distance_m(kSquare, station), 1.5);
}

TEST(Geo, BearingsRunClockwiseFromNorth) {
  EXPECT_NEAR(bearing_deg(kSquare, {23.5795, 47.70}), 0, 1e-6);
  EXPECT_NEAR(bearing_deg(kSquare, {23.60, 47.6597}), 90, 0.02);
  EXPECT_NEAR(bearing_deg(kSquare, {23.5795, 47.60}), 180, 1e-6);
  EXPECT_NEAR(bearing_deg(kSquare, {23.55, 47.6597}), 270, 0.02);
}

TEST(Geo, AProjectionTellsHowFarAlongAndHowFarOff) {
  const std::vector<Local> line{{0, 0}, {100, 0}, {100, 50}};
  auto p = project(line, {40, 3});
  EXPECT_DOUBLE_EQ(p.along_m, 40);
  EXPECT_DOUBLE_EQ(p.off_m, 3);
  p = project(line, {104, 20});
  EXPECT_DOUBLE_EQ(p.along_m, 120);
  EXPECT_DOUBLE_EQ(p.off_m, 4);
  p = project(line, {-5, 0});
  EXPECT_DOUBLE_EQ(p.along_m, 0);
  EXPECT_DOUBLE_EQ(p.off_m, 5);
  EXPECT_EQ(point_at(line, 120), (Local{100, 20}));
  EXPECT_EQ(point_at(line, 1e9), (Local{100, 50}));
  EXPECT_DOUBLE_EQ(length_m(line), 150);
}

TEST(Geo, InsideHoldsForAConcaveZone) {
  const std::vector<LonLat> zone{{0, 0}, {4, 0}, {4, 4}, {2, 1}, {0, 4}};
  EXPECT_TRUE(inside(zone, {1, 1}));
  EXPECT_FALSE(inside(zone, {2, 3}));
  EXPECT_FALSE(inside(zone, {5, 1}));
}

}  // namespace
}  // namespace dispecer
