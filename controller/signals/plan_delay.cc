#include "controller/signals/plan_delay.h"

#include <algorithm>
#include <cmath>

namespace dispecer::signals {
namespace {

constexpr double kQuarterHour = 900;    // s, the time over which flows are taken to last
constexpr double kRandomness = 0.5;     // of the overflow term at a signal without actuation
constexpr double kLeastOpposed = 0.15;  // of saturation flow that is left to who gives way
constexpr double kLeastFlow = 1e-6;     // veh/s
constexpr double kLongestCycle = 600;   // s
constexpr double kMostCritical = 0.9;   // sum of flow ratios beyond which no cycle is enough

// Vehicles that wait on average at a bundle.
double waiting(double flow, double capacity, double green_share, double cycle) {
  if (flow <= kLeastFlow) return 0;
  const double c = std::max(capacity, kLeastFlow);
  const double x = flow / c;
  const double share = std::clamp(green_share, 0.0, 1.0);
  const double uniform =
      0.5 * cycle * (1 - share) * (1 - share) / std::max(0.05, 1 - std::min(1.0, x) * share);
  const double over = x - 1;
  const double random = 0.25 * kQuarterHour *
                        (over + std::sqrt(over * over + 8 * kRandomness * x / (c * kQuarterHour)));
  return flow * (uniform + random);
}

}  // namespace

BundleFlows bundle_flows(const Site& site, const std::vector<double>& flow,
                         const SignalParameters& p) {
  BundleFlows out;
  const auto& rows = site.bundles.rows;
  const std::size_t n = rows.size();
  out.flow.assign(n, 0.0);
  out.clear.assign(site.stages.size() * n, 0.0);
  for (std::size_t b = 0; b < n; ++b) {
    for (const auto m : rows[b].movements) out.flow[b] += m < flow.size() ? flow[m] : 0.0;
  }
  for (const auto& lane : site.bundles.lanes) {
    double all = 0;
    for (const auto b : lane.bundles) all += out.flow[b] + kLeastFlow;
    for (std::size_t s = 0; s < site.stages.size(); ++s) {
      double open = 0;
      for (const auto b : lane.bundles) {
        if (rows[b].shows[s] != Show::red) open += out.flow[b] + kLeastFlow;
      }
      if (open <= 0) continue;
      for (const auto b : lane.bundles) {
        if (rows[b].shows[s] == Show::red) continue;
        // First in, first out: what has red in the lane stands in the way of the rest.
        out.clear[s * n + b] += lane.flow * (out.flow[b] + kLeastFlow) / all;
      }
    }
  }
  for (std::size_t s = 0; s < site.stages.size(); ++s) {
    for (std::size_t b = 0; b < n; ++b) {
      if (rows[b].shows[s] != Show::yields) continue;
      double against = 0;
      auto foes = site.bundles.foes[s * n + b];
      for (std::size_t h = 0; foes != 0 && h < n; ++h, foes >>= 1U) {
        const double clear = out.clear[s * n + h];
        if ((foes & 1U) != 0 && clear > 0) against = std::max(against, out.flow[h] / clear);
      }
      out.clear[s * n + b] *= p.yielding_share * std::max(kLeastOpposed, 1 - 2 * against);
    }
  }
  return out;
}

std::vector<double> planned_greens(const Ring& ring) {
  std::vector<double> out;
  for (std::size_t i = 0; i < ring.size(); ++i) out.push_back(ring.green(i));
  return out;
}

std::vector<double> balanced_greens(const Site& site, const Ring& ring, const BundleFlows& flows) {
  const std::size_t n = flows.flow.size();
  const std::size_t stages = ring.size();
  std::vector<double> green;
  double spare = ring.cycle;
  for (const auto& s : ring.stages) {
    green.push_back(s.least);
    spare -= s.least + s.between;
  }
  std::vector<double> served(n, 0.0);  // veh in a cycle
  const auto clear = [&](std::size_t i, std::size_t b) {
    return flows.clear[ring.stages[i].stage * n + b];
  };
  for (std::size_t b = 0; b < n; ++b) {
    for (std::size_t i = 0; i < stages; ++i) served[b] += clear(i, b) * green[i];
  }
  for (; spare >= 1; spare -= 1) {
    std::size_t critical = 0;
    double worst = -1;
    for (std::size_t b = 0; b < n; ++b) {
      if (site.bundles.rows[b].movements.empty()) continue;
      const double x = flows.flow[b] * ring.cycle / std::max(served[b], 1e-3);
      if (x <= worst) continue;
      const bool can = std::any_of(ring.stages.begin(), ring.stages.end(), [&](const auto& s) {
        const auto i = static_cast<std::size_t>(&s - ring.stages.data());
        return clear(i, b) > 0 && green[i] < s.most;
      });
      if (!can) continue;
      worst = x;
      critical = b;
    }
    if (worst < 0) break;
    std::size_t to = stages;
    for (std::size_t i = 0; i < stages; ++i) {
      if (green[i] >= ring.stages[i].most) continue;
      if (to == stages || clear(i, critical) > clear(to, critical)) to = i;
    }
    green[to] += 1;
    for (std::size_t b = 0; b < n; ++b) served[b] += clear(to, b);
  }
  if (!green.empty()) green.back() += std::max(0.0, spare);
  return green;
}

double plan_delay(const Site& site, const Ring& ring, const std::vector<double>& green,
                  const BundleFlows& flows, const SignalParameters& p) {
  const std::size_t n = flows.flow.size();
  const std::size_t stages = ring.size();
  double sum = 0;
  for (std::size_t b = 0; b < n; ++b) {
    const auto& row = site.bundles.rows[b];
    if (row.movements.empty()) continue;
    double open = 0;
    double served = 0;
    for (std::size_t i = 0; i < stages; ++i) {
      const auto here = ring.stages[i].stage;
      if (row.shows[here] == Show::red) continue;
      const auto next = ring.stages[(i + 1) % stages].stage;
      const auto before = ring.stages[(i + stages - 1) % stages].stage;
      double s = green[i];
      if (row.shows[next] != Show::red) s += ring.stages[i].between;
      if (row.shows[before] == Show::red) s -= p.startup_s;
      open += std::max(0.0, s);
      served += std::max(0.0, s) * flows.clear[here * n + b];
    }
    sum += waiting(flows.flow[b], served / ring.cycle, open / ring.cycle, ring.cycle);
  }
  return sum;
}

double webster_cycle(const Site& site, const Ring& ring, const BundleFlows& flows,
                     const SignalParameters& p) {
  const std::size_t n = flows.flow.size();
  double lost = 0;
  double critical = 0;
  std::vector<char> counted(n, 0);
  for (const auto& s : ring.stages) {
    lost += s.between + p.startup_s;
    double most = 0;
    std::size_t which = n;
    for (std::size_t b = 0; b < n; ++b) {
      const double clear = flows.clear[s.stage * n + b];
      if (clear <= 0 || counted[b] != 0 || site.bundles.rows[b].movements.empty()) continue;
      // What also runs in another stage of the ring is not critical in this one.
      const auto elsewhere =
          std::any_of(ring.stages.begin(), ring.stages.end(), [&](const auto& o) {
            return o.stage != s.stage && flows.clear[o.stage * n + b] >= clear;
          });
      if (elsewhere || flows.flow[b] / clear <= most) continue;
      most = flows.flow[b] / clear;
      which = b;
    }
    if (which < n) counted[which] = 1;
    critical += most;
  }
  if (critical >= kMostCritical) return kLongestCycle;
  return std::min(kLongestCycle, (1.5 * lost + 5) / (1 - critical));
}

}  // namespace dispecer::signals
