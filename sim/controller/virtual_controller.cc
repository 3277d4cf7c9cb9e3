#include "sim/controller/virtual_controller.h"

#include <algorithm>
#include <cmath>

#include "sim/controller/conflict_monitor.h"
#include "sim/controller/detectors.h"
#include "sim/controller/local_plan.h"
#include "sim/controller/modes.h"
#include "sim/controller/pattern.h"

namespace dispecer::sim {
namespace {

void all(State& state, Aspect vehicles, Aspect on_foot, UtcTime now) {
  for (std::size_t g = 0; g < state.lamps.size(); ++g) {
    const bool foot = state.own.groups[g].kind == GroupKind::pedestrian;
    show(state, g, foot ? on_foot : vehicles, now);
  }
}

double startup_red_s(const State& state) {
  double red = state.settings.startup_red_s;
  for (const auto& i : state.own.intergreens) red = std::max(red, i.time.time.value);
  return red;
}

// Greens end over amber before everything stands at red.
void clear_to_red(State& state, UtcTime now) {
  for (std::size_t g = 0; g < state.lamps.size(); ++g) {
    const auto& group = state.own.groups[g];
    const auto amber = from_seconds(group.amber.time.value);
    const bool foot = group.kind == GroupKind::pedestrian;
    const bool green = is_green(state.lamps[g].aspect);
    if (green && !foot && amber.count() > 0) {
      show(state, g, Aspect::amber, now);
    } else if (state.lamps[g].aspect != Aspect::amber || now >= state.lamps[g].since + amber) {
      show(state, g, Aspect::red, now);
    }
  }
}

void run_startup(State& state, UtcTime now) {
  const double gone = in_seconds(now - state.startup_since);
  const double flash = state.settings.startup_flash_s;
  const double amber = flash + state.settings.startup_amber_s;
  if (gone < flash) {
    state.startup = Startup::flash;
    all(state, Aspect::amber_flash, Aspect::dark, now);
  } else if (gone < amber) {
    state.startup = Startup::amber;
    all(state, Aspect::amber, Aspect::red, now);
  } else {
    if (state.startup != Startup::red) {
      state.startup = Startup::red;
      state.startup_since = now - from_seconds(amber);
    }
    all(state, Aspect::red, Aspect::red, now);
    if (in_seconds(now - state.startup_since) >= amber + startup_red_s(state)) {
      state.mode = ControlMode::control;
      state.startup = Startup::none;
    }
  }
}

void release_inputs(State& state, UtcTime now) {
  if (state.faults.contains(Fault::latched_inputs)) return;
  const auto release = from_seconds(state.own.release_time ? state.own.release_time->value
                                                           : state.settings.release_s);
  for (const auto& stage : state.own.stages) {
    if (!stage.demand_input || *stage.demand_input > state.inputs.size()) continue;
    auto& bit = state.inputs[*stage.demand_input - 1];
    if (bit.commanded && now >= bit.refreshed + release) bit.commanded = false;
  }
}

void time_out_bands(State& state, UtcTime now) {
  if (state.band_timeout_min == 0 || !state.supervisor_lost) return;
  if (now < *state.supervisor_lost + std::chrono::minutes{state.band_timeout_min}) return;
  drop_bands(state, now);
}

// Central coordination ends by itself when nobody has been there for a while (signal list: 120 s).
void drop_commanded_plan(State& state, UtcTime now) {
  if (state.settings.plan_hold_s <= 0 || !state.supervisor_lost) return;
  if (now < *state.supervisor_lost + from_seconds(state.settings.plan_hold_s)) return;
  state.plan.reset();
}

// Somebody who has come to a red light waits there until it is green.
void note_demand(State& state, UtcTime now) {
  const auto& wired = state.settings.demand_detectors;
  for (std::size_t g = 0; g < state.lamps.size(); ++g) {
    auto& lamp = state.lamps[g];
    if (is_green(lamp.aspect)) {
      lamp.asked.reset();
      continue;
    }
    const bool unseen = g >= wired.size() || wired[g].empty();
    if (!lamp.asked && (unseen || std::any_of(wired[g].begin(), wired[g].end(), [&](auto number) {
                          return number >= 1 && number <= state.detectors.size() &&
                                 state.detectors[number - 1].reading.occupied;
                        }))) {
      lamp.asked = now;
    }
  }
}

bool waits_too_long(const State& state, const Stage& wanted, UtcTime now) {
  for (std::size_t g = 0; g < state.lamps.size(); ++g) {
    const double most = state.own.groups[g].max_red.time.value;
    const auto& lamp = state.lamps[g];
    if (most <= 0 || is_green(lamp.aspect) || !lamp.green_ended || !lamp.asked) continue;
    if (std::binary_search(wanted.green.begin(), wanted.green.end(), g)) continue;
    if (in_seconds(now - std::max(*lamp.green_ended, *lamp.asked)) >= most) return true;
  }
  return false;
}

// The stage that inputs ask for, if the controller obeys.
std::optional<std::uint32_t> obeyed_demand(State& state, UtcTime now) {
  if (state.emergency_stage && first_hop(state.own, state.stage, *state.emergency_stage))
    return state.emergency_stage;
  const auto wanted = demanded_stages(state);
  if (wanted.empty()) return std::nullopt;
  const auto refuse = [&](const char* rule) {
    ++state.refused[rule];
    state.last_refusal = std::string("stage ") + std::to_string(wanted.front()) + " [" + rule + "]";
    return std::nullopt;
  };
  if (state.fixed_time) return refuse("fixed_time");
  if (state.manual) return refuse("local_control");
  if (!first_hop(state.own, state.stage, wanted.front())) return refuse("no_transition");
  if (waits_too_long(state, *find_stage(state.own, wanted.front()), now)) return refuse("max_red");
  return wanted.front();
}

// Without a red lamp nobody is stopped: all flash amber until a fitter has been there.
void watch_lamps(State& state) {
  if (!state.monitor.tripped.empty()) return;
  for (std::size_t g = 0; g < state.lamp_faults.size(); ++g) {
    if (state.lamp_faults[g].contains(Fault::lamp_red))
      state.monitor.tripped = "red_lamp " + state.own.groups[g].id.str();
  }
}

// A stage with green for the group, the next one in the ring of the running plan.
const Stage* stage_for(const State& state, std::uint32_t group) {
  const auto& ring = state.running_plan().ring;
  std::size_t here = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    if (state.stage == ring[i].stage) here = i;
  }
  for (std::size_t k = 1; k <= ring.size(); ++k) {
    const auto* stage = find_stage(state.own, ring[(here + k) % ring.size()].stage);
    if (std::binary_search(stage->green.begin(), stage->green.end(), group)) return stage;
  }
  return nullptr;
}

// Priority holds green beyond the plan, within bounds, or asks for the stage that gives it.
// Outer nullopt = priority has nothing to say.
std::optional<std::optional<Wish>> priority_wish(State& state, UtcTime now) {
  if (!state.priority_group || state.fixed_time || state.manual) return std::nullopt;
  // What was given is not asked for again while the same request lasts.
  if (state.held_s >= state.settings.max_extension_s) return std::nullopt;
  const auto group = *state.priority_group;
  const auto* stage = stage_for(state, group);
  if (stage == nullptr || waits_too_long(state, *stage, now)) return std::nullopt;
  const bool shown = is_green(state.lamps[group].aspect);
  if (!shown) {
    state.hold_since.reset();
    const auto hop = first_hop(state.own, state.stage, stage->number);
    return hop ? std::optional(std::optional(Wish{*hop, now})) : std::nullopt;
  }
  const auto plan = follow_plan(state, now);
  const auto* next = plan ? find_stage(state.own, plan->stage) : nullptr;
  const bool ends =
      next != nullptr && !std::binary_search(next->green.begin(), next->green.end(), group);
  if (!ends) return std::nullopt;
  if (!state.hold_since) {
    const auto* from = state.stage ? find_stage(state.own, *state.stage) : nullptr;
    const auto lead = lead_s(state, sequencing_matrix(state), from, *next);
    if (now + from_seconds(lead) < plan->start) return std::nullopt;
    state.hold_since = now;
  }
  // Not so long that the next stage would lose its turn.
  const auto later = follow_plan(state, now + std::chrono::seconds{1});
  if (!later || later->stage != plan->stage) return std::nullopt;
  state.held_s = in_seconds(now - *state.hold_since);
  return std::optional(std::optional<Wish>());
}

std::optional<Wish> wish(State& state, std::optional<std::uint32_t> demanded, UtcTime now) {
  if (state.change) return std::nullopt;
  if (!demanded) {
    if (const auto by_priority = priority_wish(state, now)) return *by_priority;
    return follow_plan(state, now);
  }
  if (state.stage == demanded) return std::nullopt;
  return Wish{*first_hop(state.own, state.stage, *demanded), now};
}

}  // namespace

