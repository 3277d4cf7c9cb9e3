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
  const double hours = dt / gap / 3600;
  for (std::int64_t s = std::max(last + 1, second - static_cast<std::int64_t>(kPipe) + 1);
       s <= second; ++s) {
    const auto near = state.near.all(s);
    const auto far = state.far.all(s);
    const auto now = state.came.all(s);
    for (std::size_t m = 0; m < state.movements.size(); ++m) {
      const auto& index = state.index.movements[m];
      if (index.from == kNone) continue;
      auto& live = state.movements[m];
      const auto& link = state.links[index.from];
      const double flow = link.flow * index.share;
      const double rate = flow * hours;
      state.usual[m] = static_cast<float>(flow);
      double came = link.near ? static_cast<double>(near[m])
                              : (link.far ? static_cast<double>(far[m]) : rate);
      // Beyond the loops nobody is counted; they come as they usually do.
      if (link.near) came += link.unseen_share * rate;
      near[m] = far[m] = 0;
      now[m] = static_cast<float>(came);
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
        const double lanes_missed =
            lanes_of(movement) / static_cast<double>(healthy_of(state, movement.stop_line));
        const double of_queue = waiting > 0 ? queued * state.movements[m].queue / waiting : 0.0;
        const double of_rest = shares > 0 ? passing * state.index.movements[m].share / shares : 0.0;
        state.departed[m] += static_cast<float>((of_queue + of_rest) * lanes_missed);
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
    state.departed[m] = 0;
    live.measured_out = healthy_of(state, index.stop_line) > 0;
  }
  count_departures(state);
  for (std::size_t m = 0; m < state.movements.size(); ++m) {
    auto& live = state.movements[m];
    const auto& index = state.index.movements[m];
    if (index.from == kNone) continue;
    if (!live.measured_out) {
      state.departed[m] = static_cast<float>(modelled_departures(state, m, dt));
    }
    const auto departed = static_cast<double>(state.departed[m]);
    live.queue -= departed;
    live.counted += departed;
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
  for (const auto m : state.index.watched) {
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

// Since when the first of those that wait has been there: back in time until as many came. The
// place is kept from second to second; it moves by as much as came and left.
double waiting_of(State& state, std::size_t m, std::int64_t last, std::int64_t second, double dt) {
  auto& live = state.movements[m];
  auto& from = live.came_from;
  if (live.queue < 0.5) {
    from = MovementLive::kNobody;
    return 0;
  }
  const auto at = [&](std::int64_t s) { return static_cast<double>(state.came.at(s, m)); };
  if (from == MovementLive::kNobody) {
    from = second + 1;
    live.came = 0;
  } else {
    for (auto s = last + 1; s <= second; ++s) live.came += at(s);
  }
  const double wanted = 0.9 * live.queue;
  const auto oldest = second - static_cast<std::int64_t>(kWaited) + 1;
  for (; from < oldest; ++from) live.came -= at(from);
  while (live.came < wanted && from > oldest) live.came += at(--from);
  while (from < second && live.came - at(from) >= wanted) live.came -= at(from++);
  if (live.came >= wanted) return static_cast<double>(second - from);
  return std::max(static_cast<double>(kWaited), live.waiting + dt);
}

void judge(State& state, std::int64_t last, std::int64_t second, double dt) {
  for (const auto m : state.index.watched) {
    auto& live = state.movements[m];
    const auto& index = state.index.movements[m];
    const auto& from = state.index.links[index.from];
    live.seen = false;
    for (const auto* loops : {&index.stop_line, &from.advance, &from.entry}) {
      for (const auto d : *loops) {
        if (!state.detectors[d].healthy()) continue;
        live.seen = true;
        live.news = std::max(live.news, state.detectors[d].news);
      }
    }
  }
  for (std::size_t m = 0; m < state.movements.size(); ++m) {
    auto& live = state.movements[m];
    const auto& index = state.index.movements[m];
    // Whoever called first waits at least since then, however the queue is counted.
    live.waiting = std::max(waiting_of(state, m, last, second, dt), live.called);
    if (index.from == kNone) continue;
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
  const double far_s =
      std::min(state.index.links[index.from].travel_s, static_cast<double>(kPipe - 1));
  const double rate = link.flow / 3600.0 * index.share;
  const std::int64_t second = second_of(state.now);
  for (std::size_t b = 0; b < kBins; ++b) {
    for (std::int64_t k = 1; k <= kBinSeconds; ++k) {
      const std::int64_t ahead = static_cast<std::int64_t>(b) * kBinSeconds + k;
      const auto s = static_cast<double>(ahead);
      if (link.near && s <= link.near_travel_s) {
        bins[b] += static_cast<double>(state.near.at(second + ahead, movement));
      } else if (link.far && s <= far_s) {
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
  judge(state, last, second, dt);
}

}  // namespace dispecer::traffic
