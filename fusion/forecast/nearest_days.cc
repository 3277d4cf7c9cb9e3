#include "fusion/forecast/nearest_days.h"

#include <algorithm>
#include <cmath>

namespace dispecer::forecast {
namespace {

constexpr float kFar = 9;  // one place alone does not make two days different

double kind_distance(DayKind a, DayKind b) {
  if (a == b) return 0;
  return is_workday(a) && is_workday(b) ? 0.2 : 2;
}

void weigh(NearestDays& nearest, std::size_t days) {
  if (days == 0) return;
  auto& w = nearest.weight;
  std::copy_n(nearest.distance.begin(), days, w.begin());
  const auto middle = w.begin() + static_cast<std::ptrdiff_t>(days / 2);
  std::nth_element(w.begin(), middle, w.begin() + static_cast<std::ptrdiff_t>(days));
  const double median = *middle;
  const double least = *std::min_element(
      nearest.distance.begin(), nearest.distance.begin() + static_cast<std::ptrdiff_t>(days));
  const double width = std::max(0.5 * (median - least), 1e-3);
  double sum = 0;
  for (std::size_t n = 0; n < days; ++n) {
    w[n] = std::exp(-(nearest.distance[n] - least) / width);
    sum += w[n];
  }
  for (std::size_t n = 0; n < days; ++n) w[n] /= sum;
}

}  // namespace

NearestDays make_nearest_days(std::size_t days, double half_life_s) {
  return {half_life_s, std::vector<double>(days, 0.0), std::vector<double>(days, 0.0)};
}

void begin_day(NearestDays& nearest, const History& history, DayKind today) {
  // The mood of the town does not end at midnight, but half of it may.
  double mean = 0;
  for (std::size_t n = 0; n < history.size(); ++n) mean += nearest.distance[n];
  mean /= static_cast<double>(std::max<std::size_t>(history.size(), 1));
  for (std::size_t n = 0; n < history.size(); ++n)
    nearest.distance[n] = mean + kind_distance(history.kind(n), today);
  weigh(nearest, history.size());
}

void compare(NearestDays& nearest, const History& history, std::int32_t slot,
             const Eigen::ArrayXf& value, const Eigen::ArrayXf& known, const Eigen::ArrayXf& scale,
             double step_s) {
  const double keep = std::exp2(-step_s / nearest.half_life_s);
  Eigen::ArrayXf past;
  Eigen::ArrayXf both;
  for (std::size_t n = 0; n < history.size(); ++n) {
    history.read(n, slot, past, both);
    both *= known;
    const float count = both.sum();
    if (count < 0.5F) continue;
    const float d = (both * ((value - past) / scale).square().min(kFar)).sum() / count;
    nearest.distance[n] = keep * nearest.distance[n] + (1 - keep) * static_cast<double>(d);
  }
  weigh(nearest, history.size());
}

void recall(const NearestDays& nearest, const History& history, std::int32_t slot, bool next_day,
            const Eigen::ArrayXf& fallback, Eigen::ArrayXf& out) {
  // Some weight on the fallback keeps a place that hardly any of these days knows near it.
  constexpr float kPrior = 0.02F;
  out = kPrior * fallback;
  Eigen::ArrayXf& sum = out;
  Eigen::ArrayXf behind = Eigen::ArrayXf::Constant(fallback.size(), kPrior);
  Eigen::ArrayXf past;
  Eigen::ArrayXf known;
  for (std::size_t n = next_day ? 1 : 0; n < history.size(); ++n) {
    history.read(next_day ? n - 1 : n, slot, past, known);
    const auto w = static_cast<float>(nearest.weight[n]);
    sum += w * past;
    behind += w * known;
  }
  out /= behind;
}

}  // namespace dispecer::forecast
