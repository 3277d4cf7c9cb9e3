#include "controller/signals/cycle_forecast.h"

#include <algorithm>
#include <cmath>

namespace dispecer::signals {
namespace {

constexpr float kBusy = 0.15F;      // of its flow that a yielding bundle keeps against a queue
constexpr float kLeastFlow = 0.1F;  // veh/s

float f(double v) {
  return static_cast<float>(v);
}

}  // namespace

CycleForecast::CycleForecast(const Site& site, const JunctionView& view,
                             const std::vector<double>& pressed,
                             const std::vector<BusDemand>& buses, const SignalParameters& p)
    : site_(site), p_(p), n_(site.bundles.rows.size()) {
  come_.assign(kSteps * n_, 0.0F);
  clear_.assign(site.stages.size() * n_, 0.0F);
  Row mass{};
  for (std::size_t b = 0; b < n_; ++b) {
    const auto& row = site.bundles.rows[b];
    best_flow_[b] = kLeastFlow;
    weight_[b] = 1;
    if (row.movements.empty()) continue;  // people on foot have their turn in every cycle
    MovementView all;
    double useful = 0;
    double near = 1e-3;
    double waiting = 0;
    for (const auto i : row.movements) {
      const auto& m = view.movements[i];
      all.queue += m.queue;
      const double soon = m.queue + m.come[2] + 1e-3;
      near += soon;
      useful += soon * downstream_factor(m.storage, p);
      waiting = std::max(waiting, m.waiting);
      for (std::size_t k = 0; k <= kBins; ++k) all.come[k] += m.come[k];
    }
    if (b < pressed.size()) all.queue += pressed[b];
    queue_[b] = f(all.queue);
    mass[b] = f(all.queue + all.come[kBins]) + 0.1F;
    weight_[b] = f((useful / near + 0.05) * (1 + std::min(waiting / p.waiting_full_s, 1.0)));
    double before = 0;
    for (std::size_t k = 0; k < kSteps; ++k) {
      const double now = all.arrivals(kStep * static_cast<double>(k + 1));
      come_[k * n_ + b] = f(now - before);
      before = now;
    }
  }
  for (const auto& lane : site.bundles.lanes) {
    float all = 0;
    for (const auto b : lane.bundles) all += mass[b];
    for (std::size_t s = 0; s < site.stages.size(); ++s) {
      float open = 0;
      for (const auto b : lane.bundles) {
        if (site.bundles.rows[b].shows[s] != Show::red) open += mass[b];
      }
      if (open <= 0) continue;
      // First in, first out: the more of a lane has red, the sooner it stands in the way.
      const float free = open / all;
      for (const auto b : lane.bundles) {
        const auto show = site.bundles.rows[b].shows[s];
        if (show == Show::red) continue;
        const float yields = show == Show::yields ? f(p.yielding_share) : 1.0F;
        clear_[s * n_ + b] += f(lane.flow) * mass[b] / open * free * yields;
      }
    }
  }
  for (std::size_t s = 0; s < site.stages.size(); ++s) {
    for (std::size_t b = 0; b < n_; ++b) {
      best_flow_[b] = std::max(best_flow_[b], clear_[s * n_ + b]);
    }
  }
  for (const auto& bus : buses) {
    const auto b = site.bundles.of(bus.movement, bus.group);
    if (b != kNone) buses_.push_back({b, bus.eta, bus.weight});
  }
}

void CycleForecast::step(const Moving& now, Row& queue, Row& flow) const {
  for (std::size_t b = 0; b < n_; ++b) {
    const auto& shows = site_.bundles.rows[b].shows;
    const bool had = shows[now.before] != Show::red;
    const bool has = shows[now.stage] != Show::red;
    const bool goes = now.green ? has && (had || !now.starting) : has && had;
    flow[b] = goes ? clear_[now.stage * n_ + b] : 0.0F;
    auto foes = site_.bundles.foes[now.stage * n_ + b];
    for (std::size_t h = 0; goes && foes != 0 && h < n_; ++h, foes >>= 1U) {
      if ((foes & 1U) != 0 && queue[h] > 0.5F) flow[b] *= kBusy;
    }
  }
}

double CycleForecast::cost(const Ring& ring, const std::vector<int>& bands, double at) const {
  const std::size_t n = ring.size();
  std::size_t i = 0;
  while (i + 1 < n && ring.start(i + 1, bands) <= at) ++i;
  double turn = 0;  // s from the begin of this cycle to that of the one that is looked at
  Row queue = queue_;
  Row flow{};
  float cost = 0;
  Moving now{ring.stages[i].stage, ring.stages[i].stage, true, false};
  double begun = at - 1e3;
  std::vector<bool> passed(buses_.size(), false);
  const auto end_of = [&](std::size_t k) {
    return k + 1 < n ? ring.start(k + 1, bands) : ring.end();
  };
  std::size_t k = 0;
  const double last = ring.end() + ring.cycle;
  for (double t = at; t < last && k < kSteps; t += kStep, ++k) {
    while (t >= turn + end_of(i)) {
      begun = turn + end_of(i);
      now.before = ring.stages[i].stage;
      i = (i + 1) % n;
      if (i == 0) turn += ring.cycle;
      now.stage = ring.stages[i].stage;
    }
    const double ends = turn + end_of(i) - ring.stages[i].between;
    Moving here = now;
    if (t >= ends) {
      here = {ring.stages[(i + 1) % n].stage, ring.stages[i].stage, false, false};
    } else {
      here.starting = t < begun + p_.startup_s;
    }
    step(here, queue, flow);
    for (std::size_t b = 0; b < n_; ++b) {
      const float come = come_[k * n_ + b];
      const float served = std::min(queue[b] + come, flow[b] * f(kStep));
      const bool stops = queue[b] > 0.5F || flow[b] <= 0;
      queue[b] += come - served;
      cost += weight_[b] * (queue[b] * f(kStep) + (stops ? come * f(p_.stop_s) : 0.0F));
    }
    for (std::size_t x = 0; x < buses_.size(); ++x) {
      const auto& bus = buses_[x];
      if (passed[x] || t - at < bus.eta) continue;
      passed[x] = flow[bus.bundle] > 0 && queue[bus.bundle] < 1;
      if (!passed[x]) cost += f(bus.weight * kStep);
    }
  }
  for (std::size_t b = 0; b < n_; ++b) {
    if (queue[b] <= 0) continue;
    const float clear = std::min(queue[b] / best_flow_[b], 120.0F);
    cost += weight_[b] * queue[b] * (0.5F * clear + f(p_.left_red_s));
  }
  return static_cast<double>(cost);
}

}  // namespace dispecer::signals
