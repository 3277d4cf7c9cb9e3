// How much traffic is on each way, so that the counted links have what was counted and nothing is
// said beyond that: each counted link has one factor, common to all ways over it (the solution of
// least information gain; van Zuylen, Willumsen: The most likely trip matrix estimated from traffic
// counts, Transportation Research B 14, 1980). Factors move a little with every visit and drift
// back to one where nothing holds them, so old knowledge fades.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fusion/traffic/paths.h"

namespace dispecer::traffic {

struct LinkCount {
  double flow = 0;   // veh/h
  double trust = 0;  // 0 = not counted, 1 = every lane is counted
};

class PathFlows {
 public:
  PathFlows() = default;
  PathFlows(const Index& index, Paths paths);

  // Visits counted links in turn until every one was seen `sweeps` times or `budget` places of ways
  // were touched. `counts`: one per link.
  void fit(std::span<const LinkCount> counts, double sweeps, std::size_t budget);

  [[nodiscard]] bool empty() const { return paths_.size() == 0; }
  // veh/h; 0 where no way leads over it.
  [[nodiscard]] double flow(std::uint32_t link) const { return link_[link]; }
  // The same without what its own count says: what the other counts imply.
  [[nodiscard]] double flow_without(std::uint32_t link) const;
  [[nodiscard]] double turning(std::uint32_t movement) const { return movement_[movement]; }
  // Something was counted.
  [[nodiscard]] bool started() const { return started_; }

 private:
  void scale_all(std::span<const LinkCount> counts, double power);
  std::size_t visit(std::uint32_t link, double target, double step);
  void sum_up();

  Paths paths_;
  std::vector<double> trips_;     // per way, veh/h
  std::vector<double> log_;       // per link: logarithm of its factor
  std::vector<double> link_;      // sums
  std::vector<double> movement_;  // sums
  std::uint32_t next_ = 0;
  bool started_ = false;
};

}  // namespace dispecer::traffic
