#include "fusion/parking/parking.h"

#include <gtest/gtest.h>

namespace dispecer::parking {
namespace {

constexpr UtcTime kStart{1'700'000'000'000'000};

State make(std::uint32_t capacity = 100) {
  ParkingArea area;
  area.id = ParkingId{"P"};
  area.capacity = capacity;
  State state = make_state({area});
  step(state, kStart);
  return state;
}

ParkingCount count(double s, std::optional<std::uint32_t> occupied,
                   std::optional<std::uint32_t> free,
                   std::optional<std::uint32_t> capacity = std::nullopt) {
  return {ParkingId{"P"}, kStart + from_seconds(s), occupied, free, capacity, "camera"};
}

ParkingState look(const State& state) {
  CityPicture out;
  picture(state, out);
  return out.parking.at(0);
}

struct Row {
  const char* name;
  std::uint32_t area_capacity;
  std::optional<std::uint32_t> occupied, free, capacity;
  const char* verdict;
};

// The cases that real feeds have shown (notes on parking feeds), as far as a count carries them.
TEST(ParkingGate, EveryRowOfTheTableEndsAsItSays) {
  const Row rows[] = {
      {"plain", 100, 40, 60, 100, ""},
      {"occupied only", 100, 40, {}, {}, ""},
      {"free only", 100, {}, 60, {}, ""},
      {"free above capacity (8259 of 140)", 140, {}, 8259, 140, "free_above_capacity"},
      {"free above the city's capacity", 140, {}, 200, {}, "free_above_capacity"},
      {"capacity 0 is unknown, not full", 100, {}, 0, 0, "capacity_zero"},
      {"the city states no capacity", 0, 3, {}, {}, "no_capacity"},
      {"vacant 0 and occupied 0", 100, 0, 0, 100, "both_zero"},
      {"576 vacant, 0 occupied of 100", 100, 0, 576, {}, "free_above_capacity"},
      {"29 vacant + 17 occupied of 100", 100, 17, 29, 100, "inconsistent"},
      {"another capacity base, free only", 100, {}, 20, 40, "capacity_base"},
      {"another capacity base, occupied told", 100, 20, 20, 40, ""},
      {"more cars than bays", 100, 130, {}, {}, "occupied_above_capacity"},
      {"a few cars more than bays", 100, 104, {}, {}, ""},
      {"nothing told", 100, {}, {}, 100, "empty"},
  };
  for (const auto& row : rows) {
    State state = make(row.area_capacity);
    EXPECT_EQ(apply(state, count(0, row.occupied, row.free, row.capacity)), row.verdict)
        << row.name;
    const auto seen = look(state);
    EXPECT_EQ(seen.occupied.has_value(), std::string(row.verdict).empty()) << row.name;
    if (seen.occupied) {
      EXPECT_LE(seen.occupied->value, row.area_capacity) << row.name;
    }
  }
}

TEST(ParkingGate, AHeldCountLeavesTheLastOneMarkedAndIsCounted) {
  State state = make();
  ASSERT_EQ(apply(state, count(0, 40, {})), "");
  EXPECT_EQ(apply(state, count(60, {}, 900)), "free_above_capacity");
  const auto seen = look(state);
  EXPECT_DOUBLE_EQ(seen.occupied->value, 40);
  EXPECT_EQ(seen.occupied->quality, Quality::implausible);
  EXPECT_FALSE(seen.free_low.has_value());
  EXPECT_EQ(state.counters.at("parking.free_above_capacity"), 1U);
  step(state, kStart + from_seconds(120));
  ASSERT_EQ(apply(state, count(120, 45, {})), "");
  EXPECT_EQ(look(state).occupied->quality, Quality::live);
}

TEST(ParkingGate, AJumpMustBeSeenTwice) {
  State state = make();
  ASSERT_EQ(apply(state, count(0, 20, {})), "");
  EXPECT_EQ(apply(state, count(30, 90, {})), "jump");
  EXPECT_DOUBLE_EQ(look(state).occupied->value, 20);
  EXPECT_EQ(apply(state, count(60, 88, {})), "");
  EXPECT_DOUBLE_EQ(look(state).occupied->value, 88);
  // An hour later the same change is nothing special.
  step(state, kStart + from_seconds(3660));
  EXPECT_EQ(apply(state, count(3660, 20, {})), "");
}

TEST(ParkingGate, OldFutureAndUnknownAreCounted) {
  State state = make();
  ASSERT_EQ(apply(state, count(0, 20, {})), "");
  EXPECT_EQ(apply(state, count(0, 25, {})), "older");
  EXPECT_EQ(apply(state, count(-60, 25, {})), "older");
  EXPECT_EQ(apply(state, count(600, 25, {})), "future");
  auto other = count(10, 5, {});
  other.parking = ParkingId{"Q"};
  EXPECT_EQ(apply(state, other), "unknown_area");
  EXPECT_DOUBLE_EQ(look(state).occupied->value, 20);
}

TEST(Parking, TheErrorGrowsWithAgeAndTheBoundFalls) {
  State state = make();
  ASSERT_EQ(apply(state, count(0, 40, {})), "");
  const auto fresh = look(state);
  EXPECT_NEAR(fresh.occupied->sd, 3, 1e-9);
  EXPECT_EQ(*fresh.free_low, 56U);  // 60 - 1.2816 * 3
  step(state, kStart + from_seconds(600));
  const auto later = look(state);
  EXPECT_GT(later.occupied->sd, fresh.occupied->sd);
  EXPECT_LT(*later.free_low, *fresh.free_low);
  EXPECT_DOUBLE_EQ(later.occupied->age_s, 600);
  step(state, kStart + from_seconds(100000));
  EXPECT_LE(look(state).occupied->sd, 100 / std::sqrt(12.0) + 1e-9);
}

TEST(Parking, AnOldCountNeverLooksLiveAndPromisesNoFreeBay) {
  State state = make();
  ASSERT_EQ(apply(state, count(0, 40, {})), "");
  step(state, kStart + from_seconds(901));
  const auto seen = look(state);
  EXPECT_EQ(seen.occupied->quality, Quality::stale);
  EXPECT_FALSE(seen.free_low.has_value());
}

TEST(Parking, AnAreaThatWasNeverCountedHasNoOccupancy) {
  const auto seen = look(make());
  EXPECT_FALSE(seen.occupied.has_value());
  EXPECT_EQ(seen.capacity, 100U);
}

}  // namespace
}  // namespace dispecer::parking
