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
  const double start = target == from ? kOrderSeconds : until_left(site, from, target, p);
  return !schedule(site, due, target, start).keeps;
}

void count_edge(bool is, bool& was, std::uint64_t& all, std::uint64_t& own) {
  if (is && !was) {
    ++all;
    ++own;
  }
  was = is;
}

// The stage that the local plan has in its green, or on its way to, at this second of its cycle.
std::optional<Choice> by_clock(const Site& site, const Memory& memory, UtcTime now,
                               const SignalParameters& p) {
  const auto* plan = find_plan(site.signals, site.signals.local_plan);
  if (plan == nullptr || plan->ring.empty()) return std::nullopt;
  const auto cycle_us = static_cast<std::int64_t>(plan->cycle.value * 1e6);
  const auto offset_us = static_cast<std::int64_t>(plan->offset.value * 1e6);
  const double at = static_cast<double>((now.us - offset_us) % cycle_us) / 1e6;
  const PlanStage* here = &plan->ring.back();
  for (const auto& s : plan->ring) {
    if (s.start.value <= at) here = &s;
  }
  const auto target = site.index_of(here->stage);
  if (target == kNone) return std::nullopt;
  return go_to(site, memory, target, now, "plan_runs", p);
}

ShadowScore less(ShadowScore a, const ShadowScore& b) {
  a.seconds -= b.seconds;
  a.different -= b.different;
  a.priced -= b.priced;
  a.loss -= b.loss;
  a.gain -= b.gain;
  a.changes -= b.changes;
  a.live_changes -= b.live_changes;
  a.breaches -= b.breaches;
  a.live_breaches -= b.live_breaches;
  return a;
}

void tell(std::map<std::string, std::uint64_t>& out, const std::string& prefix,
          const ShadowScore& s) {
  // A counter cannot fall below nothing; what is negative is in the report.
  const auto whole = [](double v) {
    return static_cast<std::uint64_t>(std::llround(std::max(0.0, v)));
  };
  out[prefix + "seconds"] = s.seconds;
  out[prefix + "different"] = s.different;
  out[prefix + "loss_veh_s"] = whole(s.loss);
  out[prefix + "gain_veh_s"] = whole(s.gain);
  out[prefix + "changes"] = s.changes;
  out[prefix + "live_changes"] = s.live_changes;
  out[prefix + "breaches"] = s.breaches;
  out[prefix + "live_breaches"] = s.live_breaches;
}

}  // namespace

void close_hour(Shadow& shadow) {
  shadow.hour = less(shadow.score, shadow.hour_begun);
  shadow.hour_begun = shadow.score;
  ++shadow.hours;
}

bool shadowed(double share, std::size_t index) {
  const auto at = static_cast<double>(index);
  return std::floor((at + 1) * share) > std::floor(at * share);
}

std::optional<Choice> shadow_choice(Shadow& shadow, const Site& site, const Memory& memory,
                                    const JunctionView& view, const std::vector<BusDemand>& buses,
                                    UtcTime now) {
  const auto& p = shadow.candidate.parameters;
  if (memory.override_ || memory.book || !memory.claims.empty() || memory.stage == kNone ||
      view.data_age > p.fresh_s || !standing(site, memory, view, Lever::stage, p).think) {
    return std::nullopt;
  }
  // Once the live change is ordered there is nothing left to choose.
  if (memory.ours && memory.wanted != kNone && memory.wanted != memory.stage) return std::nullopt;
  switch (shadow.candidate.policy) {
    case ShadowPolicy::cycle:
      return follow_cycle(site, view, memory, now, p);
    case ShadowPolicy::plan:
      return by_clock(site, memory, now, p);
    case ShadowPolicy::look_ahead:
      break;
  }
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
  assume_unknown(site, memory, now, shadow.candidate.parameters, shadow.view);
  const auto by_own = price(site, memory, shadow.view, buses, now, shadow.candidate.parameters,
                            shadow.horizon, candidate.target, live.target);
  if (!by_own) return;
  for (auto* score : {&all, &own}) {
    ++score->priced;
    score->loss += by_live->candidate - by_live->live;
    score->gain += by_own->live - by_own->candidate;
  }
}

std::map<std::string, std::uint64_t> shadow_counters(const Shadow& shadow) {
  std::map<std::string, std::uint64_t> out;
  const auto& name = shadow.candidate.name;
  const auto prefix = "shadow_" + (name.empty() ? "" : name + "_");
  tell(out, prefix, shadow.score);
  if (shadow.hours > 0) tell(out, prefix + "hour_", shadow.hour);
  return out;
}

}  // namespace dispecer::signals
