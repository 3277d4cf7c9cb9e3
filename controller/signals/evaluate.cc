#include "controller/signals/evaluate.h"

#include <algorithm>
#include <array>

namespace dispecer::signals {
namespace {

// Demand of a stream, its movements together.
struct StreamDemand {
  double queue = 0;
  std::array<double, kBins + 1> come{};
  double weight = 1;    // of one vehicle
  double clearing = 0;  // s of green until the queue is gone
  [[nodiscard]] double arrivals(double t) const {
    const double bins = t / kBinSeconds;
    if (bins >= static_cast<double>(kBins)) return come[kBins] * bins / static_cast<double>(kBins);
    const auto whole = static_cast<std::size_t>(bins);
    return come[whole] + (come[whole + 1] - come[whole]) * (bins - static_cast<double>(whole));
  }
};

double downstream_factor(double storage, const SignalParameters& p) {
  const double room = (p.spillback_storage - storage) / (p.spillback_storage - p.pressure_from);
  return std::clamp(room, 0.0, 1.0);
}

StreamDemand gather(const Stream& stream, const JunctionView& view, const SignalParameters& p,
                    bool& blocked) {
  StreamDemand demand;
  double pressed = 0;
  double all = 0;
  double waiting = 0;
  for (const auto i : stream.movements) {
    const auto& m = view.movements[i];
    demand.queue += m.queue;
    for (std::size_t b = 1; b <= kBins; ++b) demand.come[b] += m.come[b];
    const double near = m.queue + m.come[2] + 1e-3;
    all += near;
    pressed += near * downstream_factor(m.storage, p);
    waiting = std::max(waiting, m.waiting);
    if (m.storage > p.spillback_storage && m.queue + m.come[1] > 0.5) blocked = true;
  }
  demand.weight = all > 0 ? pressed / all : 1.0;
  demand.weight *= 1 + std::min(waiting / p.waiting_full_s, 1.0);
  const double flow = stream.flow + 0.3 * stream.yielding_flow;
  demand.clearing = flow > 0 ? demand.queue / flow : 0;
  return demand;
}

struct BusPoint {
  double passes = 0;  // s from now
  double weight = 0;
};

}  // namespace

void assume_unknown(const Site& site, const Memory& memory, UtcTime now, const SignalParameters& p,
                    JunctionView& view) {
  for (std::size_t i = 0; i < view.movements.size(); ++i) {
    auto& m = view.movements[i];
    if (m.known) continue;
    const auto group = site.movements[i].group;
    const double age = in_seconds(now - memory.groups[group].since);
    double assumed = 0;
    if (!memory.groups[group].green) {
      assumed = p.assumed_flow * std::clamp(age, 0.0, p.max_red_s);
    } else {
      double span = p.dwell_s;
      for (const auto& stage : site.stages) {
        if (stage.green[group]) span = std::max(span, stage.plan_span);
      }
      if (age < span) assumed = 1;
    }
    m.queue = std::max(m.queue, assumed);
    for (std::size_t b = 0; b <= kBins; ++b) {
      m.come[b] = std::max(m.come[b], p.assumed_flow * kBinSeconds * static_cast<double>(b));
    }
  }
}

bool holds_queue(const Site& site, const JunctionView& view, std::uint32_t stage) {
  for (const auto& stream : site.stages[stage].streams) {
    for (const auto m : stream.movements) {
      if (view.movements[m].queue >= 1) return true;
    }
  }
  return false;
}

Worth evaluate(const Site& site, const JunctionView& view, const Memory& memory,
               std::uint32_t index, bool runs, double loss, const std::vector<BusDemand>& buses,
               const SignalParameters& p) {
  constexpr std::array kSteps{2.0, 4.0, 6.0, 9.0, 12.0, 16.0, 20.0, 25.0, 30.0, 40.0};
  constexpr std::size_t kMostStreams = 16;
  constexpr std::size_t kMostBuses = 8;
  const auto& stage = site.stages[index];
  const double before = runs ? 0.0 : loss + p.startup_s;
  Worth worth;

  std::array<StreamDemand, kMostStreams> demand;
  const std::size_t n = std::min(stage.streams.size(), kMostStreams);
  double foes = 0;  // s until the protected queues are gone
  for (std::size_t s = 0; s < n; ++s) {
    demand[s] = gather(stage.streams[s], view, p, worth.blocked);
    if (stage.streams[s].flow > 0) foes = std::max(foes, demand[s].clearing);
  }

  // A bus passes when it is there, the stage has green, and what stands before it has left. Its
  // arrival is uncertain: a third of its weight for each of three moments.
  std::array<BusPoint, 3 * kMostBuses> points;
  std::size_t bus_points = 0;
  for (const auto& bus : buses) {
    if (!stage.green[bus.group] || bus_points + 3 > points.size()) continue;
    double clearing = 0;
    double downstream = 1;
    for (std::size_t s = 0; s < n; ++s) {
      for (const auto m : stage.streams[s].movements) {
        if (site.movements[m].group != bus.group) continue;
        clearing = std::min(demand[s].clearing, bus.to_stop_line / p.metres_per_vehicle * 2.0);
        downstream = std::min(downstream, downstream_factor(view.movements[m].storage, p));
      }
    }
    for (const double eta : {bus.low, bus.eta, bus.high}) {
      points[bus_points++] = {std::max(eta, before + clearing), bus.weight * downstream / 3};
    }
  }

  double once = 0;  // what is served by the first seconds of green: people on foot
  if (!runs) {
    for (const auto c : stage.crossings) {
      const auto& crossing = view.crossings[c];
      if (!crossing.called || memory.groups[site.crossings[c].group].green) continue;
      once += p.pedestrian_value + p.pedestrian_per_s * crossing.waiting;
    }
  }
  const double credit = 1 + p.credit_weight * memory.credit[index];

  const double least = runs ? 0.0 : std::max(stage.min_green, n > 0 ? p.dwell_s : 0.0);
  for (const double step : kSteps) {
    if (step > p.horizon_s) break;
    const double green = runs ? step : std::max(step, least);
    const double t = before + green;
    double served = once;
    double vehicles = 0;
    for (std::size_t s = 0; s < n; ++s) {
      const auto& stream = stage.streams[s];
      const double free = std::max(0.0, green - foes);
      const double room = stream.flow * green + stream.yielding_flow * p.yielding_share * free +
                          (stream.yielding_flow > 0 ? p.sneakers_per_s * green : 0.0);
      const double there = demand[s].queue + demand[s].arrivals(t);
      served += demand[s].weight * std::min(there, room);
      vehicles += there;
    }
    for (std::size_t b = 0; b < bus_points; ++b) {
      if (points[b].passes <= t) served += points[b].weight;
    }
    const double rate = credit * served / t;
    if (rate > worth.rate) worth = {rate, green, vehicles, worth.blocked};
  }
  return worth;
}

}  // namespace dispecer::signals
