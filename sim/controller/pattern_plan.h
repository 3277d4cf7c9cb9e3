// A plan of a controller that exists for tests of protocols only: one letter of S0001 for each
// second of the cycle and each group, shown as it stands. It knows no stages and no intergreens.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace dispecer::sim {

struct PatternPlan {
  std::uint32_t number = 0;
  std::vector<std::string> groups;  // one text per signal group, all of the same length
  bool operator==(const PatternPlan&) const = default;
};

}  // namespace dispecer::sim
