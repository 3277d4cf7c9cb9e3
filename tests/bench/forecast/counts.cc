#include "tests/bench/forecast/counts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <limits>
#include <map>
#include <string_view>

namespace dispecer::bench {
namespace {

std::vector<std::string_view> split(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  std::vector<std::string_view> cells;
  while (true) {
    const auto comma = line.find(',');
    auto cell = line.substr(0, comma);
    while (!cell.empty() && (cell.front() == ' ' || cell.front() == '"')) cell.remove_prefix(1);
    while (!cell.empty() && (cell.back() == ' ' || cell.back() == '"')) cell.remove_suffix(1);
    cells.push_back(cell);
    if (comma == std::string_view::npos) return cells;
    line.remove_prefix(comma + 1);
  }
}

bool missing(std::string_view cell) {
  return cell.empty() || cell == "nan" || cell == "NaN" || cell == "NA" || cell == "null";
}

std::optional<double> number(std::string_view cell) {
  double v = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), v);
  if (error != std::errc() || end != cell.data() + cell.size() || !std::isfinite(v))
    return std::nullopt;
  return v;
}

// Days from civil, H. Hinnant's algorithm.
std::int32_t days_of(int year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  const int era = (year >= 0 ? year : year - 399) / 400;
  const int yoe = year - era * 400;
  const int doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146097 + doe - 719468;
}

std::string place_of(const std::string& file, std::size_t line) {
  return file + ":" + std::to_string(line);
}

}  // namespace

Result<Counts> read_scats(const std::string& file, std::int32_t step_min) {
  std::ifstream in(file);
  if (!in) return Error{"cannot_open", "cannot be opened", file};
  const auto slots = static_cast<std::size_t>(1440 / step_min);
  constexpr std::size_t kDate = 9;
  constexpr std::size_t kFirst = 10;

  std::string line;
  std::size_t number_of_line = 1;
  if (!std::getline(in, line) || split(line).size() < kFirst + slots)
    return Error{"bad_header", "expected " + std::to_string(slots) + " slots a day", file};
  std::map<std::string, std::map<std::int32_t, std::vector<std::optional<double>>>> approaches;
  std::int32_t first = std::numeric_limits<std::int32_t>::max();
  std::int32_t last = 0;
  while (std::getline(in, line)) {
    ++number_of_line;
    const auto cells = split(line);
    if (cells.size() < kFirst + slots) continue;
    int d = 0;
    int m = 0;
    int y = 0;
    if (std::sscanf(std::string(cells[kDate]).c_str(), "%d/%d/%d", &d, &m, &y) != 3)
      return Error{"bad_date", "'" + std::string(cells[kDate]) + "', expected d/m/yyyy",
                   place_of(file, number_of_line)};
    const auto day = days_of(y, m, d);
    first = std::min(first, day);
    last = std::max(last, day);
    std::vector<std::optional<double>> values;
    for (std::size_t s = 0; s < slots; ++s) {
      const auto cell = cells[kFirst + s];
      const auto v = number(cell);
      if (!missing(cell) && !v)
        return Error{"bad_number", "'" + std::string(cell) + "'", place_of(file, number_of_line)};
      values.push_back(v);
    }
    const auto id =
        std::string(cells[0]) + "/" + std::string(cells[1]) + "/" + std::string(cells[7]);
    approaches[id][day] = std::move(values);
  }
  if (approaches.empty()) return Error{"no_rows", "no counts", file};

  Counts counts;
  counts.first_day = first;
  counts.day_known = true;
  counts.step_min = step_min;
  const auto days = static_cast<std::size_t>(last - first + 1);
  std::vector<const std::map<std::int32_t, std::vector<std::optional<double>>>*> kept;
  for (const auto& [id, by_day] : approaches) {
    if (by_day.size() != days) {
      ++counts.incomplete;
      continue;
    }
    counts.places.push_back(id);
    kept.push_back(&by_day);
  }
  if (kept.empty()) return Error{"no_rows", "no approach has every day", file};
  for (std::size_t d = 0; d < days; ++d) {
    for (std::size_t s = 0; s < slots; ++s) {
      auto& row = counts.rows.emplace_back();
      for (const auto* by_day : kept)
        row.push_back(by_day->at(first + static_cast<std::int32_t>(d))[s]);
    }
  }
  return counts;
}

