#include "sim/controller/detectors.h"

#include <algorithm>

namespace dispecer::sim {
namespace {

constexpr Duration kAlwaysOn = std::chrono::minutes{5};
constexpr Duration kMinute = std::chrono::minutes{1};
constexpr std::size_t kMostEdges = 40;

}  // namespace

void read_detector(DetectorState& detector, const DetectorReading& road, UtcTime now) {
  const bool before = detector.reading.occupied;
  auto& reading = detector.reading;
  reading = road;
  detector.read_at = now;
  const auto set = [&](bool on, std::uint32_t count) {
    reading.occupied = on;
    reading.occupancy = on ? 1.0 : 0.0;
    reading.count = count;
    reading.speed_mps.reset();
    reading.classes.reset();
  };
  if (detector.faults.contains(Fault::detector_dead)) set(false, 0);
  if (detector.faults.contains(Fault::detector_chatter)) set(!before, before ? 0 : 1);
  if (detector.faults.contains(Fault::detector_stuck)) set(true, 0);
  if (detector.forced) set(*detector.forced, *detector.forced && !before ? 1 : 0);
  if (reading.occupied != before) {
    detector.changed = now;
    detector.edges.push_back(now);
  }
}

void judge_detectors(std::vector<DetectorState>& detectors, UtcTime now) {
  for (auto& d : detectors) {
    std::erase_if(d.edges, [&](UtcTime t) { return t + kMinute <= now || t > now; });
    d.logic_error.clear();
    if (d.forced) continue;
    if (d.edges.size() > kMostEdges) {
      d.logic_error = "intermittent";
    } else if (d.reading.occupied && now - d.changed >= kAlwaysOn) {
      d.logic_error = "always_on";
    }
  }
}

}  // namespace dispecer::sim
