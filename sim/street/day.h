// Which second of which day the simulated street is in, and how that is kept over a restart.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "fusion/model/result.h"
#include "fusion/model/time.h"

namespace dispecer::sim {

// What SUMO's configuration says of time. A demand of twelve hours or more is a working day that
// comes again; a shorter one is run as it is.
struct ConfiguredTime {
  double begin_s = 0;
  double end_s = 0;  // 0 = none
  [[nodiscard]] bool whole_day() const { return end_s - begin_s >= 12 * 3600; }
};
// Errors: no_config, bad_xml.
Result<ConfiguredTime> read_configured_time(const std::string& sumo_config);

struct DayState {
  std::uint32_t epoch = 1;
  UtcTime now;
  std::uint32_t date = 0;  // YYYYMMDD of SUMO's second 0
  bool operator==(const DayState&) const = default;
};

// Kept time. A start after a crash must not go back: what is kept lies a little ahead of now.
class DayFile {
 public:
  explicit DayFile(std::string file) : file_(std::move(file)) {}
  // Absent = nothing kept, or not readable.
  [[nodiscard]] std::optional<DayState> load() const;
  // Writes where `state.now` reached what was kept; then keeps `ahead` more. False = cannot write.
  bool keep(const DayState& state, Duration ahead);
  // Writes exactly this (an orderly end).
  bool close(const DayState& state);

 private:
  bool write(const DayState& state);
  std::string file_;
  std::optional<DayState> kept_;
};

// "06:30" -> seconds since midnight. Causes: bad_time.
Result<double> parse_clock(const std::string& text);

// First working day from `date` on: Monday to Friday, and not a day off.
std::uint32_t working_day(std::uint32_t date, const std::function<bool(std::uint32_t)>& off);
std::uint32_t day_after(std::uint32_t date);
// Calendar day in UTC, YYYYMMDD.
std::uint32_t utc_date(UtcTime t);

}  // namespace dispecer::sim
