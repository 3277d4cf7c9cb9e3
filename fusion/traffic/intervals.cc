// Intervals that hold what they promise. What a link would have been taken for without its own
// loops is held against what they counted; where the one is off more often than it says, all
// intervals are stretched.
#include <algorithm>
#include <cmath>
#include <optional>

#include "fusion/traffic/traffic.h"

namespace dispecer::traffic {
namespace {

constexpr double k90 = 1.645;  // sd of a 90 % interval
constexpr std::size_t kEnoughErrors = 5;
constexpr double kMost = 4;        // times as wide
constexpr double kNowStep = 0.01;  // of the logarithm, for each link in each minute
// What the intervals are worth before they were ever tested: as much as so many errors.
constexpr double kFirstErrors = 4;

struct LeftOut {
  double error = 0;     // veh/h
  double variance = 0;  // of the estimate without the count
};

// The estimate of a link without its own count, from the one with it (leave-one-out residual of
// least squares). Absent where the count was not used.
std::optional<LeftOut> leave_out(const FlowSolver& solver, std::uint32_t i, double counted,
                                 double estimate, double variance) {
  const double used = solver.used_weight(i);
  if (used <= 0 || variance <= 0) return std::nullopt;
  const double r = 1 / used;
  const double s = std::min(variance, 0.999 * r);
  return LeftOut{(counted - estimate) * r / (r - s), s * r / (r - s)};
}

std::optional<LeftOut> of_hour(const State& state, std::uint32_t i) {
  const auto& link = state.links[i];
  if (link.counted_hour_sd <= 0) return std::nullopt;
  return leave_out(state.hour_solver, i, link.counted_hour, link.hour, link.hour_variance);
}

// The rank that holds for the next one as well, not only for those seen (split conformal
// prediction; Lei, G'Sell, Rinaldo, Tibshirani, Wasserman, JASA 113, 2018).
double nine_of_ten(std::vector<double>& all) {
  const auto rank = static_cast<std::size_t>(std::ceil(0.9 * static_cast<double>(all.size() + 1)));
  const auto at = all.begin() + static_cast<std::ptrdiff_t>(std::min(rank, all.size()) - 1);
  std::nth_element(all.begin(), at, all.end());
  return *at;
}

// By a few errors only (in sd): their variance and the one that was said weigh as many as they are,
// and what is not known of it widens the tails (Student; expansion of his quantile by Fisher and
// Cornish, 1960).
double by_few(const std::vector<double>& errors) {
  double sum = kFirstErrors;
  for (const double e : errors) sum += e * e;
  const double n = kFirstErrors + static_cast<double>(errors.size());
  const double z2 = k90 * k90;
  const double tails = 1 + (z2 + 1) / (4 * n) + (5 * z2 * z2 + 16 * z2 + 3) / (96 * n * n);
  return tails * std::sqrt(sum / n);
}

// An error tells how sure the estimate is only where the count is the surer of the two.
void scale_hour(State& state) {
  auto& all = state.error_ratios;
  all.clear();
  for (std::uint32_t i = 0; i < state.links.size(); ++i) {
    const auto left = of_hour(state, i);
    if (!left) continue;
    const double counted = state.links[i].counted_hour_sd * state.links[i].counted_hour_sd;
    if (left->variance < counted) continue;
    all.push_back(std::abs(left->error) / std::sqrt(left->variance + counted));
  }
  // Nine of ten are told apart from all by ten of them.
  const double scale = all.size() < 9 ? by_few(all) : nine_of_ten(all) / k90;
  // The worse of this and of what all counts have shown.
  state.hour_scale = std::clamp(std::max(scale, state.interval_scale), 1.0, kMost);
}

// So that one error in ten lies outside (quantile tracking; Robbins, Monro: A stochastic
// approximation method, 1951).
void scale_now(State& state) {
  const double window = std::clamp(in_seconds(state.now - state.begun), 60.0, 3600.0);
  const double memory = 2 * std::min(state.parameters.flow_tau_s, window);
  for (std::uint32_t i = 0; i < state.links.size(); ++i) {
    const auto& link = state.links[i];
    const auto& count = state.now_measured[i];
    if (count.weight <= 0) continue;
    const auto left = leave_out(state.now_solver, i, count.flow, link.flow, link.now_variance);
    if (!left || left->variance * count.weight < 1) continue;
    const double random = std::max(link.flow, 0.0) * 3600 / memory;
    const double variance =
        state.now_scale * state.now_scale * left->variance + random + 1 / count.weight;
    const bool outside = std::abs(left->error) > k90 * std::sqrt(variance);
    state.now_scale *= std::exp(kNowStep * (outside ? 0.9 : -0.1));
  }
  state.now_scale = std::clamp(state.now_scale, state.interval_scale, kMost);
}

}  // namespace

// How far an estimate made without a link's own loops is from what they counted, in its own sd.
void detail::note_error(State& state, std::uint32_t i) {
  const auto left = of_hour(state, i);
  if (!left) return;
  auto& link = state.links[i];
  link.error_ratio =
      left->error / std::sqrt(link.counted_hour_sd * link.counted_hour_sd + left->variance);
}

void detail::scale_intervals(State& state) {
  auto& all = state.error_ratios;
  all.clear();
  for (const auto& link : state.links) {
    if (link.counted_hour_sd > 0 && link.hour_variance > 0)
      all.push_back(std::abs(link.error_ratio));
  }
  if (all.size() >= kEnoughErrors) {
    state.interval_scale = std::clamp(nine_of_ten(all) / k90, 1.0, kMost);
  }
  scale_hour(state);
  scale_now(state);
}

}  // namespace dispecer::traffic
