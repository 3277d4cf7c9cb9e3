#include "controller/signals/shadow.h"

#include <algorithm>
#include <cmath>

#include "controller/signals/assume.h"
#include "controller/signals/junction.h"

namespace dispecer::signals {
namespace {

struct Costs {
  double candidate = 0;
  double live = 0;
};

// What the best sequences that begin with the one and the other choice cost by `p`; absent where
// the look-ahead does not get so far with one of them.
std::optional<Costs> price(const Site& site, const Memory& memory, const JunctionView& view,
                           const std::vector<BusDemand>& buses, UtcTime now,
                           const SignalParameters& p, Horizon& horizon, std::uint32_t candidate,
                           std::uint32_t live) {
  auto& question = horizon.question;
  question.watch_only = false;
  question.from = memory.stage;
  question.wait.assign(site.stages.size(), -1);
  question.blocked.assign(site.stages.size(), 0);
  for (const auto target : {candidate, live}) {
    const auto& way = site.way(memory.stage, target);
    if (target == memory.stage || way.first == kNone) continue;
    question.wait[target] =
        std::max(0.0, min_green_left(site, memory, memory.stage, way.first, now));
  }
  horizon.look(site, view, memory, buses, p);
  const auto own = horizon.cost_of(candidate);
  const auto other = horizon.cost_of(live);
  if (!own || !other) return std::nullopt;
  return Costs{*own, *other};
}

bool breaks(const Site& site, const Memory& memory, const std::vector<Need>& due,
            std::uint32_t target, const SignalParameters& p) {
  const auto from = memory.stage;
  double start = 1;
  if (target != from) {
    start = site.way(from, target).loss + std::max(site.stages[target].min_green, p.least_green_s);
  }
  return !schedule(site, due, target, start).keeps;
}

void count_edge(bool is, bool& was, std::uint64_t& all, std::uint64_t& own) {
  if (is && !was) {
    ++all;
    ++own;
  }
  was = is;
}

}  // namespace

bool shadowed(double share, std::size_t index) {
  const auto at = static_cast<double>(index);
  return std::floor((at + 1) * share) > std::floor(at * share);
}

std::optional<Choice> shadow_choice(Shadow& shadow, const Site& site, const Memory& memory,
                                    const JunctionView& view, const std::vector<BusDemand>& buses,
                                    UtcTime now) {
  const auto& p = shadow.parameters;
  if (memory.override_ || memory.book || !memory.claims.empty() || memory.stage == kNone ||
      view.data_age > p.fresh_s || !standing(site, memory, view, Lever::stage, p).think) {
    return std::nullopt;
  }
  // Once the live change is ordered there is nothing left to choose.
  if (memory.ours && memory.wanted != kNone && memory.wanted != memory.stage) return std::nullopt;
  shadow.view = view;
  assume_unknown(site, memory, now, p, shadow.view);
  return decide(site, shadow.view, memory, buses, now, p, shadow.horizon);
}

void shadow_score(Shadow& shadow, const Site& site, const Memory& memory, const JunctionView& view,
                  const std::vector<BusDemand>& buses, UtcTime now,
                  const SignalParameters& parameters, const Choice& candidate, const Choice& live) {
  if (candidate.target == kNone || live.target == kNone || memory.stage == kNone) return;
  auto& all = shadow.score;
  auto& own = shadow.junctions[site.signals.junction];
  auto& edge = shadow.edges[site.signals.junction];
  ++all.seconds;
  ++own.seconds;
  const auto from = memory.stage;
  count_edge(candidate.target != from, edge.changing, all.changes, own.changes);
  count_edge(live.target != from, edge.live_changing, all.live_changes, own.live_changes);
  shadow.view = view;
  assume_unknown(site, memory, now, parameters, shadow.view);
  const auto due = needs(site, shadow.view, memory, now, parameters);
  const bool breaking = breaks(site, memory, due, candidate.target, parameters);
  const bool live_breaking = breaks(site, memory, due, live.target, parameters);
  count_edge(breaking, edge.breaking, all.breaches, own.breaches);
  count_edge(live_breaking, edge.live_breaking, all.live_breaches, own.live_breaches);
  if (candidate.target == live.target) return;
  ++all.different;
  ++own.different;
  const auto by_live = price(site, memory, shadow.view, buses, now, parameters, shadow.horizon,
                             candidate.target, live.target);
  if (!by_live) return;
  shadow.view = view;
  assume_unknown(site, memory, now, shadow.parameters, shadow.view);
  const auto by_own = price(site, memory, shadow.view, buses, now, shadow.parameters,
                            shadow.horizon, candidate.target, live.target);
  if (!by_own) return;
  for (auto* score : {&all, &own}) {
    ++score->priced;
    score->loss += by_live->candidate - by_live->live;
    score->gain += by_own->live - by_own->candidate;
  }
}

std::map<std::string, std::uint64_t> shadow_counters(const Shadow& shadow) {
  const auto& s = shadow.score;
  // A counter cannot fall below nothing; what is negative is in the report of the replay.
  const auto whole = [](double v) {
    return static_cast<std::uint64_t>(std::llround(std::max(0.0, v)));
  };
  return {{"shadow_seconds", s.seconds},        {"shadow_different", s.different},
          {"shadow_loss_veh_s", whole(s.loss)}, {"shadow_gain_veh_s", whole(s.gain)},
          {"shadow_changes", s.changes},        {"shadow_live_changes", s.live_changes},
          {"shadow_breaches", s.breaches},      {"shadow_live_breaches", s.live_breaches}};
}

}  // namespace dispecer::signals
