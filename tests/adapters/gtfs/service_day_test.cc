#include "adapters/gtfs/service_day.h"

#include <gtest/gtest.h>

namespace dispecer::gtfs {
namespace {

UtcTime at(const char* text) {
  return *parse_iso(text);
}

TEST(ServiceDay, OnAnOrdinaryDayItStartsAtLocalMidnight) {
  const auto days =
      local_day_starts("Europe/Bucharest", at("2026-11-21T12:00:00Z"), at("2026-11-21T13:00:00Z"));
  ASSERT_TRUE(days.ok()) << days.error().message();
  // Yesterday's trips may still run at 11:59 + 24 h, so yesterday is not in at 14:00 local time.
  ASSERT_EQ(days->size(), 1U);
  EXPECT_EQ((*days)[0], (ServiceDay{20261121, at("2026-11-20T22:00:00Z")}));
}

TEST(ServiceDay, InTheNightTheDayBeforeStillRuns) {
  const auto days =
      local_day_starts("Europe/Bucharest", at("2026-11-21T00:30:00Z"), at("2026-11-21T00:31:00Z"));
  ASSERT_TRUE(days.ok());
  ASSERT_EQ(days->size(), 2U);
  EXPECT_EQ((*days)[0].date, 20261120U);
  EXPECT_EQ((*days)[1].date, 20261121U);
}

TEST(ServiceDay, WhenClocksGoForwardItStartsAnHourBeforeMidnight) {
  // 2026-03-29: 03:00 becomes 04:00. Noon is 09:00Z, less twelve hours 21:00Z = 23:00 local.
  const auto days =
      local_day_starts("Europe/Bucharest", at("2026-03-29T12:00:00Z"), at("2026-03-29T12:00:01Z"));
  ASSERT_TRUE(days.ok());
  EXPECT_EQ(days->back(), (ServiceDay{20260329, at("2026-03-28T21:00:00Z")}));
}

TEST(ServiceDay, WhenClocksGoBackItStartsAnHourAfterMidnight) {
  const auto days =
      local_day_starts("Europe/Bucharest", at("2026-10-25T12:00:00Z"), at("2026-10-25T12:00:01Z"));
  ASSERT_TRUE(days.ok());
  EXPECT_EQ(days->back(), (ServiceDay{20261025, at("2026-10-24T22:00:00Z")}));
}

TEST(ServiceDay, AnUnknownZoneAndABackwardIntervalAreNamed) {
  EXPECT_EQ(local_day_starts("Europe/Baia_Mare", {}, {}).error().cause, "unknown_timezone");
  EXPECT_EQ(local_day_starts("", {}, {}).error().cause, "unknown_timezone");
  EXPECT_EQ(local_day_starts("UTC", UtcTime{1}, UtcTime{0}).error().cause, "bad_interval");
}

TEST(ServiceDay, CalendarArithmeticKnowsLeapYearsAndWeekdays) {
  EXPECT_EQ(next_day(20280228), 20280229U);
  EXPECT_EQ(next_day(20261231), 20270101U);
  EXPECT_EQ(weekday_of(20261121), 5U);  // a Saturday
  EXPECT_EQ(weekday_of(20261123), 0U);
  EXPECT_TRUE(valid_date(20280229));
  EXPECT_FALSE(valid_date(20270229));
  EXPECT_FALSE(valid_date(20261301));
  EXPECT_FALSE(valid_date(0));
}

}  // namespace
}  // namespace dispecer::gtfs
