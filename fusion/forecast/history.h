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

// Values are kept with eight significant bits (an error of 0.2 % at most, far below the scatter
// between days). A day takes memory when it comes: 2 bytes x places x slots.
class History {
 public:
  using Packed = Eigen::Array<Eigen::bfloat16, Eigen::Dynamic, Eigen::Dynamic>;

  explicit History(std::size_t days);

  void push(const Day& day);
  void push(std::int32_t day, DayKind kind, Packed value);
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t capacity() const { return ring_.size(); }
  // 0 = the newest, size() - 1 = the oldest.
  [[nodiscard]] Day ago(std::size_t n) const;
  [[nodiscard]] std::int32_t day(std::size_t n) const { return kept(n).day; }
  [[nodiscard]] DayKind kind(std::size_t n) const { return kept(n).kind; }
  // Of all places at one slot: what was heard, and 0 and 0 where nothing was.
  void read(std::size_t n, std::int32_t slot, Eigen::ArrayXf& value, Eigen::ArrayXf& known) const;
  // All days, the newest first, of the places first <= i < first + count.
  [[nodiscard]] std::vector<Day> days(Eigen::Index first, Eigen::Index count) const;
  // Not heard is not a number.
  [[nodiscard]] const Packed& packed(std::size_t n) const { return kept(n).value; }

 private:
  struct Kept {
    std::int32_t day = 0;
    DayKind kind = DayKind::monday;
    Packed value;
  };
  [[nodiscard]] const Kept& kept(std::size_t n) const;
  [[nodiscard]] static Day unpack(const Kept& kept, Eigen::Index first, Eigen::Index count);

  std::vector<Kept> ring_;
  std::size_t next_ = 0;
  std::size_t size_ = 0;
};

// A day without a value.
Day empty_day(std::size_t places, std::size_t slots);

}  // namespace dispecer::forecast
