// Which links of a network can be reached, and left, while others are closed.
#pragma once

#include <map>
#include <vector>

#include "fusion/model/network.h"

namespace dispecer {

// Traffic comes in by links that no movement leads to and goes out by links that none leaves; a
// network without such links is entered and left at the junction where most links end.
class Reach {
 public:
  explicit Reach(const Network& network);

  // Open links that cannot be reached from outside, or from which nobody gets out, with `closed`
  // closed, but could be with all links open; in the order of the network.
  [[nodiscard]] std::vector<LinkId> cut_off(const std::vector<LinkId>& closed) const;

 private:
  using Rows = std::vector<std::vector<std::size_t>>;
  [[nodiscard]] std::vector<char> connected(const std::vector<char>& closed) const;

  std::vector<LinkId> links_;
  std::map<LinkId, std::size_t> index_;
  Rows next_;    // links that movements lead to, by link
  Rows before_;  // the same backwards
  std::vector<std::size_t> in_;
  std::vector<std::size_t> out_;
  std::vector<char> usual_;  // connected with all links open
};

}  // namespace dispecer
