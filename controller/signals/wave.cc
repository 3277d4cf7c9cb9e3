#include "controller/signals/wave.h"

#include <algorithm>
#include <cmath>

namespace dispecer::signals {
namespace {

constexpr double kSaturation = 0.5;  // cycles a second that leave a stop line, one lane wide
constexpr std::size_t kKept = 240;   // s that what was let go is remembered
constexpr double kGap = 30;          // s without a word: what was on its way is not known

}  // namespace

std::vector<Wave> make_waves(const Network& network) {
  std::map<LinkId, const Link*> links;
  for (const auto& l : network.links) links[l.id] = &l;
  std::map<std::pair<LinkId, LinkId>, const Movement*> movements;
  for (const auto& m : network.movements) movements[{m.from, m.to}] = &m;
  std::vector<Wave> out;
  for (const auto& p : network.progressions) {
    Wave wave;
    wave.weight = p.weight;
    wave.flow = p.flow.value / 3600 * p.weight;
    double travel = 0;
    for (std::size_t i = 0; i + 1 < p.links.size(); ++i) {
      const auto link = links.find(p.links[i]);
      const auto movement = movements.find({p.links[i], p.links[i + 1]});
      if (link == links.end() || movement == movements.end()) break;
      travel += link->second->length.value / std::max(1.0, p.speed.value);
      const auto& m = *movement->second;
      if (m.group.empty()) continue;
      wave.steps.push_back({m.junction, m.id, m.group, travel});
      travel = 0;
    }
    if (wave.steps.size() > 1 && wave.flow > 0) out.push_back(std::move(wave));
  }
  return out;
}

void add_waves(PlatoonNet& net, const std::vector<Wave>& waves,
               const std::map<MovementId, WavePlace>& places) {
  for (const auto& wave : waves) {
    WavePlace before;
    bool fed = false;
    for (const auto& step : wave.steps) {
      const auto at = places.find(step.movement);
      if (at == places.end()) {
        fed = false;
        continue;
      }
      auto& node = net.nodes[at->second.node];
      PlatoonApproach stream;
      stream.flow = wave.flow;
      stream.open = node.approaches[at->second.approach].open;
      for (auto& o : stream.open) {
        if (o > 0) o = static_cast<float>(kSaturation * wave.weight);
      }
      if (fed) {
        stream.feeds.push_back({before.node, before.approach, 1.0, step.travel});
        auto& next = net.nodes[before.node].next;
        if (std::find(next.begin(), next.end(), at->second.node) == next.end()) {
          next.push_back(at->second.node);
        }
      }
      before = {at->second.node, static_cast<std::uint32_t>(node.approaches.size())};
      fed = true;
      node.approaches.push_back(std::move(stream));
    }
  }
}

void follow(const Wave& wave, WaveLive& live, UtcTime now,
            const std::vector<std::optional<bool>>& green) {
  const std::size_t n = wave.steps.size();
  const double since = live.at ? in_seconds(now - *live.at) : kGap;
  if (since > 0 && since < 1) return;
  live.queue.resize(n, 0.0);
  live.sent.resize(n);
  if (since <= 0 || since >= kGap) {
    live.queue.assign(n, 0.0);
    for (auto& s : live.sent) s.clear();
  }
  live.at = now;
  const auto seconds = since >= kGap ? 1 : std::max(1L, std::lround(since));
  for (long k = 0; k < seconds; ++k) {
    for (std::size_t i = n; i-- > 0;) {
      double come = wave.flow;
      if (i > 0) {
        const auto ago = static_cast<std::size_t>(std::lround(wave.steps[i].travel));
        come = ago < live.sent[i - 1].size() ? live.sent[i - 1][ago] : 0.0;
      }
      live.queue[i] += come;
      const bool open = green[i].value_or(false);
      const double goes = open ? std::min(live.queue[i], kSaturation * wave.weight) : 0.0;
      live.queue[i] -= goes;
      live.sent[i].push_front(goes);
      if (live.sent[i].size() > kKept) live.sent[i].pop_back();
    }
  }
}

void expect(const Wave& wave, const WaveLive& live, std::size_t step, MovementView& movement) {
  if (step == 0 || step >= live.sent.size()) return;
  const auto& sent = live.sent[step - 1];
  const auto travel = static_cast<std::size_t>(std::lround(wave.steps[step].travel));
  double sum = 0;
  std::size_t ahead = 0;  // s
  for (std::size_t b = 1; b <= kBins; ++b) {
    const auto until = static_cast<std::size_t>(kBinSeconds * static_cast<double>(b));
    for (; ahead < until && ahead <= travel; ++ahead) {
      const std::size_t ago = travel - ahead;
      if (ago < sent.size()) sum += sent[ago];
    }
    movement.come[b] += sum;
  }
}

}  // namespace dispecer::signals
