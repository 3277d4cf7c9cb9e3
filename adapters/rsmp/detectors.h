// Detector news of a site, put together per second: counts, speeds and occupancies of all detector
// logics (S0205 to S0207), the momentary state (S0002) and what is forced (S0021).
#pragma once

#include <map>
#include <vector>

#include "adapters/rsmp/board.h"
#include "adapters/rsmp/config.h"
#include "adapters/rsmp/points.h"
#include "fusion/model/observation.h"

namespace dispecer::rsmp {

class DetectorFeed {
 public:
  // The values of one StatusUpdate. Times are moved by the site's clock error.
  void update(const std::vector<StatusValue>& items, Duration clock_error, Now now,
              Counters& counters);
  // Batches of seconds that are complete, or that have waited long enough for the rest. Without a
  // count a detector is left out: -1 means "no data". Points at which buses announce themselves are
  // no detectors of traffic: they go to `points`.
  std::vector<DetectorBatch> take(const std::vector<JunctionWire>& junctions,
                                  const StatusBoard& board, Now now, PointWatch& watch,
                                  std::vector<PriorityPoint>& points);
  void clear() { parts_.clear(); }

 private:
  struct Part {
    std::optional<std::vector<double>> counts;
    std::optional<std::vector<double>> speeds;       // km/h
    std::optional<std::vector<double>> occupancies;  // %
    MonoTime first;
    [[nodiscard]] bool complete() const { return counts && speeds && occupancies; }
  };
  std::map<UtcTime, Part> parts_;  // by start of the period
};

}  // namespace dispecer::rsmp
