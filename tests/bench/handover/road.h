// A road for runs without SUMO: a queue at every stop line of a city, fed at random, drained by
// green. It exists so that controllers and centre have demand to work for; it is no traffic model.
#pragma once

#include <map>
#include <random>
#include <vector>

#include "adapters/city/city.h"
#include "fusion/model/observation.h"
#include "tests/bench/lockstep/field.h"

namespace dispecer::bench {

class PointRoad {
 public:
  // `flow` in veh/h and lane; people push a button a minute on the mean.
  PointRoad(const city::City& city, unsigned seed, double flow);

  // One second under the lamps that are shown.
  void step(const std::vector<Field::Shown>& shown);
  // Readings of that second, by junction.
  [[nodiscard]] const std::map<JunctionId, DetectorBatch>& batches() const { return batches_; }
  void stamp(UtcTime now);
  // Does anybody wait for that group of the junction?
  [[nodiscard]] bool waits(const JunctionId& junction, std::size_t group) const;

 private:
  struct Lane {
    JunctionId junction;
    std::size_t group = 0;
    std::size_t sample = 0;  // of the junction's batch
    DetectorKind kind = DetectorKind::unknown;
    double queue = 0;   // veh
    double served = 0;  // veh that left at this second and the rest carried on
  };
  std::vector<Lane> lanes_;
  std::map<JunctionId, DetectorBatch> batches_;
  std::map<JunctionId, std::vector<double>> waiting_;  // by group
  std::mt19937_64 random_;
  double flow_;
};

}  // namespace dispecer::bench
