#include "adapters/gtfs/csv.h"

#include <charconv>
#include <cmath>

namespace dispecer::gtfs {
namespace {

const std::string kNothing;

std::string trimmed(std::string text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return {};
  const auto last = text.find_last_not_of(" \t");
  return text.substr(first, last - first + 1);
}

}  // namespace

CsvTable::CsvTable(std::string name, std::string_view text) : name_(std::move(name)), rest_(text) {
  if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
  read_row(header_);
}

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
  for (std::size_t i = 0; i < header_.size(); ++i) {
    if (header_[i] == name) return i;
  }
  return std::nullopt;
}

bool CsvTable::next() {
  return read_row(row_);
}

const std::string& CsvTable::cell(std::optional<std::size_t> column) const {
  return column && *column < row_.size() ? row_[*column] : kNothing;
}

std::string CsvTable::where() const {
  return name_ + ":" + std::to_string(row_line_);
}

bool CsvTable::read_row(std::vector<std::string>& cells) {
  cells.clear();
  torn_ = false;
  while (!rest_.empty() && (rest_[0] == '\n' || rest_[0] == '\r')) {
    if (rest_[0] == '\n' || rest_.size() < 2 || rest_[1] != '\n') ++line_;
    rest_.remove_prefix(1);
  }
  if (rest_.empty()) return false;
  row_line_ = line_;

  std::string cell;
  bool quoted = false;  // inside quotes now
  bool was_quoted = false;
  const auto finish = [&] {
    cells.push_back(was_quoted ? std::move(cell) : trimmed(std::move(cell)));
    cell.clear();
    was_quoted = false;
  };
  std::size_t i = 0;
  for (; i < rest_.size(); ++i) {
    const char c = rest_[i];
    if (quoted) {
      if (c == '\n') ++line_;
      if (c != '"') {
        cell += c;
      } else if (i + 1 < rest_.size() && rest_[i + 1] == '"') {
        cell += '"';
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"' && cell.find_first_not_of(" \t") == std::string::npos && !was_quoted) {
      cell.clear();
      quoted = was_quoted = true;
    } else if (c == ',') {
      finish();
    } else if (c == '\n' || c == '\r') {
      break;  // its line is counted with the line breaks before the next row
    } else if (!was_quoted || (c != ' ' && c != '\t')) {
      cell += c;
    }
  }
  torn_ = quoted;
  finish();
  rest_.remove_prefix(i);
  return true;
}

std::optional<double> to_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return {};
  return value;
}

std::optional<std::uint32_t> to_count(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

std::optional<std::int64_t> to_clock(std::string_view text) {
  const auto first = text.find(':');
  if (first == std::string_view::npos || first < 1 || first > 2 || text.size() != first + 6 ||
      text[first + 3] != ':')
    return {};
  const auto h = to_count(text.substr(0, first));
  const auto m = to_count(text.substr(first + 1, 2));
  const auto s = to_count(text.substr(first + 4, 2));
  if (!h || !m || !s || *m > 59 || *s > 59) return {};
  return std::int64_t{*h} * 3600 + *m * 60 + *s;
}

}  // namespace dispecer::gtfs
