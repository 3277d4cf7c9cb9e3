#include "controller/access/local_time.h"

#include <gtest/gtest.h>

namespace dispecer::access {
namespace {

UtcTime at(std::string_view iso) {
  return parse_iso(iso).value();
}

// Bucharest time in 2026: summer time from 29 March 01:00 UTC to 25 October 01:00 UTC.
const LocalTime kBucharest{{{at("2026-01-01T00:00:00Z"), Seconds{7200}},
                            {at("2026-03-29T01:00:00Z"), Seconds{10800}},
                            {at("2026-10-25T01:00:00Z"), Seconds{7200}}}};

TEST(LocalTime, TheDayAndTheMinuteAreLocal) {
  // 2026-11-22 is a Sunday; 22:30 UTC is already Monday 00:30.
  const auto m = local_moment(kBucharest, at("2026-11-22T22:30:00Z"));
  EXPECT_EQ(m.weekday, 0U);
  EXPECT_EQ(m.minute, 30U);
  EXPECT_EQ(m.day, at("2026-11-23T00:00:00Z").us / 86'400'000'000);
}

TEST(LocalTime, SummerTimeMovesTheSameWindowInUtc) {
  const std::vector<WeekWindow> seven_to_eight{{0b1111111, 420, 480}};
  EXPECT_TRUE(within(seven_to_eight, kBucharest, at("2026-03-28T05:00:00Z")));
  EXPECT_FALSE(within(seven_to_eight, kBucharest, at("2026-03-28T04:59:59Z")));
  EXPECT_TRUE(within(seven_to_eight, kBucharest, at("2026-03-30T04:00:00Z")));
  EXPECT_FALSE(within(seven_to_eight, kBucharest, at("2026-03-30T05:00:00Z")));
  EXPECT_TRUE(within(seven_to_eight, kBucharest, at("2026-10-26T05:00:00Z")));
}

TEST(LocalTime, AWindowOverMidnightBelongsToTheDayOnWhichItBegins) {
  const std::vector<WeekWindow> friday_night{{0b0010000, 22 * 60, 6 * 60}};
  EXPECT_TRUE(within(friday_night, {}, at("2026-11-20T22:00:00Z")));
  EXPECT_TRUE(within(friday_night, {}, at("2026-11-21T05:59:59Z")));
  EXPECT_FALSE(within(friday_night, {}, at("2026-11-21T06:00:00Z")));
  EXPECT_FALSE(within(friday_night, {}, at("2026-11-20T05:00:00Z")));
  EXPECT_FALSE(within(friday_night, {}, at("2026-11-21T22:00:00Z")));
}

TEST(LocalTime, WithoutOffsetsLocalIsUtcAndBefore1970ItStillCounts) {
  const auto m = local_moment({}, UtcTime{-1});
  EXPECT_EQ(m.day, -1);
  EXPECT_EQ(m.weekday, 2U);  // Wednesday
  EXPECT_EQ(m.minute, 1439U);
  EXPECT_FALSE(within({}, {}, UtcTime{}));
}

}  // namespace
}  // namespace dispecer::access
