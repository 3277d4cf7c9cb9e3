// Ways through the network that traffic is likely to take, with a first guess of how much of it,
// made once from the network alone. They say what counts of a few links mean for the others.
//
// Trips begin on links that nothing leads into and end on links that lead nowhere, in proportion to
// lanes x speed limit (the wider road brings more), except the share `inner_trips`, which begins
// and ends anywhere inside in proportion to length. Each pair takes the way of least free-flow
// time, with some seconds for each junction and turn. This is the gravity pattern without distance
// of Cascetta, Estimation of trip matrices from traffic counts, Transportation Research B 18, 1984;
// the counts then shape it (path_flows.h).
//
// In a large network origins and destinations are thinned out evenly until the ways hold at most
// about `most_places` links together.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fusion/traffic/index.h"

namespace dispecer::traffic {

struct PathRules {
  double inner_trips = 0.1;
  double junction_s = 3;
  double right_s = 3;
  double left_s = 6;
  std::size_t most_places = 600000;
};

class Paths {
 public:
  Paths() = default;
  Paths(const Index& index, const PathRules& rules);

  [[nodiscard]] std::size_t size() const { return share_.size(); }
  // Of all trips; the shares of all paths sum to at most 1.
  [[nodiscard]] double share(std::size_t path) const { return share_[path]; }
  [[nodiscard]] std::span<const std::uint32_t> links(std::size_t path) const {
    return {links_.data() + start_[path], start_[path + 1] - start_[path]};
  }
  // Movements between them, one fewer.
  [[nodiscard]] std::span<const std::uint32_t> movements(std::size_t path) const {
    return {movements_.data() + start_[path], start_[path + 1] - start_[path] - 1};
  }
  [[nodiscard]] std::span<const std::uint32_t> over(std::uint32_t link) const {
    return {over_.data() + over_start_[link], over_start_[link + 1] - over_start_[link]};
  }

 private:
  std::vector<double> share_;
  std::vector<std::uint32_t> start_;
  std::vector<std::uint32_t> links_;
  std::vector<std::uint32_t> movements_;  // same places as links_; the last of a path is kNone
  std::vector<std::uint32_t> over_start_;
  std::vector<std::uint32_t> over_;
};

}  // namespace dispecer::traffic
