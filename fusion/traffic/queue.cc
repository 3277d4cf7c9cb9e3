// Queues by counting in and out. Vehicles that an upstream loop saw travel to the back of queue and
// wait; stop-line loops take them out again. Counting drifts, so the queue is set right wherever the
// street shows it: an uncovered stop line, a covered one at red, a loop upstream that is stood upon.
#include <algorithm>
#include <cmath>

#include "fusion/traffic/queue.h"
#include "fusion/traffic/traffic.h"

namespace dispecer::traffic {
namespace {

constexpr double kCruise = 0.9;  // of the free speed, between junctions

std::int64_t second_of(UtcTime t) {
  return t.us >= 0 ? t.us / 1000000 : -((-t.us + 999999) / 1000000);
}
std::size_t slot(std::int64_t second, std::size_t size) {
  const auto n = static_cast<std::int64_t>(size);
  return static_cast<std::size_t>(((second % n) + n) % n);
}

double vehicles_on_lane(const State& state, const LinkIndex& link, std::uint32_t lane) {
  double sum = 0;
  for (const auto m : link.out) {
    const auto& movement = state.index.movements[m];
    if (std::find(movement.lanes.begin(), movement.lanes.end(), lane) == movement.lanes.end()) {
      continue;
    }
    sum += state.movements[m].queue / static_cast<double>(movement.lanes.size());
  }
  return sum;
}

std::size_t healthy_of(const State& state, const std::vector<std::uint32_t>& loops) {
  return static_cast<std::size_t>(std::count_if(
      loops.begin(), loops.end(), [&](auto d) { return state.detectors[d].healthy(); }));
}

// The loops whose counts feed the queue, and those that feed only the forecast behind them.
struct Inputs {
  const std::vector<std::uint32_t>* near = nullptr;
  const std::vector<std::uint32_t>* far = nullptr;  // entry loops, where `near` are advance loops
};
Inputs inputs_of(const State& state, const LinkIndex& link) {
  const bool advance = healthy_of(state, link.advance) > 0;
  const bool entry = healthy_of(state, link.entry) > 0;
  if (advance) return {&link.advance, entry ? &link.entry : nullptr};
  if (entry) return {&link.entry, nullptr};
  return {};
}

void plan_inputs(State& state) {
  for (std::size_t i = 0; i < state.links.size(); ++i) {
    const auto& index = state.index.links[i];
    auto& live = state.links[i];
    const auto inputs = inputs_of(state, index);
    const double speed = index.free_speed * kCruise;
    live.near = inputs.near != nullptr;
    live.far = inputs.far != nullptr || (!index.in.empty() && inputs.near != &index.entry);
    live.near_travel_s = 0;
    if (inputs.near != nullptr) {
      for (const auto d : *inputs.near) {
        if (!state.detectors[d].healthy()) continue;
        live.near_travel_s = std::max(
            live.near_travel_s, std::round(state.index.detectors[d].to_stop_line / speed));
      }
    }
    live.far_travel_s = std::min(std::round(index.length / speed), static_cast<double>(kPipe - 1));
  }
}

// Spreads vehicles over the movements of a link; `lane` kNone = any lane.
template <class Add>
void spread(const State& state, const LinkIndex& link, std::uint32_t lane, double vehicles,
            Add&& add) {
  const auto serves = [&](std::uint32_t m) {
    const auto& lanes = state.index.movements[m].lanes;
    return lane == kNone || std::find(lanes.begin(), lanes.end(), lane) != lanes.end();
  };
  double sum = 0;
  for (const auto m : link.out) sum += serves(m) ? state.index.movements[m].share : 0.0;
  if (sum <= 0) {
    if (lane != kNone) spread(state, link, kNone, vehicles, add);
    return;
  }
  for (const auto m : link.out) {
    if (serves(m)) add(m, vehicles * state.index.movements[m].share / sum);
  }
}

void arrive(State& state, std::int64_t last, std::int64_t second, double dt) {
  const double gap = static_cast<double>(std::max<std::int64_t>(second - last, 1));
  for (std::size_t m = 0; m < state.movements.size(); ++m) {
    auto& live = state.movements[m];
    const auto from = state.index.movements[m].from;
    if (from == kNone) continue;
    const auto& link = state.links[from];
    const double rate = link.flow / 3600.0 * state.index.movements[m].share;
    for (std::int64_t s = std::max(last + 1, second - static_cast<std::int64_t>(kPipe) + 1);
         s <= second; ++s) {
      double& near = live.near[slot(s, kPipe)];
      double& far = live.far[slot(s, kPipe)];
      const double came = link.near ? near : (link.far ? far : rate * dt / gap);
      near = far = 0;
      live.came[slot(s, kCame)] = came;
      live.queue += came;
      live.counted += came;
    }
  }
}

// Takes vehicles that left sooner than expected out of those still expected.
void overtake(MovementLive& live, bool near, std::int64_t second, double& missing) {
  auto& pipe = near ? live.near : live.far;
  for (std::int64_t s = second + 1; s < second + 20 && missing > 0; ++s) {
    double& bin = pipe[slot(s, kPipe)];
    const double taken = std::min(bin, missing);
    bin -= taken;
    missing -= taken;
  }
}

void count_departures(State& state) {
  for (const auto& link : state.index.links) {
    for (const auto d : link.stop_line) {
      const auto& loop = state.detectors[d];
      if (!loop.healthy() || loop.stepped_hits <= 0) continue;
      const auto& users = state.index.detectors[d].movements;
      bool any_green = false;
      for (const auto m : users) {
        any_green = any_green || green_of(state, state.index.movements[m]).value_or(true);
      }
      const auto may = [&](std::uint32_t m) {
        return !any_green || green_of(state, state.index.movements[m]).value_or(true);
      };
      double waiting = 0;
      double shares = 0;
      for (const auto m : users) {
        if (!may(m)) continue;
        waiting += state.movements[m].queue;
        shares += state.index.movements[m].share;
      }
      // Those that wait leave first; who did not wait is told apart by the turning shares.
      const double queued = std::min(loop.stepped_hits, waiting);
      const double passing = loop.stepped_hits - queued;
      for (const auto m : users) {
        if (!may(m)) continue;
        const auto& loops = state.index.movements[m].stop_line;
        const double lanes_missed = static_cast<double>(loops.size()) /
                                    static_cast<double>(healthy_of(state, loops));
        const double of_queue = waiting > 0 ? queued * state.movements[m].queue / waiting : 0.0;
        const double of_rest =
            shares > 0 ? passing * state.index.movements[m].share / shares : 0.0;
        state.movements[m].departed += (of_queue + of_rest) * lanes_missed;
      }
    }
  }
}

// What may have left where no loop counts it: saturation flow while the signal lets go.
double modelled_departures(const State& state, const MovementIndex& index, const MovementLive& live,
                           double dt) {
  double share = 1;
  if (index.group != kNone) {
    const auto green = green_of(state, index);
    if (!green) {
      share = 0.4;
    } else if (!*green || live.green_s <= state.parameters.startup_s) {
      return 0;
    }
  }
  return std::min(live.queue, index.saturation / 3600.0 * share * dt);
}

void depart(State& state, std::int64_t second, double dt) {
  for (std::size_t m = 0; m < state.movements.size(); ++m) {
    auto& live = state.movements[m];
    const auto& index = state.index.movements[m];
    const auto green = green_of(state, index);
    live.green_s = green.value_or(false) ? live.green_s + dt : 0.0;
    live.departed = 0;
    live.measured_out = healthy_of(state, index.stop_line) > 0;
  }
  count_departures(state);
  for (std::size_t m = 0; m < state.movements.size(); ++m) {
    auto& live = state.movements[m];
    const auto& index = state.index.movements[m];
    if (index.from == kNone) continue;
    if (!live.measured_out) live.departed = modelled_departures(state, index, live, dt);
    live.queue -= live.departed;
    live.counted += live.departed;
    if (live.queue >= 0) continue;
    double missing = -live.queue;
    live.queue = 0;
    overtake(live, state.links[index.from].near, second, missing);
  }
}

// Vehicles that the lane of a loop must hold at least; what is missing comes to those movements of
// the lane that `may` wait there. They are taken for those expected next.
template <class May>
void raise(State& state, std::uint32_t d, double least, std::int64_t second, May&& may) {
  const auto& detector = state.index.detectors[d];
  const auto& link = state.index.links[detector.link];
  const auto& users = detector.movements.empty() ? link.out : detector.movements;
  double here = 0;
  double sum = 0;
  for (const auto m : users) {
    const auto& index = state.index.movements[m];
    here += state.movements[m].queue / static_cast<double>(index.lanes.size());
    if (may(m)) sum += state.movements[m].queue + index.share;
  }
  const double missing = least - here;
  if (missing <= 0 || sum <= 0) return;
  for (const auto m : users) {
    if (!may(m)) continue;
    auto& live = state.movements[m];
    const double added = missing * (live.queue + state.index.movements[m].share) / sum;
    live.came[slot(second, kCame)] += added;
    live.queue += added;
    double early = added;
    overtake(live, state.links[detector.link].near, second, early);
  }
}

void correct(State& state, std::int64_t second) {
  const auto& p = state.parameters;
  for (std::size_t m = 0; m < state.movements.size(); ++m) {
    const auto& index = state.index.movements[m];
    auto& live = state.movements[m];
    if (!live.measured_out || healthy_of(state, index.stop_line) < index.lanes.size()) continue;
    const bool clear = std::all_of(index.stop_line.begin(), index.stop_line.end(), [&](auto d) {
      return state.detectors[d].free_s >= p.gap_clears_s;
    });
    if (clear) live.queue = live.counted = 0;
  }
  for (std::uint32_t d = 0; d < state.detectors.size(); ++d) {
    const auto& loop = state.detectors[d];
    const auto& index = state.index.detectors[d];
    if (!loop.healthy() || index.link == kNone) continue;
    if (index.kind == DetectorKind::stop_line && loop.occupied_s >= p.covers_s) {
      raise(state, d, 1.0, second, [&](std::uint32_t m) {
        return state.index.movements[m].group != kNone &&
               !green_of(state, state.index.movements[m]).value_or(false);
      });
    }
    const bool upstream = index.kind == DetectorKind::advance || index.kind == DetectorKind::entry;
    if (upstream && loop.occupied_s >= p.standing_s) {
      raise(state, d, index.to_stop_line / p.metres_per_vehicle + 1, second,
            [](std::uint32_t) { return true; });
    }
  }
  for (const auto& link : state.index.links) {
    const double room = std::max(1.0, link.length * link.lanes / p.metres_per_vehicle);
    double sum = 0;
    for (const auto m : link.out) sum += state.movements[m].queue;
    if (sum <= room) continue;
    for (const auto m : link.out) state.movements[m].queue *= room / sum;
  }
}

void put(std::array<double, kPipe>& pipe, std::int64_t second, double travel_s, double vehicles) {
  const auto ahead = std::clamp<std::int64_t>(static_cast<std::int64_t>(std::lround(travel_s)), 1,
                                              static_cast<std::int64_t>(kPipe) - 1);
  pipe[slot(second + ahead, kPipe)] += vehicles;
}

void send_loops(State& state, const LinkIndex& link, const std::vector<std::uint32_t>& loops,
                bool near, std::int64_t second) {
  const double lanes_missed =
      static_cast<double>(loops.size()) / static_cast<double>(healthy_of(state, loops));
  const double tail = tail_m(state, link);
  for (const auto d : loops) {
    const auto& loop = state.detectors[d];
    if (!loop.healthy() || loop.stepped_hits <= 0) continue;
    const auto& index = state.index.detectors[d];
    const double travel =
        std::max(0.0, index.to_stop_line - tail) / (link.free_speed * kCruise);
    const auto lane = index.to_stop_line <= state.parameters.lane_rule_m ? index.lane : kNone;
    spread(state, link, lane, loop.stepped_hits * lanes_missed, [&](std::uint32_t m, double veh) {
      put(near ? state.movements[m].near : state.movements[m].far, second, travel, veh);
    });
  }
}

// What left the stop lines behind, scaled so that its mean is the flow that conservation found.
void send_departures(State& state, std::size_t i, std::int64_t second) {
  const auto& link = state.index.links[i];
  double vehicles = 0;
  double mean = 0;
  for (const auto m : link.in) {
    const auto from = state.index.movements[m].from;
    vehicles += state.movements[m].departed;
    if (from != kNone) mean += state.links[from].flow * state.index.movements[m].share;
  }
  if (vehicles <= 0) return;
  if (mean > 30) vehicles *= std::clamp(state.links[i].flow / mean, 0.5, 2.0);
  const double travel =
      std::max(0.0, link.length - tail_m(state, link)) / (link.free_speed * kCruise);
  spread(state, link, kNone, vehicles, [&](std::uint32_t m, double veh) {
    put(state.movements[m].far, second, travel, veh);
  });
}

void send(State& state, std::int64_t second) {
  for (std::size_t i = 0; i < state.links.size(); ++i) {
    const auto& link = state.index.links[i];
    if (link.out.empty()) continue;
    const auto inputs = inputs_of(state, link);
    if (inputs.near != nullptr) send_loops(state, link, *inputs.near, true, second);
    if (inputs.far != nullptr) {
      send_loops(state, link, *inputs.far, false, second);
    } else if (state.links[i].far) {
      send_departures(state, i, second);
    }
  }
}

// Since when the first of those that wait has been there: back in time until as many came.
double waiting_of(const MovementLive& live, std::int64_t second, double dt) {
  if (live.queue < 0.5) return 0;
  double sum = 0;
  for (std::size_t back = 0; back < kCame; ++back) {
    sum += live.came[slot(second - static_cast<std::int64_t>(back), kCame)];
    if (sum >= 0.9 * live.queue) return static_cast<double>(back);
  }
  return std::max(static_cast<double>(kCame), live.waiting + dt);
}

void judge(State& state, std::int64_t second, double dt) {
  for (std::size_t m = 0; m < state.movements.size(); ++m) {
    auto& live = state.movements[m];
    const auto& index = state.index.movements[m];
    live.waiting = waiting_of(live, second, dt);
    live.seen = false;
    if (index.from == kNone) continue;
    const auto& from = state.index.links[index.from];
    for (const auto* loops : {&index.stop_line, &from.advance, &from.entry}) {
      for (const auto d : *loops) {
        if (!state.detectors[d].healthy()) continue;
        live.seen = true;
        live.news = std::max(live.news, state.detectors[d].news);
      }
    }
    const auto& link = state.links[index.from];
    if (live.seen) {
      live.quality = live.measured_out && link.near ? Quality::live : Quality::substituted;
    } else if (link.flow_quality == Quality::live || link.flow_quality == Quality::substituted) {
      live.quality = Quality::substituted;
      live.news = std::max(live.news, link.flow_news);
    } else if (live.quality != Quality::unknown) {
      live.quality = Quality::stale;
    }
  }
}

}  // namespace

double tail_m(const State& state, const LinkIndex& link) {
  double most = 0;
  for (std::uint32_t lane = 0; lane < link.lanes; ++lane) {
    most = std::max(most, vehicles_on_lane(state, link, lane));
  }
  return most * state.parameters.metres_per_vehicle;
}

std::vector<double> arrivals_of(const State& state, std::size_t movement) {
  std::vector<double> bins(kBins, 0.0);
  const auto& index = state.index.movements[movement];
  if (index.from == kNone) return bins;
  const auto& live = state.movements[movement];
  const auto& link = state.links[index.from];
  const double rate = link.flow / 3600.0 * index.share;
  const std::int64_t second = second_of(state.now);
  for (std::size_t b = 0; b < kBins; ++b) {
    for (std::int64_t k = 1; k <= kBinSeconds; ++k) {
      const std::int64_t ahead = static_cast<std::int64_t>(b) * kBinSeconds + k;
      const auto at = slot(second + ahead, kPipe);
      const auto s = static_cast<double>(ahead);
      if (link.near && s <= link.near_travel_s) {
        bins[b] += live.near[at];
      } else if (link.far && s <= link.far_travel_s) {
        bins[b] += live.far[at];
      } else {
        bins[b] += rate;
      }
    }
  }
  return bins;
}

void detail::step_queues(State& state, double dt) {
  const std::int64_t second = second_of(state.now);
  const std::int64_t last = second_of(state.now - from_seconds(dt));
  plan_inputs(state);
  arrive(state, last, second, dt);
  depart(state, second, dt);
  correct(state, second);
  send(state, second);
  judge(state, second, dt);
}

}  // namespace dispecer::traffic
