// Queues by counting in and out. Vehicles that an upstream loop saw travel to the back of queue and
// wait; stop-line loops take them out again. Counting drifts, so the queue is set right wherever
// the street shows it: an uncovered stop line, a covered one at red, a loop upstream that is stood
// upon.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "fusion/traffic/queue_detail.h"

namespace dispecer::traffic {
namespace {

using namespace queueing;

void arrive(State& state, std::int64_t last, std::int64_t second, double dt) {
  const double gap = static_cast<double>(std::max<std::int64_t>(second - last, 1));
  for (std::int64_t s = std::max(last + 1, second - static_cast<std::int64_t>(kPipe) + 1);
       s <= second; ++s) {
    const auto near = state.near.all(s);
    const auto far = state.far.all(s);
    const auto now = slot(s, kCame);
    for (std::size_t m = 0; m < state.movements.size(); ++m) {
      const auto& index = state.index.movements[m];
      if (index.from == kNone) continue;
      auto& live = state.movements[m];
      const auto& link = state.links[index.from];
      const double rate = link.flow / 3600.0 * index.share * dt / gap;
      double came = link.near ? static_cast<double>(near[m])
                              : (link.far ? static_cast<double>(far[m]) : rate);
      // Beyond the loops nobody is counted; they come as they usually do.
      if (link.near) came += link.unseen_share * rate;
      near[m] = far[m] = 0;
      state.came[m * kCame + now] = static_cast<float>(came);
      live.queue += came;
      live.counted += came;
    }
  }
}

void count_departures(State& state) {
  for (const auto& link : state.index.links) {
    for (const auto d : link.stop_line) {
      const auto& loop = state.detectors[d];
      if (!loop.healthy() || loop.stepped_left <= 0) continue;
      const auto& users = state.index.detectors[d].movements;
      bool any_green = false;
      for (const auto m : users) {
        any_green = any_green || may_go(state, m);
      }
      const auto may = [&](std::uint32_t m) { return !any_green || may_go(state, m); };
      double waiting = 0;
      double shares = 0;
      for (const auto m : users) {
        if (!may(m)) continue;
        waiting += state.movements[m].queue;
        shares += state.index.movements[m].share;
      }
      // Those that wait leave first; who did not wait is told apart by the turning shares.
      const double queued = std::min(loop.stepped_left, waiting);
      const double passing = loop.stepped_left - queued;
      for (const auto m : users) {
        if (!may(m)) continue;
        const auto& movement = state.index.movements[m];
        const double lanes_missed = static_cast<double>(movement.lanes.size()) /
                                    static_cast<double>(healthy_of(state, movement.stop_line));
        const double of_queue = waiting > 0 ? queued * state.movements[m].queue / waiting : 0.0;
        const double of_rest = shares > 0 ? passing * state.index.movements[m].share / shares : 0.0;
        state.movements[m].departed += (of_queue + of_rest) * lanes_missed;
      }
    }
  }
}

// What may have left where no loop counts it: saturation flow while the signal lets go.
double modelled_departures(const State& state, std::size_t m, double dt) {
  const auto& index = state.index.movements[m];
  const auto& live = state.movements[m];
  if (live.queue <= 0) return 0;
  // Nobody leaves into a link that is full.
  if (index.to != kNone) {
    const auto& to = state.index.links[index.to];
    const double room = to.length - state.parameters.spillback_m;
    if (!to.out.empty() && room > 0 && state.links[index.to].tail_m >= room) return 0;
  }
  double share = 1;
  if (index.group != kNone) {
    const auto lamp = state.lamps[m];
    if (lamp == Lamp::unknown) {
      share = 0.4;
    } else if (lamp == Lamp::red || live.green_s <= state.parameters.startup_s) {
      return 0;
    }
  }
  return std::min(live.queue, index.saturation / 3600.0 * share * dt);
}

void depart(State& state, std::int64_t second, double dt) {
  for (std::size_t m = 0; m < state.movements.size(); ++m) {
    auto& live = state.movements[m];
    const auto& index = state.index.movements[m];
    const auto lamp = state.lamps[m];
    const bool green = lamp == Lamp::green;
    live.green_s = green ? live.green_s + dt : 0.0;
    if (lamp != Lamp::unknown) {
      live.green_share += ((green ? 1.0 : 0.0) - live.green_share) * std::min(1.0, dt / 600);
    }
    live.departed = 0;
    live.measured_out = healthy_of(state, index.stop_line) > 0;
  }
  count_departures(state);
  for (std::size_t m = 0; m < state.movements.size(); ++m) {
    auto& live = state.movements[m];
    const auto& index = state.index.movements[m];
    if (index.from == kNone) continue;
    if (!live.measured_out) live.departed = modelled_departures(state, m, dt);
    live.queue -= live.departed;
    live.counted += live.departed;
    if (live.queue >= 0) continue;
    double missing = -live.queue;
    live.queue = 0;
    overtake(state, m, state.links[index.from].near, second, missing);
  }
}

// A detector covered at red is a call, and stands until the group has had its green: the signal
// controller takes it so, even where the count says that nobody is left. Who only drove over it
// within the second does not wait there.
void call(State& state, double dt) {
  for (std::size_t m = 0; m < state.movements.size(); ++m) {
    auto& live = state.movements[m];
    if (live.called >= 0) live.called += dt;
    if (may_go(state, m)) live.called = -1;
  }
  for (std::uint32_t d = 0; d < state.detectors.size(); ++d) {
    const auto& loop = state.detectors[d];
    if (!loop.occupied) continue;
    for (const auto m : state.index.detectors[d].movements) {
      auto& live = state.movements[m];
      if (live.called < 0 && !may_go(state, m)) live.called = 0;
    }
  }
}

// Since when the first of those that wait has been there: back in time until as many came.
double waiting_of(const State& state, std::size_t m, std::int64_t second, double dt) {
  const auto& live = state.movements[m];
  if (live.queue < 0.5) return std::max(0.0, live.called);
  static_assert((kCame & (kCame - 1)) == 0);
  const float* came = state.came.data() + m * kCame;
  const auto wanted = static_cast<float>(0.9 * live.queue);
  const auto newest = slot(second, kCame);
  const auto at = [&](std::size_t back) { return came[(newest - back) & (kCame - 1)]; };
  // Eight seconds at a time, which do not wait for one another.
  constexpr std::size_t kAtOnce = 8;
  float sum = 0;
  for (std::size_t back = 0; back < kCame; back += kAtOnce) {
    const float here = ((at(back) + at(back + 1)) + (at(back + 2) + at(back + 3))) +
                       ((at(back + 4) + at(back + 5)) + (at(back + 6) + at(back + 7)));
    if (sum + here < wanted) {
      sum += here;
      continue;
    }
    for (std::size_t k = 0; k < kAtOnce; ++k) {
      sum += at(back + k);
      if (sum >= wanted) return static_cast<double>(back + k);
    }
    return static_cast<double>(back + kAtOnce - 1);
  }
  return std::max(static_cast<double>(kCame), live.waiting + dt);
}

void judge(State& state, std::int64_t second, double dt) {
  for (std::size_t m = 0; m < state.movements.size(); ++m) {
    auto& live = state.movements[m];
    const auto& index = state.index.movements[m];
    live.waiting = waiting_of(state, m, second, dt);
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
  std::array<double, 32> lanes;
  std::uint32_t used = 0;
  double most = 0;
  for (const auto m : link.out) {
    const double all = state.movements[m].queue;
    if (all <= 0) continue;
    const auto bits = state.index.movements[m].lane_bits;
    const double queue = all / std::popcount(bits);
    for (auto left = bits; left != 0; left &= left - 1) {
      const auto lane = static_cast<std::size_t>(std::countr_zero(left));
      auto& sum = lanes[lane];
      sum = ((used >> lane) & 1U) != 0 ? sum + queue : queue;
      most = std::max(most, sum);
    }
    used |= bits;
  }
  return most * state.parameters.metres_per_vehicle;
}

double queue_sd(const State& state, std::size_t movement) {
  const auto& p = state.parameters;
  const auto& live = state.movements[movement];
  const auto& index = state.index.movements[movement];
  double variance = 0.25 + p.count_sd * p.count_sd * live.counted;
  if (index.from != kNone) {
    const auto& link = state.links[index.from];
    const double lanes = static_cast<double>(index.lanes.size());
    const double seen = live.measured_out && link.near
                            ? static_cast<double>(healthy_of(state, index.stop_line)) / lanes
                            : 0.0;
    const double arrivals = link.flow * index.share / 60;
    const double doubt = link.flow > 0 ? link.flow_sd / link.flow * arrivals : 0;
    const double unseen = std::max(0.0, 1 - seen);
    // The nearer to capacity, the longer a chance surplus stays.
    const double capacity = index.saturation * std::max(0.05, live.green_share);
    const double room = std::max(0.2, 1 - link.flow * index.share / capacity);
    variance += unseen * (2 * arrivals / room + doubt * doubt + 0.2 * live.queue * live.queue);
  }
  return state.queue_scale * std::sqrt(variance);
}

std::vector<double> arrivals_of(const State& state, std::size_t movement) {
  std::vector<double> bins(kBins, 0.0);
  const auto& index = state.index.movements[movement];
  if (index.from == kNone) return bins;
  const auto& link = state.links[index.from];
  const double rate = link.flow / 3600.0 * index.share;
  const std::int64_t second = second_of(state.now);
  for (std::size_t b = 0; b < kBins; ++b) {
    for (std::int64_t k = 1; k <= kBinSeconds; ++k) {
      const std::int64_t ahead = static_cast<std::int64_t>(b) * kBinSeconds + k;
      const auto s = static_cast<double>(ahead);
      if (link.near && s <= link.near_travel_s) {
        bins[b] += static_cast<double>(state.near.at(second + ahead, movement));
      } else if (link.far && s <= link.far_travel_s) {
        bins[b] += static_cast<double>(state.far.at(second + ahead, movement));
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
  keep_uncleared(state, second);
  correct(state, second);
  correct_by_buses(state, second);
  send(state, second, dt);
  call(state, dt);
  judge(state, second, dt);
}

}  // namespace dispecer::traffic
