// How long a junction needs to recover from green that was held for somebody: whole cycles of its
// local plan after he has passed in which more vehicles stood on its approaches than before, by a
// tenth and one vehicle.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "adapters/city/city.h"
#include "sim/devices/device.h"

namespace dispecer::bench {

class Recovery {
 public:
  explicit Recovery(const city::City& city);
  // Once a second.
  void add(const std::vector<sim::StreetVehicle>& vehicles);
  // Cycles for a hold over [from, to), in seconds since the first call of add(); absent where too
  // little was seen before or after it. At most kMost.
  [[nodiscard]] std::optional<double> cycles(const JunctionId& junction, std::size_t from,
                                             std::size_t to) const;
  [[nodiscard]] std::size_t seconds() const { return seconds_; }
  static constexpr std::size_t kMost = 10;

 private:
  struct Place {
    std::size_t cycle = 90;          // s
    std::vector<unsigned> standing;  // by second
  };
  std::map<JunctionId, Place> places_;
  std::map<LinkId, JunctionId> approach_;
  std::size_t seconds_ = 0;
};

}  // namespace dispecer::bench
