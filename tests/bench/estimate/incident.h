// A broken-down vehicle: one car stops on its lane for ten minutes and then drives on.
//
// Where: a lane with a whole loop, of a link of 60 m or more with 150 veh/h or more so far (where
// there is none: of the busiest one with a loop); drawn by seed. When: at half of the run, as soon
// as a car on that lane has the middle third of the link before it.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/city/city.h"
#include "sim/street/street.h"
#include "tests/bench/estimate/truth.h"

namespace dispecer::bench {

inline constexpr double kIncidentLasts = 600;  // s

class Incident {
 public:
  // `eligible`: positions of links with a whole loop; `lanes`: those loops' lanes, in SUMO's names.
  Incident(const city::City& city, std::vector<std::size_t> eligible, std::set<std::string> lanes,
           std::uint64_t seed);

  // After the street moved. Begins when `due` and a suitable car is there.
  void tick(const sim::StreetView& view, const Truth& truth, double second, bool due);

  [[nodiscard]] std::optional<double> began() const { return began_; }  // second of the run
  [[nodiscard]] const LinkId& link() const { return link_; }
  [[nodiscard]] bool over(double second) const {
    return began_ && second >= *began_ + kIncidentLasts;
  }

 private:
  bool stop_a_car(const sim::StreetView& view, std::size_t link, double second);

  const city::City& city_;
  std::vector<std::size_t> eligible_;
  std::set<std::string> lanes_;
  std::uint64_t seed_;
  std::vector<std::size_t> order_;
  std::optional<double> began_;
  LinkId link_;
};

}  // namespace dispecer::bench
