#include "fusion/model/time.h"

#include <gtest/gtest.h>

namespace dispecer {
namespace {

TEST(Time, IsoTextIsWrittenWithThreeDecimalsAndZ) {
  EXPECT_EQ(to_iso(UtcTime{0}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_iso(UtcTime{1'772'366'405'123'456}), "2026-03-01T12:00:05.123Z");
  EXPECT_EQ(to_iso(UtcTime{-1'000}), "1969-12-31T23:59:59.999Z");
}

TEST(Time, EveryDialectOfTheFeedsNamesTheSameInstant) {
  const auto expected = parse_iso("2026-03-01T12:00:05.123Z");
  ASSERT_TRUE(expected.ok());
  for (const auto* text : {"2026-03-01T14:00:05.123+02:00", "2026-03-01T07:00:05.123-0500",
                           "2026-03-01 12:00:05.1230000Z", "2026-03-01T12:00:05,123000000Z"}) {
    const auto t = parse_iso(text);
    ASSERT_TRUE(t.ok()) << text;
    EXPECT_EQ(*t, *expected) << text;
  }
}

TEST(Time, ATextWithoutZoneOrWithImpossibleFieldsIsRefused) {
  EXPECT_EQ(parse_iso("2026-03-01T12:00:05").error().cause, "no_zone");
  for (const auto* text :
       {"", "2026", "2026-02-30T00:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T12:60:00Z",
        "2026-03-01T12:00:05.Z", "2026-03-01T12:00:05.1234567890Z", "2026-03-01T12:00:05+15:00",
        "2026-03-01T12:00:05Zx", "26-03-01T12:00:05Z"}) {
    EXPECT_EQ(parse_iso(text).error().cause, "bad_time") << text;
  }
}

TEST(Time, IntervalsAreHalfOpen) {
  const Interval i{UtcTime{10}, UtcTime{20}};
  EXPECT_TRUE(i.contains(UtcTime{10}));
  EXPECT_FALSE(i.contains(UtcTime{20}));
}

}  // namespace
}  // namespace dispecer
