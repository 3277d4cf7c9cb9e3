#include "fusion/traffic/hit_times.h"

#include <algorithm>
#include <cmath>

namespace dispecer::traffic {
namespace {

constexpr double kStep_s = 5;
constexpr double kAround_s = 15;  // vehicles do not all take as long
constexpr double kSame = 0.8;     // of the vehicles, at the right lag
constexpr std::size_t kLeast = 6;
constexpr double kEvidence = 9;  // of odds: one of 130 lags looks so by chance once in 60 times...
constexpr double kApart_s = 45;  // ...and one so far away must look so
constexpr double kClear = 3;     // twenty times less

struct Hits {
  std::array<double, HitTimes::kKept> at{};
  std::size_t size = 0;
  explicit Hits(const HitTimes& times) : size(times.size()) {
    for (std::size_t k = 0; k < size; ++k) at[k] = times.at(k);
  }
};

// Logarithm of the odds that `down` sees at this lag what `up` saw, against chance.
double evidence_at(const Hits& up, const Hits& down, double lag) {
  const double first = down.at[0];
  const double last = down.at[down.size - 1];
  if (last <= first) return 0;
  const double rate = static_cast<double>(down.size) / (last - first);
  const double chance = std::clamp(1 - std::exp(-rate * 2 * kAround_s), 0.01, kSame);
  std::size_t judged = 0;
  std::size_t same = 0;
  std::size_t j = 0;
  for (std::size_t k = 0; k < up.size; ++k) {
    const double wanted = up.at[k] + lag;
    if (wanted < first - kAround_s || wanted > last + kAround_s) continue;
    ++judged;
    while (j < down.size && down.at[j] < wanted - kAround_s) ++j;
    if (j < down.size && down.at[j] <= wanted + kAround_s) ++same;
  }
  if (judged < kLeast) return 0;
  const auto other = static_cast<double>(judged - same);
  return static_cast<double>(same) * std::log(kSame / chance) +
         other * std::log((1 - kSame) / (1 - chance));
}

}  // namespace

void HitTimes::add(double at_s) {
  at_[count_++ % kKept] = static_cast<float>(at_s);
}

double HitTimes::at(std::size_t k) const {
  return static_cast<double>(at_[(count_ <= kKept ? k : count_ + k) % kKept]);
}

std::optional<double> lag_of(const HitTimes& up, const HitTimes& down) {
  if (up.size() < kLeast || down.size() < kLeast) return std::nullopt;
  const Hits above(up);
  const Hits below(down);
  constexpr auto kLags = static_cast<std::size_t>(2 * kMostLag_s / kStep_s) + 1;
  std::array<double, kLags> evidence{};
  const auto lag = [](std::size_t k) { return static_cast<double>(k) * kStep_s - kMostLag_s; };
  for (std::size_t k = 0; k < kLags; ++k) evidence[k] = evidence_at(above, below, lag(k));
  const auto best = static_cast<std::size_t>(std::max_element(evidence.begin(), evidence.end()) -
                                             evidence.begin());
  if (evidence[best] < kEvidence) return std::nullopt;
  for (std::size_t k = 0; k < kLags; ++k) {
    const bool apart = std::abs(lag(k) - lag(best)) > kApart_s;
    if (apart && evidence[k] > evidence[best] - kClear) return std::nullopt;
  }
  return lag(best);
}

}  // namespace dispecer::traffic
