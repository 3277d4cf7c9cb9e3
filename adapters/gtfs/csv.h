// Comma-separated tables as GTFS writes them: header row, quotes with doubled quotes inside, line
// breaks within quotes, byte order mark, LF or CRLF or CR, blank lines, short rows (what is missing
// is empty).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fusion/model/result.h"

namespace dispecer::gtfs {

class CsvTable {
 public:
  // `name` stands in faults ("stops.txt"). The text must outlive the table.
  CsvTable(std::string name, std::string_view text);

  // Index of a column of the header, absent where there is none.
  [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;

  // Goes to the next row; false at the end.
  bool next();
  // Cell of the present row, without blanks around it; "" where the row or table has none.
  [[nodiscard]] const std::string& cell(std::optional<std::size_t> column) const;

  [[nodiscard]] const std::string& name() const { return name_; }
  // "stops.txt:17", the line on which the present row began.
  [[nodiscard]] std::string where() const;
  // The present row ended within quotes: its text cannot be trusted.
  [[nodiscard]] bool torn() const { return torn_; }

 private:
  bool read_row(std::vector<std::string>& cells);

  std::string name_;
  std::string_view rest_;
  std::vector<std::string> header_;
  std::vector<std::string> row_;
  std::size_t line_ = 1;      // at the start of rest_
  std::size_t row_line_ = 1;  // of the present row
  bool torn_ = false;
};

// Whole-text numbers only: "12" is one, "12x" and "" are none.
std::optional<double> to_number(std::string_view text);
std::optional<std::uint32_t> to_count(std::string_view text);
// "H:MM:SS" or "HH:MM:SS", also beyond 24 h, up to 99:59:59; in seconds.
std::optional<std::int64_t> to_clock(std::string_view text);

}  // namespace dispecer::gtfs
