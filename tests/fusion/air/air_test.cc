#include "fusion/air/air.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dispecer::air {
namespace {

constexpr UtcTime kStart{1'700'000'000'000'000};
UtcTime at(double minutes) {
  return kStart + from_seconds(60 * minutes);
}

State make() {
  return make_state({AirStation{StationId{"S"}, "", {}, {Pollutant::no2}, Provenance::invented}});
}

AirSample sample(double from_min, double to_min, double value, bool valid = true) {
  return {StationId{"S"}, Pollutant::no2, {at(from_min), at(to_min)}, Micrograms{value}, valid};
}

AirState look(State& state, double minute) {
  step(state, at(minute));
  CityPicture out;
  picture(state, out);
  return out.air.at(0);
}

TEST(Air, AnHourOfMinutesGivesTheirMean) {
  State state = make();
  for (int m = 0; m < 60; ++m) EXPECT_EQ(apply(state, sample(m, m + 1, 20 + m % 2 * 10)), "");
  const auto row = look(state, 60);
  ASSERT_TRUE(row.mean_1h.has_value());
  EXPECT_NEAR(row.mean_1h->value, 25, 1e-9);
  EXPECT_DOUBLE_EQ(row.validity.value, 1);
  EXPECT_EQ(row.mean_1h->quality, Quality::live);
  EXPECT_GT(row.mean_1h->sd, 0);
}

TEST(Air, SeventyFivePercentIsEnoughAndLessIsNot) {
  for (const int good : {44, 45}) {
    State state = make();
    for (int m = 0; m < 60; ++m) {
      apply(state, sample(m, m + 1, 20 + m % 7, m < 60 - good ? false : true));
    }
    const auto row = look(state, 60);
    EXPECT_EQ(row.mean_1h.has_value(), good == 45) << good;
    EXPECT_NEAR(row.validity.value, good / 60.0, 1e-9);
  }
}

TEST(Air, AnHourlyStationWorksWithOneSample) {
  State state = make();
  ASSERT_EQ(apply(state, sample(0, 60, 42)), "");
  EXPECT_NEAR(look(state, 60).mean_1h->value, 42, 1e-9);
  // A quarter of an hour later three quarters of the window are still covered.
  EXPECT_TRUE(look(state, 75).mean_1h.has_value());
  EXPECT_FALSE(look(state, 76).mean_1h.has_value());
}

TEST(Air, AStationThatFallsSilentLosesItsMean) {
  State state = make();
  for (int m = 0; m < 60; ++m) apply(state, sample(m, m + 1, 20 + m % 3));
  EXPECT_EQ(look(state, 70).mean_1h->quality, Quality::live);
  EXPECT_DOUBLE_EQ(look(state, 70).mean_1h->age_s, 600);
  EXPECT_FALSE(look(state, 80).mean_1h.has_value());
}

TEST(Air, BadSamplesAreRefusedByName) {
  State state = make();
  step(state, at(10));
  EXPECT_EQ(apply(state, sample(0, 1, 20, false)), "flagged");
  EXPECT_EQ(apply(state, sample(1, 2, -3)), "negative");
  EXPECT_EQ(apply(state, sample(2, 3, std::nan(""))), "not_a_number");
  EXPECT_EQ(apply(state, sample(3, 4, 1000)), "saturated");
  EXPECT_EQ(apply(state, sample(6, 5, 20)), "bad_period");
  EXPECT_EQ(apply(state, sample(4, 90, 20)), "bad_period");
  EXPECT_EQ(apply(state, sample(30, 31, 20)), "future");
  EXPECT_EQ(apply(state, sample(5, 6, 20)), "");
  EXPECT_EQ(apply(state, sample(5, 6, 20)), "older");
  EXPECT_EQ(apply(state, sample(5.5, 6.5, 20)), "older");
  auto other = sample(7, 8, 20);
  other.pollutant = Pollutant::o3;
  EXPECT_EQ(apply(state, other), "unknown_series");
  for (const char* cause :
       {"flagged", "negative", "not_a_number", "saturated", "future", "unknown_series"}) {
    EXPECT_EQ(state.counters.at("air." + std::string(cause)), 1U) << cause;
  }
}

TEST(Air, AFlatLineIsWithdrawnAsAWhole) {
  State state = make();
  for (int m = 0; m < 30; ++m) apply(state, sample(m, m + 1, 20 + m % 5));
  // Stuck at 180 from here on: at first believed, then none of it.
  std::string last;
  for (int m = 30; m < 60; ++m) last = apply(state, sample(m, m + 1, 180));
  EXPECT_EQ(last, "flat_line");
  const auto row = look(state, 60);
  EXPECT_FALSE(row.mean_1h.has_value());
  EXPECT_NEAR(row.validity.value, 0.5, 0.02);
  EXPECT_EQ(apply(state, sample(60, 61, 25)), "");
}

TEST(Air, CleanAirThatIsQuietForAShortTimeIsNotFlat) {
  State state = make();
  for (int m = 0; m < 20; ++m) EXPECT_EQ(apply(state, sample(m, m + 1, 3)), "");
}

}  // namespace
}  // namespace dispecer::air
