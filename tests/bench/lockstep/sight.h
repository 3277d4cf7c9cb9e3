// Full sight: the city's picture with what every vehicle is and wants in place of what loops could
// tell. A laboratory figure: no city sees this.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "adapters/city/city.h"
#include "fusion/model/picture.h"
#include "sim/street/street.h"

namespace dispecer::bench {

// One vehicle on its way to the next signal of its route.
struct Coming {
  std::size_t movement = 0;  // row of the network
  double metres = 0;         // to the stop line
  double seconds = 0;        // at the speeds that are allowed
  bool stands = false;       // below walking speed, and not at a stop of its own
  std::size_t lane = 0;      // number of its lane, different for each lane of each link
};

class FullSight {
 public:
  explicit FullSight(const city::City& city);
  // Of this second; `street` must keep the truth.
  void look(sim::Street& street);
  [[nodiscard]] const std::vector<Coming>& coming() const { return coming_; }
  // Share of each link that vehicles take up, by row of the network, 0..1.
  [[nodiscard]] const std::vector<double>& filled() const { return filled_; }
  // Puts queues, arrivals, waiting and storage into the picture, whose rows stand in the order of
  // the network.
  void put(CityPicture& picture);

 private:
  struct LinkRow {
    double length = 0;
    double speed = 0;
    double lanes = 1;
  };
  struct Way {
    std::size_t movement = 0;
    bool signal = false;
  };
  void tell_blocked(CityPicture& picture) const;
  std::vector<std::pair<JunctionId, SignalGroupId>> group_;  // of each movement
  const city::City& city_;
  std::map<LinkId, std::size_t> link_;
  std::vector<LinkRow> links_;
  std::map<std::pair<LinkId, LinkId>, Way> ways_;
  std::map<std::string, std::size_t> at_;  // where in its route a vehicle was last
  std::vector<Coming> coming_;
  std::vector<double> filled_;
  std::vector<double> waiting_;  // s, by movement
};

}  // namespace dispecer::bench
