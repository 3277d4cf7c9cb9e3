#include "controller/signals/clear_way.h"

#include <algorithm>
#include <tuple>

#include "controller/signals/assume.h"

namespace dispecer::signals {
namespace {

// Vehicles that one stage gives way to, or shares its link with, weigh little beside a change.
constexpr double kYields = 8;  // s that a green which gives way may cost
// A queue that takes longer is let go while the vehicle comes; to begin sooner would cost the
// others more than it saves.
constexpr double kFlushMost = 25;   // s
constexpr double kLaneMates = 0.5;  // s, for each further movement of its link that can clear

struct Due {
  const Claim* claim = nullptr;
  std::uint32_t group = 0;
  std::uint32_t stage = kNone;
  double queue = 0;  // veh before it, of a lane
  double flush = 0;  // s until they are gone, from green on
  double lead = 0;   // s before its arrival at which the change must begin
  bool open = false;
  bool due = false;
};

struct Scene {
  const Site& site;
  const JunctionView& view;
  const Memory& memory;
  UtcTime now;
  const SignalParameters& p;
};

double change_time(const Scene& s, std::uint32_t to) {
  const auto& way = s.site.way(s.memory.stage, to);
  if (to == s.memory.stage) return 0;
  return std::max(0.0, min_green_left(s.site, s.memory, s.memory.stage, way.first, s.now)) +
         way.loss;
}

// Stage that serves the group best; `others` are served along where they can be.
std::uint32_t stage_for(const Scene& s, const Claim& claim, const std::vector<Due>& others) {
  const auto group = s.site.movements[claim.movement].group;
  const auto from = s.memory.stage;
  std::uint32_t best = kNone;
  double least = 0;
  for (std::uint32_t i = 0; i < s.site.stages.size(); ++i) {
    const auto& stage = s.site.stages[i];
    if (!stage.green[group] || s.site.way(from, i).first == kNone) continue;
    const auto& yielding = s.site.signals.stages[i].yielding;
    double cost = change_time(s, i);
    if (std::find(yielding.begin(), yielding.end(), group) != yielding.end()) cost += kYields;
    for (const auto& m : s.site.movements) {
      if (m.from == s.site.movements[claim.movement].from && stage.green[m.group])
        cost -= kLaneMates;
    }
    for (const auto& other : others) {
      if (other.due && other.claim != &claim && stage.green[other.group]) cost -= kYields;
    }
    if (best == kNone || cost < least) {
      best = i;
      least = cost;
    }
  }
  return best;
}

// What stands before the vehicle in one of its link's lanes when it arrives.
double queue_before(const Scene& s, const Claim& claim, bool open) {
  const auto& link = s.site.movements[claim.movement].from;
  double all = 0;
  for (std::size_t i = 0; i < s.site.movements.size(); ++i) {
    if (s.site.movements[i].from != link) continue;
    all += s.view.movements[i].queue;
    if (!open) all += s.view.movements[i].arrivals(std::max(0.0, claim.low));
  }
  double lanes = 0;
  for (const auto& lane : s.site.bundles.lanes) {
    const auto& first = s.site.bundles.rows[lane.bundles.front()];
    if (!first.movements.empty() && s.site.movements[first.movements.front()].from == link)
      lanes += 1;
  }
  return all / std::max(1.0, lanes);
}

double lane_flow(const Site& site, std::uint32_t movement) {
  for (const auto& b : site.bundles.rows) {
    if (std::find(b.movements.begin(), b.movements.end(), movement) != b.movements.end()) {
      return b.lane_flow;
    }
  }
  return 0.5;
}

Due judge(const Scene& s, const Claim& claim, const std::vector<Due>& others) {
  Due d;
  d.claim = &claim;
  d.group = s.site.movements[claim.movement].group;
  d.stage = stage_for(s, claim, others);
  if (d.stage == kNone) return d;
  d.open = s.site.stages[s.memory.stage].green[d.group];
  d.queue = queue_before(s, claim, d.open);
  if (d.queue > 0.3) {
    const double seconds = d.queue / std::max(0.1, lane_flow(s.site, claim.movement));
    d.flush = std::min(kFlushMost, s.p.startup_s + seconds);
  }
  d.lead = change_time(s, d.stage) + d.flush + s.p.claim_margin_s;
  d.due = claim.low <= d.lead;
  return d;
}

// Lower goes first.
auto order(const Scene& s, const Due& d) {
  const bool passing = d.open && d.claim->low <= s.p.claim_near_s;
  return std::tuple(!passing, d.claim->precedence, !d.open, d.claim->low, d.claim->asked.us,
                    d.claim->corridor);
}

// A stage that the guard insists on before it lets `target` run, or that would be forgotten for as
// long as a corridor lasts; kNone = none.
std::uint32_t starved(const Scene& s, std::uint32_t target, std::uint32_t wanted) {
  for (std::uint32_t g = 0; g < s.memory.groups.size(); ++g) {
    const double own = s.site.signals.groups[g].max_red.time.value;
    const double limit = own > 0 ? own : s.p.max_red_s;
    if (s.memory.groups[g].green || s.site.stages[target].green[g]) continue;
    if (waited(s.site, s.view, s.memory, g, s.now) < limit - s.p.due_margin_s) continue;
    const auto& of_foot = s.site.group_crossings[g];
    const auto& of_road = s.site.group_movements[g];
    const bool asks = std::any_of(of_foot.begin(), of_foot.end(),
                                  [&](auto c) { return s.view.crossings[c].called; }) ||
                      std::any_of(of_road.begin(), of_road.end(),
                                  [&](auto m) { return s.view.movements[m].wants(); });
    if (!asks) continue;
    std::uint32_t found = kNone;
    for (std::uint32_t i = 0; i < s.site.stages.size(); ++i) {
      if (!s.site.stages[i].green[g] || s.site.way(s.memory.stage, i).first != i) continue;
      if (found == kNone || s.site.stages[i].green[wanted]) found = i;
    }
    if (found != kNone) return found;
  }
  return kNone;
}

// The change that was ordered last and has not begun does not bind.
Choice go(const Scene& s, std::uint32_t target, std::string rule) {
  Memory free = s.memory;
  if (free.wanted != s.site.way(free.stage, target).first) free.wanted = free.stage;
  return go_to(s.site, free, target, s.now, std::move(rule), s.p);
}

void explain(Choice& choice, const Due& d, std::size_t claims, const Choice& ordinary) {
  auto& inputs = choice.reason.inputs;
  inputs.push_back({"corridor", d.claim->corridor});
  inputs.push_back({"eta_s", text(d.claim->eta, 0)});
  inputs.push_back({"lead_s", text(d.lead, 0)});
  inputs.push_back({"queue_before_veh", text(d.queue)});
  if (claims > 1) inputs.push_back({"corridors", std::to_string(claims)});
  if (choice.reason.otherwise.empty()) choice.reason.otherwise = ordinary.reason.rule;
}

Choice win(const Scene& s, const Due& d, std::size_t claims, const Choice& ordinary) {
  auto target = d.stage;
  std::string rule = target == s.memory.stage ? "emergency_hold" : "emergency_green";
  if (const auto first = starved(s, target, d.group); first != kNone) {
    target = first;
    rule = s.site.stages[first].green[d.group] ? rule : "max_red";
  }
  auto choice = go(s, target, std::move(rule));
  explain(choice, d, claims, ordinary);
  return choice;
}

// Does the way over `stage` lead back to the vehicle's green in time?
bool in_time(const Scene& s, const Due& d, std::uint32_t stage) {
  if (s.site.stages[stage].green[d.group]) return true;
  const double spent = change_time(s, stage) +
                       std::max(s.site.stages[stage].min_green, s.p.least_green_s) +
                       s.site.way(stage, d.stage).loss;
  return spent + d.flush + s.p.claim_margin_s <= d.claim->low;
}

// Reds that would fall due while the vehicle has its green are served before it, where there is
// time.
std::uint32_t serve_before(const Scene& s, const Due& d) {
  for (const auto& need : needs(s.site, s.view, s.memory, s.now, s.p)) {
    const double limit = s.site.signals.groups[need.group].max_red.time.value;
    if (limit <= 0 || need.left > d.claim->eta + s.p.claim_margin_s ||
        s.site.stages[d.stage].green[need.group]) {
      continue;
    }
    const auto plan = schedule(s.site, {need}, s.memory.stage, 0);
    if (plan.stage != kNone && in_time(s, d, plan.stage)) return plan.stage;
  }
  return kNone;
}

}  // namespace

Choice clear_way(const Site& site, const JunctionView& seen, const Memory& memory,
                 const std::vector<Claim>& claims, const Choice& ordinary, UtcTime now,
                 const SignalParameters& p) {
  if (memory.stage == kNone) return ordinary;  // a change is under way: nothing to choose
  JunctionView view = seen;
  assume_unknown(site, memory, now, p, view);
  const Scene s{site, view, memory, now, p};
  std::vector<Due> all;
  for (const auto& c : claims) all.push_back(judge(s, c, {}));
  const auto without_way =
      std::remove_if(all.begin(), all.end(), [](const Due& d) { return d.stage == kNone; });
  all.erase(without_way, all.end());
  if (all.empty()) return ordinary;
  std::sort(all.begin(), all.end(),
            [&](const Due& a, const Due& b) { return order(s, a) < order(s, b); });
  for (const auto& d : all) {
    if (d.due) return win(s, judge(s, *d.claim, all), claims.size(), ordinary);
  }
  const auto& next = *std::min_element(all.begin(), all.end(), [](const Due& a, const Due& b) {
    return a.claim->low - a.lead < b.claim->low - b.lead;
  });
  if (ordinary.reason.rule == "max_red" || ordinary.reason.rule == "change_ordered") {
    return ordinary;
  }
  if (next.claim->low < p.claim_ahead_s) {
    if (const auto before = serve_before(s, next); before != kNone && before != memory.stage) {
      auto choice = go(s, before, "max_red_before_emergency");
      explain(choice, next, claims.size(), ordinary);
      return choice;
    }
  }
  const bool leaves = ordinary.action == SignalAction::change && ordinary.target != kNone;
  if (!leaves || in_time(s, next, ordinary.target)) return ordinary;
  auto choice = go(s, memory.stage, "emergency_reserve");
  explain(choice, next, claims.size(), ordinary);
  return choice;
}

}  // namespace dispecer::signals
