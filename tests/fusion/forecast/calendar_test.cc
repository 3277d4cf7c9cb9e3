#include "fusion/forecast/calendar.h"

#include <gtest/gtest.h>

#include "tests/fusion/forecast/town.h"

namespace dispecer::forecast {
namespace {

UtcTime iso(const char* text) {
  return parse_iso(text).value();
}

// Romania: UTC+2, from the last Sunday of March to that of October UTC+3, at 01:00 UTC.
Calendar romania() {
  return {{{iso("2025-10-26T01:00:00Z"), 7200},
           {iso("2026-03-29T01:00:00Z"), 10800},
           {iso("2026-10-25T01:00:00Z"), 7200}},
          {}};
}

TEST(Calendar, TheHourThatTheSpringLeavesOutDoesNotCome) {
  const auto before = local_time(romania(), iso("2026-03-29T00:59:59Z"));
  const auto after = local_time(romania(), iso("2026-03-29T01:00:00Z"));
  EXPECT_EQ(before.second, 3 * 3600 - 1);
  EXPECT_EQ(after.second, 4 * 3600);
  EXPECT_EQ(before.day, after.day);
}

TEST(Calendar, TheHourThatTheAutumnRepeatsComesTwice) {
  const auto first = local_time(romania(), iso("2026-10-25T00:30:00Z"));
  const auto second = local_time(romania(), iso("2026-10-25T01:30:00Z"));
  EXPECT_EQ(first, second);
  EXPECT_EQ(first.second, 3 * 3600 + 1800);
}

TEST(Calendar, ALocalDayBeginsAtLocalMidnightAlsoBeforeTheEpoch) {
  const Calendar east{{{UtcTime{0}, 7200}}, {}};
  EXPECT_EQ(local_time(east, UtcTime{-3600 * kSecond}), (LocalTime{0, 3600}));
  EXPECT_EQ(local_time(Calendar{}, UtcTime{-1}), (LocalTime{-1, 86399}));
}

TEST(Calendar, WeekdaysFollowTheEpochWhichWasAThursday) {
  EXPECT_EQ(kind_of_day({}, 0), DayKind::thursday);
  EXPECT_EQ(kind_of_day({}, -1), DayKind::wednesday);
  EXPECT_EQ(kind_of_day({}, local_time({}, iso("2026-11-22T12:00:00Z")).day), DayKind::sunday);
  EXPECT_EQ(kind_of_day({}, kMonday), DayKind::monday);
}

TEST(Calendar, EveryLocalDayThatAHolidayOfTheBookTouchesIsAHoliday) {
  Calendar calendar = romania();
  Book book;
  BookEntry easter;
  easter.kind = BookKind::holiday;
  easter.begin = iso("2026-04-09T21:00:00Z");  // local midnight
  easter.end = iso("2026-04-13T21:00:00Z");
  BookEntry works = easter;
  works.kind = BookKind::works;
  works.begin = iso("2026-05-04T00:00:00Z");
  works.end = iso("2026-05-06T00:00:00Z");
  book.entries = {easter, works, easter};
  add_holidays(calendar, book);
  const auto friday = local_time(calendar, iso("2026-04-10T12:00:00Z")).day;
  EXPECT_EQ(calendar.holidays,
            (std::vector<std::int32_t>{friday, friday + 1, friday + 2, friday + 3}));
  EXPECT_EQ(kind_of_day(calendar, friday), DayKind::holiday);
  EXPECT_EQ(kind_of_day(calendar, friday - 1), DayKind::thursday);
}

}  // namespace
}  // namespace dispecer::forecast
