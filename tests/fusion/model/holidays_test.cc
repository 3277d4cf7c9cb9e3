#include "fusion/model/holidays.h"

#include <gtest/gtest.h>

namespace dispecer {
namespace {

TEST(Holidays, OrthodoxEasterFallsWhereTheChurchCelebratedIt) {
  // Published dates, among them years in which it is the same day as the Western one (2017, 2025)
  // and the earliest and latest of the century so far.
  const struct {
    int year, month, day;
  } known[] = {{2000, 4, 30}, {2002, 5, 5},  {2008, 4, 27}, {2010, 4, 4},  {2013, 5, 5},
               {2016, 5, 1},  {2017, 4, 16}, {2018, 4, 8},  {2019, 4, 28}, {2020, 4, 19},
               {2021, 5, 2},  {2022, 4, 24}, {2023, 4, 16}, {2024, 5, 5},  {2025, 4, 20},
               {2026, 4, 12}, {2027, 5, 2}};
  for (const auto& k : known) {
    EXPECT_EQ(orthodox_easter(k.year), day_number(k.year, k.month, k.day)) << k.year;
  }
}

TEST(Holidays, ItIsAlwaysASunday) {
  for (int year = 1900; year <= 2099; ++year) {
    EXPECT_EQ((orthodox_easter(year) + 3) % 7 + (orthodox_easter(year) < -3 ? 7 : 0), 6) << year;
  }
}

TEST(Holidays, Romania2026HasTheDaysOfTheLabourCode) {
  std::vector<std::int64_t> days;
  for (const auto& [month, day] : std::vector<std::pair<int, int>>{{1, 1},
                                                                   {1, 2},
                                                                   {1, 6},
                                                                   {1, 7},
                                                                   {1, 24},
                                                                   {4, 10},
                                                                   {4, 12},
                                                                   {4, 13},
                                                                   {5, 1},
                                                                   {5, 31},
                                                                   {6, 1},
                                                                   {8, 15},
                                                                   {11, 30},
                                                                   {12, 1},
                                                                   {12, 25},
                                                                   {12, 26}}) {
    days.push_back(day_number(2026, month, day));
  }
  EXPECT_EQ(romanian_holidays(2026), days);  // 1 June is Pentecost Monday and Children's Day
}

TEST(Holidays, ADayCountsFromTheYearInWhichItBecameOne) {
  const auto has = [](int year, int month, int day) {
    const auto all = romanian_holidays(year);
    return std::binary_search(all.begin(), all.end(), day_number(year, month, day));
  };
  EXPECT_FALSE(has(2023, 1, 6));
  EXPECT_TRUE(has(2024, 1, 6));
  EXPECT_FALSE(has(2016, 6, 1));
  EXPECT_TRUE(has(2017, 6, 1));
}

TEST(Holidays, ARangeOverNewYearHasThoseOfBothYearsAndOtherCountriesHaveNone) {
  const auto from = day_number(2026, 12, 20);
  const auto to = day_number(2027, 1, 2);
  EXPECT_EQ(public_holidays("Europe/Bucharest", from, to),
            (std::vector<std::int64_t>{day_number(2026, 12, 25), day_number(2026, 12, 26),
                                       day_number(2027, 1, 1), day_number(2027, 1, 2)}));
  EXPECT_TRUE(public_holidays("Europe/Paris", from, to).empty());
}

}  // namespace
}  // namespace dispecer
