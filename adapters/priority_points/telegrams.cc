#include "adapters/priority_points/telegrams.h"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "adapters/priority_points/place.h"
#include "adapters/priority_points/r09.h"

namespace dispecer::priority_points {
namespace {

constexpr Duration kRepeat = from_seconds(3);
constexpr std::string_view kPoint = "point_";
constexpr std::string_view kLine = "line_";
constexpr unsigned kUntold = 1000;  // above every line and run

template <class T>
std::optional<T> to_number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Result<ReportPoint> read_point(const std::string& value, const std::string& name,
                               const city::City& city) {
  std::istringstream in(value);
  std::string junction;
  std::string group;
  std::string kind;
  std::string metres;
  std::string more;
  in >> junction >> group >> kind >> metres >> more;
  ReportPoint out;
  const auto known = point_kind(kind);
  const auto distance = to_number<double>(metres);
  if (!known || !more.empty() || (!metres.empty() && !distance) ||
      (distance && !(*distance >= 0 && *distance <= kFurthest))) {
    return Error{"bad_point", "found '" + value + "', expected junction, group, kind and metres",
                 name};
  }
  if (auto found = find_place(city, junction, group); !found) {
    return Error{found.error().cause, found.error().what, name};
  }
  out.junction = JunctionId(junction);
  out.group = SignalGroupId(group);
  out.kind = *known;
  if (distance) out.to_stop_line = Metres{*distance};
  return out;
}

}  // namespace

Result<Telegrams> Telegrams::make(const city::DeviceRow& row, const city::City& city) {
  Telegrams out;
  out.source_ = row.id;
  for (const auto& [name, value] : row.settings) {
    if (name.starts_with(kPoint)) {
      const auto number = to_number<std::uint16_t>(std::string_view(name).substr(kPoint.size()));
      if (!number) return Error{"bad_point", "expected a number of 0 to 65535", name};
      auto point = read_point(value, name, city);
      if (!point) return point.error();
      out.points_[*number] = *point;
    } else if (name.starts_with(kLine)) {
      const auto number = to_number<unsigned>(std::string_view(name).substr(kLine.size()));
      if (!number || *number > 999 || value.empty()) {
        return Error{"bad_line", "expected a number of 0 to 999 and our id of the line", name};
      }
      out.lines_[*number] = LineId(value);
    } else if (name == "deviation_unit_s") {
      const auto unit = to_number<double>(value);
      if (!unit || !(*unit >= 1 && *unit <= 600)) {
        return Error{"bad_unit", "found '" + value + "', expected 1 to 600", name};
      }
      out.unit_s_ = *unit;
    }
  }
  if (out.points_.empty()) return Error{"no_points", "no point_<number>", row.id};
  return out;
}

std::optional<PriorityPoint> Telegrams::take(std::string_view bytes, UtcTime now) {
  const auto telegram = parse_r09(bytes);
  if (!telegram) {
    ++counters_["points." + telegram.error().cause];
    return std::nullopt;
  }
  ++counters_["points.telegrams"];
  const auto at = points_.find(telegram->point);
  if (at == points_.end()) {
    ++counters_["points.unknown_point"];
    return std::nullopt;
  }
  std::erase_if(heard_, [&](const auto& h) { return h.second > now || now - h.second >= kRepeat; });
  const auto [it, fresh] = heard_.try_emplace(
      {telegram->point, telegram->line.value_or(kUntold), telegram->run.value_or(kUntold)}, now);
  if (!fresh) {
    ++counters_["points.repeated"];
    return std::nullopt;
  }
  PriorityPoint out;
  out.junction = at->second.junction;
  out.group = at->second.group;
  out.t = now;
  out.kind = at->second.kind;
  out.source = source_ + "/" + std::to_string(telegram->point);
  out.to_stop_line = at->second.to_stop_line;
  out.lateness = Seconds{telegram->deviation * unit_s_};
  if (telegram->line) {
    const auto line = lines_.find(*telegram->line);
    out.line = line != lines_.end() ? line->second : LineId(std::to_string(*telegram->line));
  }
  return out;
}

}  // namespace dispecer::priority_points
