#include "fusion/forecast/history.h"

#include <algorithm>
#include <limits>

#include "fusion/model/ensure.h"

namespace dispecer::forecast {
namespace {

// `packed` -> what was heard and whether.
template <class From, class To>
void split(const From& packed, To& value, To& known) {
  value = packed.template cast<float>();
  known = value.isNaN().select(To::Zero(value.rows(), value.cols()),
                               To::Ones(value.rows(), value.cols()));
  value = (known > 0.5F).select(value, 0.0F);
}

}  // namespace

Day empty_day(std::size_t places, std::size_t slots) {
  const auto n = static_cast<Eigen::Index>(places);
  const auto s = static_cast<Eigen::Index>(slots);
  return {0, DayKind::monday, Grid::Zero(n, s), Grid::Zero(n, s)};
}

History::History(std::size_t days) : ring_(days) {
  ensure(days > 0);
}

void History::push(const Day& day) {
  push(day.day, day.kind,
       (day.known > 0.5F)
           .select(day.value, std::numeric_limits<float>::quiet_NaN())
           .cast<Eigen::bfloat16>());
}

void History::push(std::int32_t day, DayKind kind, Packed value) {
  ring_[next_] = {day, kind, std::move(value)};
  next_ = (next_ + 1) % ring_.size();
  size_ = std::min(size_ + 1, ring_.size());
}

const History::Kept& History::kept(std::size_t n) const {
  ensure(n < size_);
  return ring_[(next_ + ring_.size() - 1 - n) % ring_.size()];
}

Day History::unpack(const Kept& kept, Eigen::Index first, Eigen::Index count) {
  Day day{kept.day, kept.kind, {}, {}};
  split(kept.value.middleRows(first, count), day.value, day.known);
  return day;
}

Day History::ago(std::size_t n) const {
  const auto& day = kept(n);
  return unpack(day, 0, day.value.rows());
}

void History::read(std::size_t n, std::int32_t slot, Eigen::ArrayXf& value,
                   Eigen::ArrayXf& known) const {
  split(kept(n).value.col(slot), value, known);
}

std::vector<Day> History::days(Eigen::Index first, Eigen::Index count) const {
  std::vector<Day> out;
  out.reserve(size_);
  for (std::size_t n = 0; n < size_; ++n) out.push_back(unpack(kept(n), first, count));
  return out;
}

}  // namespace dispecer::forecast
