#include "fusion/forecast/history.h"

#include <algorithm>

#include "fusion/model/ensure.h"

namespace dispecer::forecast {

Day empty_day(std::size_t places, std::size_t slots) {
  const auto n = static_cast<Eigen::Index>(places);
  const auto s = static_cast<Eigen::Index>(slots);
  return {0, DayKind::monday, Grid::Zero(n, s), Grid::Zero(n, s)};
}

History::History(std::size_t places, std::size_t slots, std::size_t days)
    : ring_(days, empty_day(places, slots)) {
  ensure(days > 0);
}

void History::push(const Day& day) {
  ring_[next_] = day;
  next_ = (next_ + 1) % ring_.size();
  size_ = std::min(size_ + 1, ring_.size());
}

const Day& History::ago(std::size_t n) const {
  ensure(n < size_);
  return ring_[(next_ + ring_.size() - 1 - n) % ring_.size()];
}

}  // namespace dispecer::forecast
