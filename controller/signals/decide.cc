#include "controller/signals/decide.h"

#include <algorithm>
#include <cstdio>

#include "controller/signals/pace.h"

namespace dispecer::signals {
namespace {

struct Pick {
  std::uint32_t target = kNone;
  const char* rule = "";
  const char* otherwise = "";
  Outlook outlook;
  double left = 0;  // s of the red that is due, where that decides
  std::uint32_t group = 0;
};

// What staying would do, for the reason.
const char* staying(const Outlook& outlook) {
  return outlook.demand_here ? "extend" : "rest";
}

// Of those whom the stage would let go, the share that leads into links which are full and which
// the stage does not empty itself; below 0 = it would let nobody go.
double into_full_links(const Site& site, const JunctionView& view, std::uint32_t stage,
                       const SignalParameters& p) {
  const auto& green = site.stages[stage].green;
  double all = 0;
  double full = 0;
  for (const auto g : site.stages[stage].groups) {
    for (const auto i : site.group_movements[g]) {
      const auto& row = site.movements[i];
      const auto& m = view.movements[i];
      const double near = m.queue + m.come[1];
      if (near <= 0.5) continue;
      all += near;
      // A link that holds hardly a vehicle says nothing about what is behind it.
      const bool tells = row.room_veh <= 0 || row.room_veh * row.ahead.room >= p.least_storage_veh;
      const bool empties = std::any_of(row.onward.begin(), row.onward.end(), [&](auto next) {
        return green[site.movements[next].group];
      });
      if (tells && !empties && m.storage > p.spillback_storage) full += near;
    }
  }
  return all > 0 ? full / all : -1;
}

// No stage may let somebody into a full link. Where that leaves none at all, those may go that
// mostly lead elsewhere: a junction at which nobody goes empties no link.
void find_blocked(const Site& site, const JunctionView& view, const SignalParameters& p,
                  std::vector<char>& blocked) {
  const std::size_t n = site.stages.size();
  blocked.assign(n, 0);
  bool free = false;
  for (std::uint32_t s = 0; s < n; ++s) {
    const double share = into_full_links(site, view, s, p);
    blocked[s] = share > 0 ? 1 : 0;
    free = free || share == 0;
  }
  if (free) return;
  for (std::uint32_t s = 0; s < n; ++s) {
    blocked[s] = into_full_links(site, view, s, p) > p.full_share ? 1 : 0;
  }
}

Pick pick(const Site& site, const JunctionView& view, const Memory& memory,
          const std::vector<Need>& due, const std::vector<BusDemand>& buses, bool watch_only,
          UtcTime now, const SignalParameters& p, Horizon& horizon) {
  const auto from = memory.stage;
  const std::size_t n = site.stages.size();
  auto& question = horizon.question;
  question.watch_only = watch_only;
  question.from = from;
  question.wait.assign(n, -1);
  find_blocked(site, view, p, question.blocked);
  auto stay = schedule(site, due, from, kOrderSeconds);
  bool risk = false;
  bool full = false;
  for (std::uint32_t s = 0; s < n; ++s) {
    const auto& way = site.way(from, s);
    if (s == from || way.first == kNone) continue;
    if (question.blocked[s] != 0) {
      full = true;
      continue;
    }
    if (!schedule(site, due, s, until_left(site, from, s, p)).keeps) {
      risk = true;
      continue;
    }
    question.wait[s] = std::max(0.0, min_green_left(site, memory, from, way.first, now));
  }
  const double ran = in_seconds(now - memory.stage_since);
  const auto beat = memory.saturated ? pace(site, view, memory, question.blocked, ran, p) : Pace{};
  const bool paced = beat.next != kNone && question.wait[beat.next] >= 0;
  if (paced) {
    for (std::uint32_t s = 0; s < n; ++s) {
      if (s != beat.next) question.wait[s] = -1;
    }
    question.wait[beat.next] = std::max(question.wait[beat.next], beat.least);
  }
  Pick out;
  out.outlook = horizon.look(site, view, memory, buses, p);
  out.target = out.outlook.target;
  if (!stay.keeps) {
    const auto reds = firm(due);
    if (!schedule(site, reds, stay.stage, until_left(site, from, stay.stage, p)).keeps) {
      stay = schedule(site, reds, from, kOrderSeconds);
    }
    out.target = stay.stage;
    out.rule = "max_red";
    out.otherwise = staying(out.outlook);
    out.left = stay.left;
    out.group = stay.group;
    return out;
  }
  const bool here = out.outlook.demand_here;
  if (paced && beat.most <= 0) {
    out.target = beat.next;
    out.rule = "plan_pace";
    out.otherwise = staying(out.outlook);
  } else if (out.target != from) {
    out.rule = question.blocked[from] != 0 ? "spillback_end" : "least_cost";
    out.otherwise = staying(out.outlook);
  } else {
    out.rule = here ? "serving" : risk ? "max_red_reserve" : full ? "spillback_hold" : "no_demand";
    if (here) out.otherwise = "change";
  }
  return out;
}

Choice begun(const Site& site, const Memory& memory, const char* rule) {
  Choice out;
  out.stage = memory.wanted;
  out.target = memory.wanted;
  out.action = SignalAction::change;
  out.reason.rule = rule;
  out.green = site.stages[memory.wanted].min_green;
  return out;
}

// Under way to another stage: between two, or ordered and not begun yet.
std::optional<Choice> under_way(const Site& site, const Memory& memory, UtcTime now,
                                const SignalParameters& p) {
  if (memory.stage == kNone) {
    if (memory.ours && memory.wanted != kNone) return begun(site, memory, "changing");
    Choice none;
    none.reason.rule = "between_stages";
    return none;
  }
  const double asked = in_seconds(now - memory.wanted_since);
  if (memory.ours && memory.wanted != kNone && memory.wanted != memory.stage &&
      asked < p.change_patience_s) {
    return begun(site, memory, "change_ordered");
  }
  return std::nullopt;
}

// Seconds for which crossings still have green for themselves before the stage that they lead.
double lead_left(const Site& site, const Memory& memory, std::uint32_t from, std::uint32_t to,
                 UtcTime now) {
  const auto& lead = site.leads[to];
  if (lead.stage != from) return 0;
  double left = 0;
  for (const auto g : lead.groups) {
    const auto& group = memory.groups[g];
    left =
        std::max(left, group.green ? lead.seconds - in_seconds(now - group.since) : lead.seconds);
  }
  return left;
}

// Does the running stage lead another one, and is that not over?
bool leads_on(const Site& site, const Memory& memory, UtcTime now) {
  for (std::uint32_t s = 0; s < site.leads.size(); ++s) {
    if (lead_left(site, memory, memory.stage, s, now) > 0) return true;
  }
  return false;
}

// Asks for the first stage of the way to `target`, once minimum greens are over.
void ask(const Site& site, const Memory& memory, UtcTime now, Choice& out) {
  const auto from = memory.stage;
  if (out.target == from) {
    out.stage = from;
    if (out.reason.rule == "no_demand" && leads_on(site, memory, now)) {
      out.reason.rule = "early_start";
    }
    return;
  }
  out.stage = site.way(from, out.target).first;
  const double left = min_green_left(site, memory, from, out.stage, now);
  if (left > 0) {
    const bool led = lead_left(site, memory, from, out.stage, now) >= left;
    out.reason.otherwise = out.reason.rule;
    out.reason.rule = led ? "early_start" : "min_green";
    out.reason.inputs.push_back({"min_green_left_s", text(left)});
    out.stage = from;
    out.target = from;
    out.action = SignalAction::hold;
    out.priority = false;
    return;
  }
  out.action = SignalAction::change;
  out.begins = site.way(from, out.target).loss;
}

}  // namespace

std::string text(double value, int decimals) {
  char buffer[48];
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
  return buffer;
}

double min_green_left(const Site& site, const Memory& memory, std::uint32_t from, std::uint32_t to,
                      UtcTime now) {
  double left = 0;
  for (const auto g : site.stages[from].groups) {
    if (site.stages[to].green[g] || !memory.groups[g].green) continue;
    const double ran = in_seconds(now - memory.groups[g].since);
    const double least = site.signals.groups[g].min_green.time.value + site.longer_walk[g];
    left = std::max(left, least - ran);
  }
  return std::max(left, lead_left(site, memory, from, to, now));
}

Choice decide(const Site& site, const JunctionView& view, const Memory& memory,
              const std::vector<BusDemand>& buses, UtcTime now, const SignalParameters& p,
              Horizon& horizon) {
  if (auto change = under_way(site, memory, now, p)) return *change;
  const auto from = memory.stage;
  const auto due = needs(site, view, memory, now, p);
  auto with = pick(site, view, memory, due, buses, false, now, p, horizon);
  const auto without =
      buses.empty() ? with : pick(site, view, memory, due, buses, true, now, p, horizon);
  const double gain = without.outlook.bus_s - with.outlook.bus_s;
  const double loss = with.outlook.others - without.outlook.others;
  bool held_back = false;
  if (with.target != without.target && gain < p.least_bus_gain_s) {
    with = without;
    held_back = true;
  }

  Choice out;
  out.target = with.target;
  out.without = without.target;
  out.green = with.outlook.ends;
  out.action = with.outlook.demand_here ? SignalAction::extend : SignalAction::hold;
  out.reason.rule = with.rule;
  out.reason.otherwise = with.otherwise;
  if (with.target != without.target) {
    out.priority = true;
    out.reason.otherwise =
        without.target == from ? staying(without.outlook) : std::string(without.rule);
    const auto back = site.way(without.target, with.target).loss;
    out.spared_from = with.target == from ? 0 : site.way(from, with.target).loss;
    // Another stage may come before the bus's; of several buses each counts for its share.
    const double each = gain / static_cast<double>(buses.size());
    out.spared_until = std::max(without.outlook.ends + back, out.spared_from + each);
    if (with.target == from) {
      out.reason.rule = "bus_extension";
      out.given = 1;
    } else {
      out.reason.rule = without.target == from ? "bus_early_green" : "bus_stage_order";
      out.given = std::min(without.outlook.ends, p.credit_most_s);
    }
  }
  const auto ran = in_seconds(now - memory.stage_since);
  auto& inputs = out.reason.inputs;
  inputs.push_back({"stage_ran_s", text(ran, 0)});
  inputs.push_back({"stay_cost_veh_s", text(with.outlook.stay_cost)});
  if (with.target != from) {
    inputs.push_back({"target_stage", std::to_string(site.stages[with.target].number)});
    inputs.push_back({"target_cost_veh_s", text(with.outlook.cost)});
  }
  inputs.push_back({"green_ends_s", text(with.outlook.ends, 0)});
  if (out.reason.rule == "max_red") {
    inputs.push_back({"group", site.signals.groups[with.group].id.str()});
    inputs.push_back({"red_left_s", text(with.left)});
  }
  if (!buses.empty()) {
    inputs.push_back({"buses", std::to_string(buses.size())});
    if (out.priority || held_back) {
      inputs.push_back({"bus_gain_s", text(gain)});
      inputs.push_back({"others_loss_veh_s", text(loss)});
    }
  }
  ask(site, memory, now, out);
  return out;
}

Choice go_to(const Site& site, const Memory& memory, std::uint32_t target, UtcTime now,
             std::string rule, const SignalParameters& p) {
  if (auto change = under_way(site, memory, now, p)) return *change;
  Choice out;
  out.reason.rule = std::move(rule);
  out.target = target;
  out.without = target;
  out.action = SignalAction::hold;
  out.green = site.stages[target].min_green;
  if (site.way(memory.stage, target).first == kNone) {
    out.reason.otherwise = "no_allowed_way";
    out.target = memory.stage;
  }
  ask(site, memory, now, out);
  return out;
}

Choice follow_cycle(const Site& site, const JunctionView& view, const Memory& memory, UtcTime now,
                    const SignalParameters& p) {
  if (site.ring.empty()) {
    Choice none;
    none.reason.rule = "no_plan";
    return none;
  }
  if (auto change = under_way(site, memory, now, p)) return *change;
  const auto place = std::find(site.ring.begin(), site.ring.end(), memory.stage);
  if (place == site.ring.end()) return go_to(site, memory, site.ring.front(), now, "cycle_join", p);

  const auto queued = [&](std::uint32_t stage) {
    double sum = 0;
    for (const auto& bundle : site.bundles.rows) {
      if (bundle.shows[stage] == Show::red) continue;
      double most = 0;
      for (const auto m : bundle.movements) most = std::max(most, view.movements[m].queue);
      sum += most;
    }
    return sum + 1;
  };
  double all = 0;
  for (const auto s : site.ring) all += queued(s);
  const auto next =
      site.ring[static_cast<std::size_t>(place - site.ring.begin() + 1) % site.ring.size()];
  const double plan = site.stages[memory.stage].plan_span;
  const double span = 0.5 * plan + 0.5 * site.cycle * queued(memory.stage) / all;
  const double green = span - site.way(memory.stage, next).loss;
  const double ran = in_seconds(now - memory.stage_since);
  const bool stay = ran < green || next == memory.stage;
  auto out = go_to(site, memory, stay ? memory.stage : next, now, "cycle_layer", p);
  out.reason.inputs.push_back({"split_s", text(span)});
  out.reason.inputs.push_back({"stage_ran_s", text(ran, 0)});
  out.reason.inputs.push_back({"data_age_s", text(std::min(view.data_age, 1e6), 0)});
  return out;
}

}  // namespace dispecer::signals
