// When the last vehicles came over a loop, and by how much another loop sees the same ones later. A
// clock that is wrong shows as a lag that no vehicle takes, or as one that comes before its time.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

namespace dispecer::traffic {

class HitTimes {
 public:
  static constexpr std::size_t kKept = 32;
  void add(double at_s);  // not before the last one
  [[nodiscard]] std::size_t size() const { return count_ < kKept ? count_ : kKept; }
  [[nodiscard]] double at(std::size_t k) const;  // 0 = the oldest of those kept
  bool operator==(const HitTimes&) const = default;

 private:
  std::array<float, kKept> at_{};
  std::size_t count_ = 0;  // ever
};

// Seconds after which what `up` saw is seen by `down`, within kMostLag of nothing; absent where no
// lag explains most of it, or two lags do alike: that is so with signals of a fixed cycle in dense
// traffic, and with another lane's traffic.
inline constexpr double kMostLag_s = 330;
std::optional<double> lag_of(const HitTimes& up, const HitTimes& down);

}  // namespace dispecer::traffic
