#include <algorithm>
#include <cmath>

#include "fusion/traffic/queue.h"
#include "fusion/traffic/traffic.h"

namespace dispecer::traffic {
namespace {

constexpr double kSpeedLive_s = 120;  // a street at night has a car every other minute
constexpr double kSpeedGone_s = 900;
constexpr double kVehicleAndLoop_m = 7.0;  // effective length over an occupancy reading

struct Mix {
  double sum = 0;
  double weight = 0;
  double age = 1e12;
  std::uint32_t sources = 0;
  void add(double value, double sd, double age_s, std::uint32_t source) {
    const double w = 1 / (sd * sd);
    sum += w * value;
    weight += w;
    age = std::min(age, age_s);
    sources |= source;
  }
};

void add_loop(Mix& mix, const State& state, const DetectorLive& loop, double free_speed) {
  if (loop.fault != Fault::none || !loop.heard) return;
  const double age = detail::age_s(state, loop.speed_at);
  if (loop.speed_weight > 0 && age <= kSpeedGone_s) {
    mix.add(loop.speed / loop.speed_weight, 1.5, age, kLoops);
    return;
  }
  // Speed from flow and occupancy: v = q (l + d) / o, coarse.
  const double flow = loop.flow_veh_h() / 3600.0;
  if (!loop.live || loop.mean_occupancy() < 0.01 || flow < 0.01) return;
  const double v =
      std::clamp(flow * kVehicleAndLoop_m / loop.mean_occupancy(), 0.3, 1.3 * free_speed);
  mix.add(v, 0.4 * v + 0.5, detail::age_s(state, loop.news), kLoops);
}

Quality worse(Quality a, Quality b) {
  const auto rank = [](Quality q) {
    switch (q) {
      case Quality::live:
        return 0;
      case Quality::substituted:
        return 1;
      case Quality::stale:
        return 2;
      case Quality::implausible:
        return 3;
      case Quality::unknown:
        break;
    }
    return 4;
  };
  return rank(a) >= rank(b) ? a : b;
}

// Has green, but whoever stands on its stop lines does not go.
bool blocked(const State& state, std::size_t m) {
  const double least = state.parameters.blocked_s;
  if (state.movements[m].green_s < least) return false;
  bool any = false;
  for (const auto d : state.index.movements[m].stop_line) {
    const auto& loop = state.detectors[d];
    if (!loop.healthy()) continue;
    if (loop.occupied_s < least) return false;
    any = true;
  }
  return any;
}

MovementState movement_state(const State& state, std::size_t m) {
  const auto& live = state.movements[m];
  const auto& index = state.index.movements[m];
  MovementState out;
  out.movement = index.id;
  out.arrivals = arrivals_of(state, m);
  out.waiting = Seconds{live.waiting};
  out.demand_known = live.seen;
  out.queue = {live.queue, queue_sd(state, m),
               live.quality == Quality::unknown ? 0 : detail::age_s(state, live.news), live.quality,
               0};
  if (live.seen) out.queue.sources |= kLoops;
  if (index.from != kNone) {
    const auto& link = state.links[index.from];
    if (!link.near && link.far) out.queue.sources |= kConservation;
    if (!link.near && !link.far) out.queue.sources |= link.flow_sources;
  }
  out.blocked = blocked(state, m);
  return out;
}

LinkState link_state(const State& state, std::size_t i, const std::vector<MovementState>& rows) {
  const auto& p = state.parameters;
  const auto& index = state.index.links[i];
  const auto& live = state.links[i];
  LinkState out;
  out.link = index.id;
  out.speed = speed_of(state, static_cast<std::uint32_t>(i));
  const double age = detail::age_s(state, live.flow_news);
  if (live.flow_quality != Quality::unknown) {
    out.flow = Estimate{live.flow, live.flow_sd, age, live.flow_quality, live.flow_sources};
    out.flow_hour = Estimate{live.hour, live.hour_sd, age, live.flow_quality, live.flow_sources};
  }
  double queue = 0;
  double variance = 0;
  double newest = 1e12;
  Quality quality = Quality::live;
  std::uint32_t sources = 0;
  for (const auto m : index.out) {
    const auto& q = rows[m].queue;
    queue += q.value;
    variance += q.sd * q.sd;
    newest = std::min(newest, q.age_s);
    quality = worse(quality, q.quality);
    sources |= q.sources;
  }
  const double tail = std::min(tail_m(state, index), index.length);
  if (!index.out.empty() && quality != Quality::unknown) {
    out.queue = Estimate{queue, std::sqrt(variance), newest, quality, sources};
    out.queue_length = Estimate{tail, std::sqrt(variance) * p.metres_per_vehicle / index.lanes,
                                newest, quality, sources};
  }
  if (out.flow) {
    const double v =
        out.speed && out.speed->usable() ? std::max(out.speed->value, 1.0) : index.free_speed;
    const double per_m = 1 / 3600.0 / v * (index.length - tail);
    const double moving = live.flow * per_m;
    const double sd = live.flow_sd * per_m;
    out.vehicles =
        Estimate{queue + moving, std::sqrt(variance + sd * sd + moving), age,
                 index.out.empty() ? live.flow_quality : worse(live.flow_quality, quality),
                 live.flow_sources | sources};
  }
  const double on_link = out.vehicles ? out.vehicles->value : queue;
  out.storage =
      Ratio{std::clamp(on_link * p.metres_per_vehicle / (index.length * index.lanes), 0.0, 1.0)};
  out.spillback = index.length > 3 * p.spillback_m && tail >= index.length - p.spillback_m;
  for (const auto d : index.entry) {
    const auto& loop = state.detectors[d];
    out.spillback = out.spillback || (loop.healthy() && loop.occupied_s >= p.standing_s);
  }
  return out;
}

}  // namespace

std::optional<Estimate> speed_of(const State& state, std::uint32_t link) {
  const auto& index = state.index.links[link];
  const auto& live = state.links[link];
  Mix mix;
  for (const auto* loops : {&index.advance, &index.entry}) {
    for (const auto d : *loops) add_loop(mix, state, state.detectors[d], index.free_speed);
  }
  const double bus_age = detail::age_s(state, live.bus_speed_at);
  if (live.bus_heard && bus_age <= kSpeedGone_s) mix.add(live.bus_speed, 3.0, bus_age, kBuses);
  if (mix.weight <= 0) return std::nullopt;
  const Quality quality = mix.age > kSpeedLive_s        ? Quality::stale
                          : (mix.sources & kLoops) != 0 ? Quality::live
                                                        : Quality::substituted;
  return Estimate{mix.sum / mix.weight, std::sqrt(1 / mix.weight), mix.age, quality, mix.sources};
}

void picture(const State& state, CityPicture& out) {
  out.movements.clear();
  out.movements.reserve(state.movements.size());
  for (std::size_t m = 0; m < state.movements.size(); ++m) {
    out.movements.push_back(movement_state(state, m));
  }
  out.links.clear();
  out.links.reserve(state.links.size());
  for (std::size_t i = 0; i < state.links.size(); ++i) {
    out.links.push_back(link_state(state, i, out.movements));
  }
  out.crossings.clear();
  for (std::size_t c = 0; c < state.crossings.size(); ++c) {
    const auto& live = state.crossings[c];
    out.crossings.push_back({state.index.crossings[c].id, live.called,
                             Seconds{live.called ? detail::age_s(state, live.since) : 0.0}});
  }
  out.detectors.clear();
  for (std::size_t d = 0; d < state.detectors.size(); ++d) {
    const auto& live = state.detectors[d];
    const Quality quality = quality_of(live);
    if (quality == Quality::live) continue;
    out.detectors.push_back({state.index.detectors[d].id, quality, live.occupied,
                             to_text(live.fault), Seconds{live.faulty_s}});
  }
}

}  // namespace dispecer::traffic
