// What the healthy loops of each link say of its flow.
#include <algorithm>
#include <cmath>

#include "fusion/traffic/traffic.h"

namespace dispecer::traffic {
namespace {

constexpr double kLeastSpan_s = 20;
constexpr double kLeastShare = 0.05;
constexpr double kOddRatio = 2.5;  // sd

// Share of a link's traffic that runs on a lane: by the turns that may use it, and the more evenly
// the farther from the stop line.
double lane_traffic(const Index& index, const LinkIndex& link, const DetectorIndex& detector) {
  const double even = 1.0 / link.lanes;
  if (link.out.empty()) return even;
  double sum = 0;
  for (const auto m : link.out) {
    const auto& movement = index.movements[m];
    if (std::find(movement.lanes.begin(), movement.lanes.end(), detector.lane) !=
        movement.lanes.end()) {
      sum += movement.share / static_cast<double>(movement.lanes.size());
    }
  }
  return detector.kind == DetectorKind::stop_line ? sum : 0.5 * (sum + even);
}

struct Counted {
  double flow = 0;   // veh/h on the whole link
  double sd = 0;     // 0 = nothing counted
  double share = 0;  // of its traffic that was counted
};

// `rate(d)`: veh/h over a detector and the seconds it stands for; absent = not to be used.
template <class Rate>
Counted counted(const State& state, std::size_t i, Rate&& rate) {
  const auto& link = state.index.links[i];
  const auto& p = state.parameters;
  double sum = 0;
  double share = 0;
  double span = 1e12;
  double apart = 0;
  bool any = false;
  for (std::uint32_t lane = 0; lane < link.lanes; ++lane) {
    double flow = 0;
    double part = 0;
    double n = 0;
    double least = 1e12;
    double most = 0;
    for (const auto* loops : {&link.stop_line, &link.advance, &link.entry}) {
      for (const auto d : *loops) {
        const auto& index = state.index.detectors[d];
        if (index.lane != lane || !state.detectors[d].healthy()) continue;
        const auto r = rate(d);
        if (r.second < 0) continue;
        flow += r.first;
        least = std::min(least, r.first);
        most = std::max(most, r.first);
        span = std::min(span, r.second);
        part += state.lane_share[d];
        n += 1;
      }
    }
    if (n <= 0) continue;
    sum += flow / n;
    apart += 0.5 * (most - least);
    share += part / n;
    any = true;
  }
  if (!any) return {};
  Counted out;
  out.share = std::clamp(share, kLeastShare, 1.0);
  out.flow = sum / out.share;
  // Counts tell all of their own hour; what is short of it is as random as a Poisson stream.
  const double poisson = std::max(out.flow, 12.0) / (span / 3600.0);
  // An empty lane says little of a full one beside it.
  const double implied =
      state.ways.started() ? state.ways.flow_without(static_cast<std::uint32_t>(i)) : 0.0;
  const double unseen = p.lane_share_sd * (1 - out.share) * std::max(out.flow, implied);
  // Two loops of a lane that contradict each other are as wrong as they are apart.
  const double systematic = p.loop_share_sd * out.flow + p.loop_base_sd + apart / out.share;
  out.sd = std::sqrt(poisson + unseen * unseen + systematic * systematic);
  return out;
}

}  // namespace

void detail::count_links(State& state) {
  for (std::size_t d = 0; d < state.index.detectors.size(); ++d) {
    const auto& index = state.index.detectors[d];
    if (index.link == kNone) continue;
    state.lane_share[d] = lane_traffic(state.index, state.index.links[index.link], index);
  }
  for (std::size_t i = 0; i < state.links.size(); ++i) {
    auto& live = state.links[i];
    const auto c = counted(state, i, [&](std::uint32_t d) {
      const auto& window = state.detectors[d].window;
      const double span = window.span_s();
      if (span < kLeastSpan_s) return std::pair{0.0, -1.0};
      // A window that began late stands for its own time only.
      const double whole = std::min(3600.0, std::max(in_seconds(state.now - state.begun), span));
      const double missing = std::max(0.0, whole - span);
      return std::pair{window.vehicles() / span * 3600.0,
                       missing > 30 ? span * whole / missing : 1e9};
    });
    live.counted_hour = c.flow;
    live.counted_hour_sd = c.sd;
    live.counted_share = c.sd > 0 ? c.share : 0;
    state.hour_measured[i] = {c.flow, c.sd > 0 ? 1 / (c.sd * c.sd) : 0.0};
    // What contradicts all others is followed less (weight of a Cauchy tail).
    const double odd = live.error_ratio / kOddRatio;
    state.counts[i] = {c.flow, live.counted_share / (1 + odd * odd)};
  }
}

void detail::count_now(State& state) {
  for (std::size_t i = 0; i < state.links.size(); ++i) {
    const auto c = counted(state, i, [&](std::uint32_t d) {
      const auto& live = state.detectors[d];
      if (live.rate_weight <= 0) return std::pair{0.0, -1.0};
      return std::pair{live.flow_veh_h(), 1e9};
    });
    // One that fell silent since it was weighed says what is believed anyway.
    state.now_measured[i] = {c.sd > 0 ? c.flow : state.links[i].flow,
                             c.sd > 0 ? 1 / (c.sd * c.sd) : 0.0};
    if (c.sd <= 0) continue;
    auto& link = state.links[i];
    for (const auto* loops : {&state.index.links[i].stop_line, &state.index.links[i].advance,
                              &state.index.links[i].entry}) {
      for (const auto d : *loops) {
        if (state.detectors[d].healthy())
          link.flow_news = std::max(link.flow_news, state.detectors[d].news);
      }
    }
  }
}

}  // namespace dispecer::traffic
