#include "sim/rsmp_site/traffic.h"

#include <algorithm>
#include <cmath>

namespace dispecer::sim {
namespace {

constexpr std::array<std::string_view, 9> kClasses{"P", "PS", "L", "LS", "B", "SP", "MC", "C", "F"};

UtcTime period_begin(UtcTime clock, int interval) {
  const std::int64_t length = std::int64_t{interval} * 1'000'000;
  return UtcTime{clock.us - ((clock.us % length) + length) % length};
}

std::optional<long long> one(const TrafficPeriod::Sum& sum, std::string_view name, bool in_list) {
  if (name == "vehicles") return static_cast<long long>(sum.count);
  if (name == "occupancy")
    return std::llround(sum.occupancy / static_cast<double>(sum.readings) * 100);
  if (name == "speed") {
    if (sum.speeds > 0) return std::llround(sum.speed / static_cast<double>(sum.speeds) * 3.6);
    // No vehicle, no mean: the single status has no word for it but 0.
    return in_list || sum.count > 0 ? std::nullopt : std::optional<long long>(0);
  }
  const auto at = std::find(kClasses.begin(), kClasses.end(), name);
  if (at == kClasses.end() || !sum.classes) return std::nullopt;
  return static_cast<long long>((*sum.classes)[static_cast<std::size_t>(at - kClasses.begin())]);
}

}  // namespace

std::optional<rsmp::Value> TrafficPeriod::value(const Cabinet& cabinet, const ComponentRef& at,
                                                std::string_view name) const {
  if (name == "start" || name == "starttime") return rsmp::Value(to_iso(begin));
  const auto of = [&](std::uint32_t number, bool in_list) -> std::optional<long long> {
    const auto it = sums.find(number);
    return it == sums.end() ? std::nullopt : one(it->second, name, in_list);
  };
  if (at.kind == ComponentRef::Kind::detector_logic) {
    const auto number = of(at.number, false);
    return number ? std::optional(rsmp::Value(std::to_string(*number))) : std::nullopt;
  }
  std::string text;
  for (std::uint32_t k = 1; k <= detector_count(cabinet); ++k)
    text += (k == 1 ? "" : ",") + std::to_string(of(k, true).value_or(-1));
  return rsmp::Value(text);
}

void TrafficMeter::count(const Cabinet& cabinet, UtcTime clock) {
  const auto tick = cabinet.intersections.front().output.t;
  if (!started_) {
    running_.begin = period_begin(clock, interval_);
    running_.whole = running_.begin == clock;
    started_ = true;
    counted_ = tick;  // a reading of this tick belongs to the time before
    return;
  }
  // Readings of a tick cover the time that ends with it: they close the old period.
  if (counted_ != tick) {
    for (std::uint32_t k = 1; k <= detector_count(cabinet); ++k) {
      const auto* d = detector(cabinet, k);
      if (d == nullptr || d->read_at != tick) continue;
      auto& sum = running_.sums[k];
      const auto& r = d->reading;
      ++sum.readings;
      sum.count += r.count;
      sum.occupancy += r.occupancy;
      if (r.speed_mps && r.count > 0) {
        sum.speed += *r.speed_mps * r.count;
        sum.speeds += r.count;
      }
      if (r.classes) {
        if (!sum.classes) sum.classes.emplace();
        for (std::size_t c = 0; c < r.classes->size(); ++c) (*sum.classes)[c] += (*r.classes)[c];
      }
    }
  }
  counted_ = tick;
  const auto begin = period_begin(clock, interval_);
  if (begin == running_.begin) return;
  // After a jump of the clock neither the old nor the new period is a whole one.
  const bool next = begin == running_.begin + std::chrono::seconds{interval_};
  if (next && running_.whole) {
    last_ = std::move(running_);
    ++ended_;
  }
  running_ = {begin, next || begin == clock, {}};
}

}  // namespace dispecer::sim
