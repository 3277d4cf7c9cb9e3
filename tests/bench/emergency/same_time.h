// Watches what corridors were told: were two vehicles given conflicting greens at the same time?
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "adapters/city/city.h"
#include "fusion/model/decision.h"

namespace dispecer::bench {

class SameTime {
 public:
  explicit SameTime(const city::City& city) : city_(city) {}
  // Requests that changed, in order; then the second is over.
  void add(const std::vector<PriorityRequest>& changed);
  // Pairs of requests, each once.
  [[nodiscard]] std::size_t conflicts() const { return pairs_.size(); }

 private:
  [[nodiscard]] bool conflict(const PriorityRequest& a, const PriorityRequest& b) const;
  const city::City& city_;
  std::map<RequestId, PriorityRequest> granted_;
  std::set<std::pair<RequestId, RequestId>> pairs_;
};

}  // namespace dispecer::bench
