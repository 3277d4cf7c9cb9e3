// The past days that the forecast remembers: a ring of whole local days, bounded.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "fusion/forecast/calendar.h"

namespace dispecer::forecast {

using Grid = Eigen::ArrayXXf;  // places x slots of the day

// `known` is 1 where a value was heard and 0 elsewhere; `value` is 0 where nothing was heard.
struct Day {
  std::int32_t day = 0;  // local
  DayKind kind = DayKind::monday;
  Grid value;
  Grid known;
};

class History {
 public:
  // Keeps at most `days` days; memory is 8 bytes x places x slots x days.
  History(std::size_t places, std::size_t slots, std::size_t days);

  void push(const Day& day);
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t capacity() const { return ring_.size(); }
  // 0 = the newest, size() - 1 = the oldest.
  [[nodiscard]] const Day& ago(std::size_t n) const;

 private:
  std::vector<Day> ring_;
  std::size_t next_ = 0;
  std::size_t size_ = 0;
};

// A day without a value.
Day empty_day(std::size_t places, std::size_t slots);

}  // namespace dispecer::forecast
