// Public holidays that follow from the calendar alone, so that no city has to list them. The book
// adds what is particular to a city.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace dispecer {

// Days since 1970-01-01 of a date of the Gregorian calendar. `month` 1..12, `day` 1..31.
std::int64_t day_number(int year, int month, int day);
// The year in which a day since 1970-01-01 lies.
int year_of(std::int64_t day);

// Easter Sunday of the Orthodox church: the Paschal full moon of the Julian calendar (Meeus,
// Astronomical Algorithms, 1991, chapter 8), as a Gregorian date. Years 1900 to 2099.
std::int64_t orthodox_easter(int year);

// Days without work by article 139 of the Romanian labour code, ascending, each from the year on in
// which it was added: Pentecost and 15 August 2009, 30 November 2012, 24 January and 1 June 2017,
// Good Friday 2018, 6 and 7 January 2024.
std::vector<std::int64_t> romanian_holidays(int year);

// Of the country to which an IANA time zone belongs, in [first, last], ascending. Known:
// Europe/Bucharest (Romania); other zones have none.
std::vector<std::int64_t> public_holidays(const std::string& timezone, std::int64_t first,
                                          std::int64_t last);

}  // namespace dispecer
