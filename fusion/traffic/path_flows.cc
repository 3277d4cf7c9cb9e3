#include "fusion/traffic/path_flows.h"

#include <algorithm>
#include <cmath>

namespace dispecer::traffic {
namespace {
constexpr double kStep = 0.4;      // of the way to what was counted, in one visit
constexpr double kFade = 0.01;     // of a factor's logarithm, in one visit
constexpr double kLeast = 2;       // veh/h added on both sides, so that nothing becomes zero
constexpr double kMostStep = 1.1;  // of the logarithm, in one visit
constexpr double kScaleStep = 0.2;
constexpr double kMost = 5;  // of the logarithm: a factor of 150
}  // namespace

PathFlows::PathFlows(const Index& index, Paths paths)
    : paths_(std::move(paths)),
      trips_(paths_.size()),
      log_(index.links.size(), 0.0),
      link_(index.links.size(), 0.0),
      movement_(index.movements.size(), 0.0) {
  for (std::size_t p = 0; p < trips_.size(); ++p) trips_[p] = paths_.share(p) * 1000;
  sum_up();
}

void PathFlows::sum_up() {
  std::fill(link_.begin(), link_.end(), 0.0);
  std::fill(movement_.begin(), movement_.end(), 0.0);
  for (std::size_t p = 0; p < trips_.size(); ++p) {
    for (const auto l : paths_.links(p)) link_[l] += trips_[p];
    for (const auto m : paths_.movements(p)) movement_[m] += trips_[p];
  }
}

// All ways together towards the counted sum.
void PathFlows::scale_all(std::span<const LinkCount> counts, double power) {
  double counted = 0;
  double here = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i].trust <= 0 || link_[i] <= 0) continue;
    counted += counts[i].trust * counts[i].flow;
    here += counts[i].trust * link_[i];
  }
  if (counted <= 0 || here <= 0) return;
  const double factor = std::pow(counted / here, power);
  for (auto& t : trips_) t *= factor;
  sum_up();
  started_ = true;
}

std::size_t PathFlows::visit(std::uint32_t link, double target, double step) {
  const double wanted =
      step > 0 ? step * std::log((target + kLeast) / (link_[link] + kLeast)) : 0.0;
  const double change = std::clamp(wanted, -kMostStep, kMostStep) - kFade * log_[link];
  const double log = std::clamp(log_[link] + change, -kMost, kMost);
  const double factor = std::exp(log - log_[link]);
  log_[link] = log;
  std::size_t touched = 1;
  for (const auto p : paths_.over(link)) {
    const double more = trips_[p] * (factor - 1);
    trips_[p] += more;
    const auto links = paths_.links(p);
    for (const auto l : links) link_[l] += more;
    for (const auto m : paths_.movements(p)) movement_[m] += more;
    touched += 2 * links.size();
  }
  return touched;
}

double PathFlows::flow_without(std::uint32_t link) const {
  return link_[link] * std::exp(-log_[link]);
}

void PathFlows::fit(std::span<const LinkCount> counts, double sweeps, std::size_t budget) {
  if (empty()) return;
  if (!started_) scale_all(counts, 1);
  if (!started_) return;
  const auto n = static_cast<std::uint32_t>(log_.size());
  const auto visits = static_cast<std::size_t>(sweeps * n);
  std::size_t touched = 0;
  for (std::size_t k = 0; k < visits && touched < budget; ++k) {
    const auto i = next_;
    next_ = (next_ + 1) % n;
    if (next_ == 0) {
      // The whole sum also ends the rounding that adding and taking away let grow.
      scale_all(counts, kScaleStep);
      touched += 2 * trips_.size();
    }
    if (counts[i].trust > 0) {
      touched += visit(i, counts[i].flow, kStep * counts[i].trust);
    } else if (std::abs(log_[i]) > 1e-6) {
      touched += visit(i, 0, 0);
    }
  }
}

}  // namespace dispecer::traffic
