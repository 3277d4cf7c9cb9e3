#include "tests/bench/emergency/recovery.h"

#include <cmath>

namespace dispecer::bench {
namespace {

constexpr double kStands = 1.4;       // m/s
constexpr std::size_t kBefore = 180;  // s that say what was usual
constexpr double kShareMore = 1.1;
constexpr double kVehiclesMore = 1;

double mean(const std::vector<unsigned>& of, std::size_t from, std::size_t to) {
  double sum = 0;
  for (std::size_t i = from; i < to; ++i) sum += of[i];
  return sum / static_cast<double>(to - from);
}

}  // namespace

Recovery::Recovery(const city::City& city) {
  for (const auto& [id, signals] : city.signals) {
    const auto* plan = find_plan(signals, signals.local_plan);
    auto& place = places_[id];
    if (plan != nullptr) place.cycle = static_cast<std::size_t>(std::lround(plan->cycle.value));
  }
  for (const auto& m : city.network.movements) {
    if (!m.group.empty() && places_.count(m.junction) != 0) approach_[m.from] = m.junction;
  }
}

void Recovery::add(const std::vector<sim::StreetVehicle>& vehicles) {
  for (auto& [id, place] : places_) place.standing.push_back(0);
  for (const auto& v : vehicles) {
    const auto at = approach_.find(v.link);
    if (at != approach_.end() && v.speed_mps < kStands && !v.at_stop) {
      ++places_.at(at->second).standing.back();
    }
  }
  ++seconds_;
}

std::optional<double> Recovery::cycles(const JunctionId& junction, std::size_t from,
                                       std::size_t to) const {
  const auto it = places_.find(junction);
  if (it == places_.end() || from < kBefore || to < from) return std::nullopt;
  const auto& place = it->second;
  const double usual = mean(place.standing, from - kBefore, from) * kShareMore + kVehiclesMore;
  for (std::size_t k = 0; k < kMost; ++k) {
    const std::size_t begin = to + k * place.cycle;
    if (begin + place.cycle > place.standing.size()) return std::nullopt;
    if (mean(place.standing, begin, begin + place.cycle) <= usual) return static_cast<double>(k);
  }
  return static_cast<double>(kMost);
}

}  // namespace dispecer::bench
