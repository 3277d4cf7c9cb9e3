#include "fusion/traffic/incidents.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "fusion/traffic/traffic.h"

namespace dispecer::traffic {
namespace {

constexpr double kLeft = 0.2;  // of the usual rate, in an incident
constexpr double kUsualTau_s = 1200;
constexpr double kEnough_s = 600;   // of counted time before a loop has a usual rate
constexpr double kLeastRate = 120;  // veh/h
constexpr double kThreshold = 10;   // exp(10) = 22,000 to one
constexpr double kGap_s = 75;       // traffic comes in platoons: so long a gap says nothing
constexpr double kStands_s = 45;

// What all loops do now against their last hour, so that an evening is no incident.
double common_level(const State& state) {
  double now = 0;
  double usual = 0;
  for (std::size_t d = 0; d < state.detectors.size(); ++d) {
    const auto& live = state.detectors[d];
    const double span = live.window.span_s();
    if (!live.healthy() || span < 900) continue;
    now += live.flow_veh_h();
    usual += live.window.vehicles() / span * 3600;
  }
  return usual > 0 ? std::clamp(now / usual, 0.2, 1.5) : 1.0;
}

bool is_loop(DetectorKind kind) {
  return kind == DetectorKind::stop_line || kind == DetectorKind::advance ||
         kind == DetectorKind::entry;
}

std::optional<bool> green_for(const State& state, const DetectorIndex& index) {
  if (index.kind != DetectorKind::stop_line) return std::nullopt;
  std::optional<bool> green;
  for (const auto m : index.movements) {
    if (const auto g = green_of(state, state.index.movements[m]))
      green = green.value_or(false) || *g;
  }
  return green;
}

void step_loop(State& state, std::size_t d, double level, double dt) {
  const auto& index = state.index.detectors[d];
  const auto& live = state.detectors[d];
  auto& loss = state.losses[d];
  if (!is_loop(index.kind) || !live.healthy()) {
    loss.evidence = 0;
    loss.lost = false;
    return;
  }
  const double hits = live.stepped_hits;
  const auto green = green_for(state, index);
  const double counted_dt = green && !*green ? 0.0 : dt;
  const bool known = loss.weight >= kEnough_s;
  const double usual = known ? loss.usual : 0;
  const double rate = usual * level;
  if (known && rate * 3600 >= kLeastRate) {
    loss.evidence += hits * std::log(kLeft) + (1 - kLeft) * rate * counted_dt;
    loss.evidence = std::max(0.0, loss.evidence);
    const double gap = green ? 0.5 * kGap_s : kGap_s;
    const double threshold = kThreshold + (1 - kLeft) * rate * gap;
    loss.threshold = threshold;
    if (loss.evidence >= threshold) loss.lost = true;
    if (loss.evidence < 0.4 * threshold) loss.lost = false;
  } else {
    loss.evidence = 0;
    loss.lost = false;
  }
  // What is usual is learnt while nothing speaks against it.
  if (loss.evidence > 0.5 * kThreshold && known) return;
  if (counted_dt <= 0 && hits <= 0) return;
  const double k = 1 - std::exp(-counted_dt / kUsualTau_s);
  loss.weight += counted_dt;
  const double first = std::max(k, counted_dt / std::max(loss.weight, 1.0));
  loss.usual += (hits / std::max(counted_dt, 1.0) - loss.usual) * std::min(1.0, first);
}

struct Signs {
  unsigned loops = 0;  // healthy
  unsigned lost = 0;
  bool beyond_doubt = false;  // one of them with twice the evidence
  bool stands = false;
};

Signs signs_of(const State& state, const LinkIndex& link) {
  Signs signs;
  for (const auto* loops : {&link.stop_line, &link.advance, &link.entry}) {
    for (const auto d : *loops) {
      const auto& loss = state.losses[d];
      const auto& live = state.detectors[d];
      signs.loops += live.healthy() ? 1U : 0U;
      signs.lost += loss.lost ? 1U : 0U;
      signs.beyond_doubt = signs.beyond_doubt || (loss.lost && loss.evidence >= 2 * loss.threshold);
      if (loops != &link.stop_line && live.healthy() && live.occupied_s >= kStands_s) {
        signs.stands = true;
      }
    }
  }
  return signs;
}

bool lost_beside(const State& state, const LinkIndex& link) {
  const auto lost = [&](std::uint32_t k) {
    return k != kNone && signs_of(state, state.index.links[k]).lost > 0;
  };
  return std::any_of(link.in.begin(), link.in.end(),
                     [&](auto m) { return lost(state.index.movements[m].from); }) ||
         std::any_of(link.out.begin(), link.out.end(),
                     [&](auto m) { return lost(state.index.movements[m].to); });
}

}  // namespace

void step_incidents(State& state, double dt, std::vector<AlarmEvent>& events) {
  const double level = common_level(state);
  // Links with something to judge, each once.
  auto& links = state.visit;
  links.clear();
  const auto note = [&](std::uint32_t link) {
    if (link == kNone || state.link_losses[link].noted) return;
    state.link_losses[link].noted = true;
    links.push_back(link);
  };
  for (std::size_t d = 0; d < state.detectors.size(); ++d) {
    step_loop(state, d, level, dt);
    if (state.losses[d].lost) note(state.index.detectors[d].link);
  }
  for (const auto i : state.blocked) note(i);
  std::sort(links.begin(), links.end());
  state.blocked.clear();
  for (const auto i : links) {
    const auto& link = state.index.links[i];
    auto& loss = state.link_losses[i];
    loss.noted = false;
    const auto signs = signs_of(state, link);
    const bool strong = signs.lost > 1 || lost_beside(state, link) ||
                        (signs.beyond_doubt && (signs.loops == 1 || signs.stands));
    const bool now = !state.links[i].excused && signs.lost > 0 && strong;
    const bool changed = now != loss.active && !(loss.active && signs.lost > 0);
    if (changed) loss.active = now;
    if (loss.active) state.blocked.push_back(i);
    if (!changed) continue;
    if (now) loss.since = state.now;
    char text[96];
    std::snprintf(text, sizeof text, "%u loops see a fifth of their usual traffic or less%s",
                  signs.lost, signs.stands ? ", traffic stands" : "");
    events.push_back({"incident", link.id.str(), AlarmPriority::high, now, state.now,
                      now ? text : "traffic runs again"});
    detail::count(state, now ? "traffic.incident" : "traffic.incident_over");
  }
}

}  // namespace dispecer::traffic
