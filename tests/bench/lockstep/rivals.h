// The published simple controllers to compare with, as in the RESCO benchmark: each junction picks
// a stage every 10 s from the vehicles within 200 m of its stop lines, all of which it sees. Their
// orders go through the same guard to the same virtual controllers.
#pragma once

#include "tests/bench/lockstep/field.h"
#include "tests/bench/lockstep/sight.h"

namespace dispecer::bench {

enum class Rival { greedy, max_pressure };

class RivalControl {
 public:
  RivalControl(Rival rule, const city::City& city);
  // What each junction asks for in this second; the order of the last choice is repeated.
  std::vector<Proposal> decide(const FullSight& sight, UtcTime now);

 private:
  struct StageRow {
    std::uint32_t number = 0;
    std::vector<std::size_t> movements;  // rows of the network that it lets go
  };
  struct Place {
    JunctionId junction;
    std::vector<StageRow> stages;
    std::uint32_t wanted = 0;  // stage number, 0 = none yet
    std::uint64_t counter = 0;
  };
  [[nodiscard]] std::uint32_t choose(const Place& place) const;
  Rival rule_;
  std::vector<Place> places_;
  std::vector<std::size_t> to_;    // link that each movement leads to
  std::vector<std::size_t> from_;  // and comes from
  std::vector<double> near_;       // vehicles, by movement
  std::vector<double> on_link_;    // by link
  std::uint64_t second_ = 0;
};

}  // namespace dispecer::bench
