#include "adapters/rsmp/points.h"

namespace dispecer::rsmp {
namespace {

// A vehicle is told once though two statuses tell of it; two vehicles are further apart.
constexpr Duration kOneVehicle = from_seconds(3);
// A loop nearer than this to the stop line tells that the vehicle leaves.
constexpr double kAtStopLine = 5;  // m

}  // namespace

void PointWatch::momentary(const std::vector<JunctionWire>& junctions, const std::string& bits,
                           UtcTime t, std::vector<PriorityPoint>& out) {
  const auto set = [](const std::string& text, std::uint32_t number) {
    return number >= 1 && number <= text.size() && text[number - 1] == '1';
  };
  for (const auto& junction : junctions) {
    for (const auto& wire : junction.detectors) {
      if (!announces(wire.kind) || before_.empty()) continue;
      if (set(bits, wire.number) && !set(before_, wire.number)) tell(junction.id(), wire, t, out);
    }
  }
  before_ = bits;
}

void PointWatch::counted(const JunctionId& junction, const DetectorWire& wire, UtcTime begin,
                         std::vector<PriorityPoint>& out) {
  tell(junction, wire, begin, out);
}

void PointWatch::clear() {
  before_.clear();
  told_.clear();
}

void PointWatch::tell(const JunctionId& junction, const DetectorWire& wire, UtcTime t,
                      std::vector<PriorityPoint>& out) {
  const auto last = told_.find(wire.id);
  const bool same =
      last != told_.end() && t - last->second < kOneVehicle && last->second - t < kOneVehicle;
  if (same) return;
  told_[wire.id] = t;
  PriorityPoint point;
  point.junction = junction;
  point.group = wire.group;
  point.t = t;
  point.kind = wire.kind == DetectorKind::door_closed   ? PointKind::door_closed
               : wire.to_stop_line.value <= kAtStopLine ? PointKind::deregistration
                                                        : PointKind::registration;
  point.source = wire.id.str();
  point.to_stop_line = wire.to_stop_line;
  out.push_back(std::move(point));
}

}  // namespace dispecer::rsmp
