#include "controller/signals/platoon.h"

#include <algorithm>
#include <cmath>

namespace dispecer::signals {
namespace {

// Robertson's dispersion: the head of a platoon takes 0.8 of the travel time, and each second the
// share 1 / (1 + 0.35 * 0.8 * travel) of what is still on its way arrives.
constexpr double kHead = 0.8;
constexpr double kDispersion = 0.35;

double delay_of(const PlatoonNet& net, double offset, const PlatoonApproach& approach,
                std::vector<float>* out) {
  const std::size_t n = net.steps();
  if (n == 0 || approach.flow <= 0) return 0;
  std::vector<float> come(n, 0.0F);
  double fed = 0;
  for (const auto& feed : approach.feeds) {
    const auto& source = net.nodes[feed.node].approaches[feed.bundle].out;
    if (source.size() != n) continue;
    const double head = kHead * feed.travel;
    const auto lag = static_cast<std::size_t>(head / kPlatoonStep + 0.5);
    const auto arrives =
        static_cast<float>(1 - std::pow(1 - 1 / (1 + kDispersion * head), kPlatoonStep));
    float flow = 0;
    // Once around to find where the recursion stands, once to keep it.
    for (std::size_t k = 0; k < 2 * n; ++k) {
      const float left = source[(k + 10 * n - lag) % n] * static_cast<float>(feed.share);
      flow += arrives * (left - flow);
      if (k >= n) come[k - n] += flow;
    }
  }
  for (const float c : come) fed += static_cast<double>(c) / static_cast<double>(n);
  // What no modelled stop line lets go comes evenly; more than the flow itself never comes.
  const auto even = static_cast<float>(std::max(0.0, approach.flow - fed));
  const auto scale = static_cast<float>(fed > approach.flow ? approach.flow / fed : 1.0);
  const auto shift =
      static_cast<std::size_t>(std::fmod(offset + net.cycle, net.cycle) / kPlatoonStep + 0.5);
  float queue = 0;
  double waits = 0;
  const auto dt = static_cast<float>(kPlatoonStep);
  for (std::size_t k = 0; k < 3 * n; ++k) {
    const std::size_t at = k % n;
    const float in = come[at] * scale + even;
    const float open = approach.open[(at + 2 * n - shift % n) % n];
    const float leaves = std::min(queue / dt + in, open);
    queue = std::max(0.0F, queue + (in - leaves) * dt);
    if (k < 2 * n) continue;
    waits += static_cast<double>(queue) / static_cast<double>(n);
    if (out != nullptr) (*out)[at] = leaves;
  }
  return waits;
}

double delay_of(const PlatoonNet& net, const PlatoonNode& node, double offset) {
  double sum = 0;
  for (const auto& a : node.approaches) sum += delay_of(net, offset, a, nullptr);
  return sum;
}

}  // namespace

double PlatoonNet::run(std::uint32_t index) {
  auto& node = nodes[index];
  double sum = 0;
  for (auto& a : node.approaches) {
    std::vector<float> out(steps(), 0.0F);
    sum += delay_of(*this, node.offset, a, &out);
    a.out = std::move(out);
  }
  return sum;
}

double PlatoonNet::try_offset(std::uint32_t index, double offset) {
  auto& node = nodes[index];
  const double kept = node.offset;
  std::vector<std::vector<float>> outs;
  for (auto& a : node.approaches) outs.push_back(a.out);
  node.offset = offset;
  double sum = run(index);
  for (const auto next : node.next) sum += delay_of(*this, nodes[next], nodes[next].offset);
  node.offset = kept;
  for (std::size_t i = 0; i < outs.size(); ++i) node.approaches[i].out = std::move(outs[i]);
  return sum;
}

double PlatoonNet::settle() {
  double sum = 0;
  for (int turn = 0; turn < 2; ++turn) {
    sum = 0;
    for (std::uint32_t i = 0; i < nodes.size(); ++i) sum += run(i);
  }
  return sum;
}

std::vector<PlatoonApproach> platoon_approaches(const Site& site, const Ring& ring,
                                                const std::vector<double>& green,
                                                const BundleFlows& flows,
                                                const SignalParameters& p) {
  const std::size_t n = flows.flow.size();
  const auto steps = static_cast<std::size_t>(ring.cycle / kPlatoonStep + 0.5);
  std::vector<PlatoonApproach> out(n);
  for (std::size_t b = 0; b < n; ++b) {
    const auto& row = site.bundles.rows[b];
    out[b].flow = row.movements.empty() ? 0.0 : flows.flow[b];
    out[b].open.assign(steps, 0.0F);
    double at = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const auto here = ring.stages[i].stage;
      const auto next = ring.stages[(i + 1) % ring.size()].stage;
      const auto before = ring.stages[(i + ring.size() - 1) % ring.size()].stage;
      double begin = at;
      double end = at + green[i];
      at = end + ring.stages[i].between;
      if (row.shows[here] == Show::red) continue;
      if (row.shows[next] != Show::red) end = at;
      if (row.shows[before] == Show::red) begin += p.startup_s;
      for (std::size_t k = 0; k < steps; ++k) {
        const double middle = (static_cast<double>(k) + 0.5) * kPlatoonStep;
        if (middle >= begin && middle < end) {
          out[b].open[k] = static_cast<float>(flows.clear[here * n + b]);
        }
      }
    }
  }
  return out;
}

std::size_t sweep_offsets(PlatoonNet& net, std::size_t from, std::size_t count, double margin) {
  std::size_t moved = 0;
  for (std::size_t i = from; i < std::min(from + count, net.nodes.size()); ++i) {
    const auto index = static_cast<std::uint32_t>(i);
    auto& node = net.nodes[i];
    const bool alone =
        node.next.empty() && std::all_of(node.approaches.begin(), node.approaches.end(),
                                         [](const PlatoonApproach& a) { return a.feeds.empty(); });
    if (alone) continue;
    const double now = net.try_offset(index, node.offset);
    double best = now;
    double offset = node.offset;
    const auto look = [&](double candidate) {
      const double at = std::fmod(candidate + 2 * net.cycle, net.cycle);
      const double cost = net.try_offset(index, at);
      if (cost >= best) return;
      best = cost;
      offset = at;
    };
    for (double d = 8; d < net.cycle; d += 8) look(node.offset + d);
    const double coarse = offset;
    for (const double d : {-4.0, -2.0, 2.0, 4.0}) look(coarse + d);
    if (best > now * (1 - margin)) continue;
    node.offset = std::round(offset);
    net.run(index);
    ++moved;
  }
  return moved;
}

}  // namespace dispecer::signals