const SignalPlan& State::running_plan() const {
  const auto number =
      plan.value_or(situation_plan.value_or(calendar_plan.value_or(own.local_plan)));
  const auto it = std::find_if(plans.begin(), plans.end(),
                               [&](const SignalPlan& p) { return p.number == number; });
  ensure(it != plans.end(), "a running plan exists");
  return *it;
}

PlanSource State::plan_source() const {
  if (plan) return PlanSource::commanded;
  if (situation_plan) return PlanSource::situation;
  return calendar_plan ? PlanSource::calendar : PlanSource::own;
}

Result<State> make_controller(JunctionSignals own, Settings settings) {
  if (auto r = validate(own); !r) return r.error();
  const auto& local = *find_plan(own, own.local_plan);
  for (const auto& stage : own.stages) {
    const bool back = std::any_of(local.ring.begin(), local.ring.end(), [&](const PlanStage& p) {
      return first_hop(own, stage.number, p.stage).has_value();
    });
    if (!back) {
      return Error{"no_way_back", "no transitions lead to the local plan",
                   own.junction.str() + " stage " + std::to_string(stage.number)};
    }
    settings.inputs = std::max(settings.inputs, stage.demand_input.value_or(0));
  }
  for (auto& stage : own.stages) std::sort(stage.green.begin(), stage.green.end());
  State state;
  state.plans = own.plans;
  state.lamps.resize(own.groups.size());
  state.inputs.resize(settings.inputs);
  state.outputs.resize(settings.outputs);
  state.wired = settings.detectors;
  state.wired.erase(0);
  if (!state.wired.empty()) state.detectors.resize(*state.wired.rbegin());
  state.settings = settings;
  state.own = std::move(own);
  return state;
}

