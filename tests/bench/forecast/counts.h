// Files of counts and speeds, as a table of steps x places.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fusion/model/result.h"

namespace dispecer::bench {

struct Counts {
  std::vector<std::string> places;
  std::vector<std::vector<std::optional<double>>>
      rows;                    // one per step, whole days from midnight on
  std::int32_t first_day = 0;  // days since 1970-01-01, local
  bool day_known = false;      // else first_day was not told by the file
  std::size_t incomplete = 0;  // places left out because they lack days
  std::int32_t step_min = 15;
};

// One row per approach and day: site, location, ..., date d/m/yyyy in column 10, then the counts of
// the day. Approaches that lack a day are left out. Errors: cannot_open, no_rows, bad_header,
// bad_date, bad_number.
Result<Counts> read_scats(const std::string& file, std::int32_t step_min);

// One column per place (header: ids), one row per step. A first column headed "", "time", "date",
// "datetime" or "timestamp" tells the moment (YYYY-MM-DD[ HH:MM[:SS]]) of each row; without it the
// first row is midnight. Empty cells, "nan" and, with `zero_missing`, zeros are missing. Errors:
// cannot_open, no_rows, bad_width, bad_number, bad_time.
Result<Counts> read_matrix(const std::string& file, std::int32_t step_min, bool zero_missing);

// Which weekday (0 = Monday) the first day of a file without dates most likely was: the one for
// which workdays, Saturdays and Sundays of the first `days` days are most alike among themselves;
// 0 where nothing tells.
std::int32_t likely_weekday(const Counts& counts, std::size_t days);

}  // namespace dispecer::bench
