// What really happened, of SUMO's own vehicles.
//
// Flow of a link: vehicles that came onto it and those that left it, halved (SUMO may step over a
// short link within a second; it is counted by the vehicle's route). Queue: a vehicle waits on a
// link from the second in which it is first slower than 5 km/h there, other than at a stop of its
// line and at the start of its trip, until it has left the link; it belongs to the movement that
// its route takes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "adapters/city/city.h"
#include "sim/street/street.h"

namespace dispecer::bench {

class Truth {
 public:
  // `tau_s`: memory of the running flow.
  Truth(const city::City& city, double tau_s);

  void see(const sim::StreetView& view);  // once a second, after the street moved

  // By position in the network.
  [[nodiscard]] double flow_hour(std::size_t link) const;  // veh/h, of all seconds seen
  [[nodiscard]] double flow_now(std::size_t link) const;   // veh/h, exponential memory
  [[nodiscard]] double queue(std::size_t link) const { return queue_[link]; }
  [[nodiscard]] double movement_queue(std::size_t m) const { return movement_queue_[m]; }
  [[nodiscard]] std::size_t link_of(const LinkId& id) const { return links_.at(id); }
  [[nodiscard]] double seconds() const { return seconds_; }

 private:
  struct Seen {
    std::vector<std::string> route;
    int at = -1;  // in its route
    std::size_t link = 0;
    std::size_t movement = 0;
    bool on_link = false;
    bool moved = false;  // on this link: one that starts its trip there does not wait yet
    bool waits = false;
    bool alive = false;
  };
  void pass(const std::string& edge, double vehicles);

  std::map<LinkId, std::size_t> links_;
  std::map<std::string, std::size_t> edges_;  // SUMO's name to the position of the link
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> movements_;  // link, link
  std::map<std::string, Seen> vehicles_;
  std::vector<double> passed_;
  std::vector<double> step_;
  std::vector<double> now_;
  std::vector<double> queue_;
  std::vector<double> movement_queue_;
  double keep_ = 0;
  double weight_ = 0;
  double seconds_ = 0;
};

}  // namespace dispecer::bench