Result<Counts> read_matrix(const std::string& file, std::int32_t step_min, bool zero_missing) {
  std::ifstream in(file);
  if (!in) return Error{"cannot_open", "cannot be opened", file};
  std::string line;
  if (!std::getline(in, line)) return Error{"no_rows", "empty", file};
  Counts counts;
  counts.step_min = step_min;
  const auto header = split(line);
  constexpr std::array<std::string_view, 7> kTimes{"",     "time",      "date",     "datetime",
                                                   "Time", "timestamp", "Timestamp"};
  const bool timed =
      header.size() > 1 && std::find(kTimes.begin(), kTimes.end(), header[0]) != kTimes.end();
  for (std::size_t i = timed ? 1 : 0; i < header.size(); ++i) counts.places.emplace_back(header[i]);

  const std::vector<std::optional<double>> nothing(counts.places.size());
  const auto slots = static_cast<std::size_t>(1440 / step_min);
  std::size_t number_of_line = 1;
  while (std::getline(in, line)) {
    ++number_of_line;
    if (line.empty() || line == "\r") continue;
    const auto cells = split(line);
    if (cells.size() != header.size())
      return Error{
          "bad_width",
          std::to_string(cells.size()) + " cells, expected " + std::to_string(header.size()),
          place_of(file, number_of_line)};
    if (timed) {
      int y = 0;
      int mo = 0;
      int d = 0;
      int h = 0;
      int mi = 0;
      const int got =
          std::sscanf(std::string(cells[0]).c_str(), "%d-%d-%d%*1[ T]%d:%d", &y, &mo, &d, &h, &mi);
      if (got < 3)
        return Error{"bad_time", "'" + std::string(cells[0]) + "', expected YYYY-MM-DD HH:MM",
                     place_of(file, number_of_line)};
      const auto day = days_of(y, mo, d);
      if (!counts.day_known) counts.first_day = day;
      counts.day_known = true;
      const auto at =
          static_cast<std::int64_t>(day - counts.first_day) * static_cast<std::int64_t>(slots) +
          (h * 60 + mi) / step_min;
      if (at < static_cast<std::int64_t>(counts.rows.size())) continue;  // told twice
      counts.rows.resize(static_cast<std::size_t>(at), nothing);
    }
    auto& row = counts.rows.emplace_back();
    for (std::size_t i = timed ? 1 : 0; i < cells.size(); ++i) {
      auto v = number(cells[i]);
      if (!missing(cells[i]) && !v)
        return Error{"bad_number", "'" + std::string(cells[i]) + "'",
                     place_of(file, number_of_line)};
      if (zero_missing && v && *v == 0) v.reset();
      row.push_back(v);
    }
  }
  if (counts.rows.size() < 2 * slots)
    return Error{"no_rows", "fewer than two days of " + std::to_string(slots) + " steps", file};
  return counts;
}

std::int32_t likely_weekday(const Counts& counts, std::size_t days) {
  const auto slots = static_cast<std::size_t>(1440 / counts.step_min);
  days = std::min(days, counts.rows.size() / slots);
  // The shape of each day over all places: one mean per slot.
  std::vector<std::vector<double>> shape(days, std::vector<double>(slots, 0.0));
  for (std::size_t d = 0; d < days; ++d) {
    for (std::size_t s = 0; s < slots; ++s) {
      double sum = 0;
      double count = 0;
      for (const auto& v : counts.rows[d * slots + s]) {
        sum += v.value_or(0);
        count += v ? 1 : 0;
      }
      shape[d][s] = count > 0 ? sum / count : (s > 0 ? shape[d][s - 1] : 0);
    }
  }
  std::int32_t best = 0;
  double least = std::numeric_limits<double>::max();
  for (std::int32_t first = 0; first < 7; ++first) {
    // Mean squared difference of all pairs of days that would be of one kind, against those that
    // would not.
    double same = 0;
    double other = 0;
    double same_pairs = 0;
    double other_pairs = 0;
    for (std::size_t a = 0; a < days; ++a) {
      for (std::size_t b = a + 1; b < days; ++b) {
        const auto kind = [&](std::size_t d) {
          const auto w = (static_cast<std::size_t>(first) + d) % 7;
          return w < 5 ? 0 : 1;
        };
        double sum = 0;
        for (std::size_t s = 0; s < slots; ++s) sum += std::pow(shape[a][s] - shape[b][s], 2);
        (kind(a) == kind(b) ? same : other) += sum;
        (kind(a) == kind(b) ? same_pairs : other_pairs) += 1;
      }
    }
    if (same_pairs == 0 || other_pairs == 0) continue;
    const double ratio = (same / same_pairs) / std::max(other / other_pairs, 1e-12);
    if (ratio < least) {
      least = ratio;
      best = first;
    }
  }
  return best;
}

}  // namespace dispecer::bench