std::vector<std::uint32_t> demanded_stages(const State& state) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> found;
  for (const auto& stage : state.own.stages) {
    if (!stage.demand_input) continue;
    const auto& bit = state.inputs[*stage.demand_input - 1];
    if (bit.value()) found.emplace_back(bit.order, stage.number);
  }
  std::sort(found.rbegin(), found.rend());
  std::vector<std::uint32_t> stages;
  for (const auto& [order, stage] : found) stages.push_back(stage);
  return stages;
}

Output tick(State& state, UtcTime now) {
  const bool first = !state.last_tick;
  const bool back = state.last_tick && now < *state.last_tick;
  state.last_tick = now;
  if (back) {
    for (auto& lamp : state.lamps)
      lamp = {
          .aspect = lamp.aspect, .since = now, .green_began = {}, .green_ended = {}, .asked = {}};
    for (auto& bit : state.inputs) bit.commanded = false;
    for (auto& d : state.detectors) d.changed = now;
    for (auto& group : state.monitor.groups) group.ended.reset();
    if (state.supervisor_lost) state.supervisor_lost = now;
  }
  const bool power = !state.faults.contains(Fault::power_cut);
  const bool runs = state.mode == ControlMode::control || state.mode == ControlMode::startup;
  if (power && (first || (back && runs))) begin_startup(state, now, true);
  if (power && state.mode_until && now >= *state.mode_until) begin_startup(state, now, false);
  if (power && state.mode_until && state.mode == ControlMode::startup) state.mode_until.reset();
  release_inputs(state, now);
  time_out_bands(state, now);
  drop_commanded_plan(state, now);
  judge_detectors(state.detectors, now);
  note_demand(state, now);

  Output out;
  if (state.mode == ControlMode::startup) run_startup(state, now);
  if (state.mode == ControlMode::control && !state.patterns.empty()) {
    show_pattern(state, now);
  } else if (state.mode == ControlMode::control) {
    out.demanded = obeyed_demand(state, now);
    sequence(state, wish(state, out.demanded, now), now);
  } else if (state.mode == ControlMode::all_red) {
    clear_to_red(state, now);
  } else if (state.mode == ControlMode::dark) {
    all(state, Aspect::dark, Aspect::dark, now);
  } else if (state.mode == ControlMode::yellow_flash) {
    all(state, Aspect::amber_flash, Aspect::dark, now);
  }
  for (const auto& lamp : state.lamps) out.aspects.push_back(lamp.aspect);
  const bool watched = state.patterns.empty();
  if (watched && power) watch_lamps(state);
  if (watched && watch(state.monitor, state.own, out.aspects, now) && power) {
    state.mode = ControlMode::failure;
    state.startup = Startup::none;
    state.stage.reset();
    state.change.reset();
    state.mode_until.reset();
    all(state, Aspect::amber_flash, Aspect::dark, now);
    for (std::size_t g = 0; g < state.lamps.size(); ++g) out.aspects[g] = state.lamps[g].aspect;
    out.demanded.reset();
  }
  const auto& plan = state.running_plan();
  out.t = now;
  out.clock = state.own_clock(now);
  out.mode = state.mode;
  out.startup = state.startup;
  out.stage = state.stage;
  out.plan = plan.number;
  out.plan_forced = state.plan.has_value();
  out.plan_source = state.plan_source();
  out.cycle_second = static_cast<std::uint32_t>(plan_position_s(plan, out.clock));
  auto reference = plan;
  reference.offset.value = 0;
  out.base_cycle_second = static_cast<std::uint32_t>(plan_position_s(reference, out.clock));
  out.failure = state.monitor.tripped;
  return out;
}

}  // namespace dispecer::sim
