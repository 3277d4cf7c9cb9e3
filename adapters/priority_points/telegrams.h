// What radio telegrams mean at the signals of a city: report points by their numbers.
//
// Settings of the row (kind "priority_points", protocol "r09"):
//   point_<number>    "<junction> <group> registration|door_closed|deregistration [<metres>]": what
//   a
//                     telegram of this report point (0..65535) announces, and how far before the
//                     stop line, 0..10000
//   line_<number>     our id of the line that telegrams call by that number; without it the number
//                     itself is the id
//   deviation_unit_s  seconds that one step of the deviation stands for, 1..600; 60
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "adapters/city/city.h"
#include "fusion/model/observation.h"

namespace dispecer::priority_points {

struct ReportPoint {
  JunctionId junction;
  SignalGroupId group;
  PointKind kind = PointKind::unknown;
  std::optional<Metres> to_stop_line;
};

class Telegrams {
 public:
  // Error causes, each with the setting's name: bad_point, unknown_junction, unknown_group,
  // bad_line, bad_unit, no_points.
  static Result<Telegrams> make(const city::DeviceRow& row, const city::City& city);

  // The point that a telegram tells of; absent where it is none of ours, broken, or was here less
  // than 3 s ago: vehicles send theirs several times. Counted under "points.": telegrams, repeated,
  // unknown_point, and each cause of parse_r09.
  std::optional<PriorityPoint> take(std::string_view bytes, UtcTime now);
  [[nodiscard]] const std::map<std::string, std::uint64_t>& counters() const { return counters_; }

 private:
  std::string source_;
  std::map<std::uint16_t, ReportPoint> points_;
  std::map<unsigned, LineId> lines_;
  double unit_s_ = 60;
  std::map<std::tuple<std::uint16_t, unsigned, unsigned>, UtcTime> heard_;  // point, line, run
  std::map<std::string, std::uint64_t> counters_;
};

}  // namespace dispecer::priority_points
