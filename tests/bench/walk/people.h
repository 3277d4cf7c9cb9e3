// Who stands before and who walks on the signalised crossings of SUMO's street.
#pragma once

#include <string>
#include <vector>

#include "adapters/city/city.h"
#include "tests/bench/walk/tally.h"

namespace dispecer::bench {

class People {
 public:
  // SUMO runs in this process with the city's network.
  explicit People(const city::City& city);
  // In this second.
  [[nodiscard]] std::vector<AtCrossing> look() const;
  [[nodiscard]] std::size_t crossings() const { return crossings_; }

 private:
  struct Junction {
    std::vector<std::string> areas;           // edges before crossings
    std::map<std::string, CrossingId> edges;  // of the crossings
  };
  std::vector<Junction> junctions_;
  std::size_t crossings_ = 0;
};

}  // namespace dispecer::bench
