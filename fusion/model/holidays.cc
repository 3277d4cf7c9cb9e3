#include "fusion/model/holidays.h"

#include <algorithm>
#include <chrono>

namespace dispecer {

std::int64_t day_number(int year, int month, int day) {
  using namespace std::chrono;
  return sys_days{std::chrono::year{year} / month / day}.time_since_epoch().count();
}

int year_of(std::int64_t day) {
  using namespace std::chrono;
  return static_cast<int>(year_month_day{sys_days{days{day}}}.year());
}

std::int64_t orthodox_easter(int year) {
  const int a = year % 4;
  const int b = year % 7;
  const int c = year % 19;
  const int d = (19 * c + 15) % 30;
  const int e = (2 * a + 4 * b - d + 34) % 7;
  const int sum = d + e + 114;
  constexpr int kJulianLate = 13;  // days, 1900 to 2099
  return day_number(year, sum / 31, sum % 31 + 1) + kJulianLate;
}

std::vector<std::int64_t> romanian_holidays(int year) {
  struct Fixed {
    int since, month, day;
  };
  static constexpr Fixed kFixed[] = {{0, 1, 1},      {0, 1, 2},  {2024, 1, 6}, {2024, 1, 7},
                                     {2017, 1, 24},  {0, 5, 1},  {2017, 6, 1}, {2009, 8, 15},
                                     {2012, 11, 30}, {0, 12, 1}, {0, 12, 25},  {0, 12, 26}};
  std::vector<std::int64_t> out;
  for (const auto& f : kFixed) {
    if (year >= f.since) out.push_back(day_number(year, f.month, f.day));
  }
  const auto easter = orthodox_easter(year);
  if (year >= 2018) out.push_back(easter - 2);
  out.push_back(easter);
  out.push_back(easter + 1);
  if (year >= 2009) {
    out.push_back(easter + 49);
    out.push_back(easter + 50);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<std::int64_t> public_holidays(const std::string& timezone, std::int64_t first,
                                          std::int64_t last) {
  std::vector<std::int64_t> out;
  if (timezone != "Europe/Bucharest") return out;
  for (int year = year_of(first); year <= year_of(last); ++year) {
    for (const auto day : romanian_holidays(year)) {
      if (day >= first && day <= last) out.push_back(day);
    }
  }
  return out;
}

}  // namespace dispecer
