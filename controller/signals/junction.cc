#include "controller/signals/junction.h"

#include <algorithm>

#include "controller/signals/assume.h"
#include "controller/signals/book_word.h"
#include "controller/signals/clear_way.h"
#include "controller/signals/due.h"
#include "controller/signals/lever.h"
#include "controller/signals/pace.h"
#include "controller/signals/propose.h"

namespace dispecer::signals {
namespace {

constexpr double kAskAgainSeconds = 10;

// A step and what it reads, so that the parts below need not pass them on one by one.
struct Step {
  const Site& site;
  Memory& memory;
  const JunctionView& view;
  const Moment& moment;
  const SignalParameters& p;
  JunctionOutput out;
};

void propose(Step& step, FieldWrite write, const Actor& actor, bool confirmed) {
  propose(step.site, step.memory, step.view, step.moment, step.p, std::move(write), actor,
          confirmed, step.out);
}

bool recently(const std::optional<UtcTime>& t, UtcTime now) {
  return t && in_seconds(now - *t) < kAskAgainSeconds;
}

// Inputs of ours that still stand in a controller that we may not, or do not, command.
bool left_behind(const Step& step) {
  const auto* signal = step.view.signal;
  if (signal == nullptr || signal->link != CommLink::connected ||
      recently(step.memory.released, step.moment.now) ||
      (signal->holder != Holder::local_plan && signal->holder != Holder::centre)) {
    return false;
  }
  return std::any_of(
      signal->forced_inputs.begin(), signal->forced_inputs.end(), [&](std::uint32_t input) {
        return std::any_of(step.site.signals.stages.begin(), step.site.signals.stages.end(),
                           [&](const Stage& s) { return s.demand_input == input; });
      });
}

// Hands the junction to its local plan, once.
void hand_back(Step& step, std::string rule, const Actor& actor, bool confirmed) {
  auto& decision = step.out.decision;
  decision.reason.rule = std::move(rule);
  decision.action = SignalAction::none;
  const bool leftover = !step.memory.ours && left_behind(step);
  if (step.memory.ours || leftover) {
    if (leftover) decision.reason.inputs.push_back({"inputs_left_behind", "1"});
    decision.action = SignalAction::hand_back;
    step.memory.released = step.moment.now;
    propose(step, ReleaseOrder{}, actor, confirmed);
  }
  step.memory.ours = false;
  step.memory.wanted = kNone;
}

void operator_plan(Step& step, std::uint32_t plan, const Actor& actor) {
  const auto* signal = step.view.signal;
  if (step.memory.ours) {
    hand_back(step, "operator_plan", actor, true);
    return;
  }
  auto& decision = step.out.decision;
  decision.reason.rule = plan == 0 ? "operator_plan_ended" : "operator_plan";
  decision.reason.inputs.push_back({"plan", std::to_string(plan)});
  decision.action = SignalAction::none;
  const bool runs = plan != 0 && signal != nullptr && signal->plan == plan;
  if (runs || recently(step.memory.plan_asked, step.moment.now)) return;
  step.memory.plan_asked = step.moment.now;
  step.memory.plan_set = plan != 0;
  decision.action = SignalAction::hand_back;
  propose(step, PlanOrder{plan}, actor, true);
}

void remember(Step& step, const Choice& choice, bool sent) {
  auto& memory = step.memory;
  if (choice.stage != memory.wanted) {
    memory.wanted = choice.stage;
    memory.wanted_since = step.moment.now;
  }
  memory.ours = memory.ours || sent;
  const auto add = [&](std::uint32_t stage, double seconds) {
    if (stage == kNone) return;
    auto& credit = memory.credit[stage];
    credit = std::min(credit + seconds, step.p.credit_most_s);
  };
  if (choice.priority && choice.action == SignalAction::change) add(memory.stage, choice.given);
  if (!step.moment.tick) return;
  if (choice.priority && choice.action != SignalAction::change) add(choice.without, choice.given);
  if (!choice.priority && memory.stage != kNone) {
    memory.credit[memory.stage] = std::max(0.0, memory.credit[memory.stage] - 1);
  }
}

void decide_and_propose(Step& step, const Standing& may, const std::vector<BusDemand>& buses,
                        Horizon& horizon) {
  const auto& memory = step.memory;
  const auto now = step.moment.now;
  const bool held = memory.override_ && memory.override_->kind == OverrideKind::hold;
  Choice choice;
  if (held) {
    const auto target = step.site.index_of(memory.override_->number);
    choice = go_to(step.site, memory, target, now, "operator_hold", step.p);
  } else if (step.view.data_age > step.p.fresh_s) {
    choice = follow_cycle(step.site, step.view, memory, now, step.p);
  } else {
    JunctionView assumed = step.view;
    assume_unknown(step.site, memory, now, step.p, assumed);
    if (step.moment.tick) {
      judge_saturation(step.memory, overfull(step.site, assumed, step.p), 1, step.p);
    }
    choice = decide(step.site, assumed, memory, buses, now, step.p, horizon);
  }
  if (!held && !memory.claims.empty()) {
    choice = clear_way(step.site, step.view, memory, memory.claims, choice, now, step.p);
  }
  auto& decision = step.out.decision;
  decision.action = choice.action;
  decision.reason = choice.reason;
  decision.stage = choice.stage == kNone ? 0 : step.site.stages[choice.stage].number;
  const bool send = may.command || (held && memory.commissioning == Commissioning::supervised);
  if (!send) {
    decision.reason.inputs.push_back({"not_sent", may.rule});
    if (memory.ours) {
      const Reason reason = decision.reason;
      hand_back(step, may.rule, ourselves(), false);
      decision.reason.inputs = reason.inputs;
    }
  } else if (choice.stage == kNone) {
    decision.action = SignalAction::none;
  } else if (step.moment.tick || choice.stage != memory.wanted) {
    propose(step, StageOrder{decision.stage}, held ? memory.override_->actor : ourselves(), held);
  }
  if (choice.stage != kNone) remember(step, choice, step.out.proposal.has_value() && send);
  step.out.choice = std::move(choice);
}

}  // namespace

Standing standing(const Site& site, const Memory& memory, const JunctionView& view, Lever lever,
                  const SignalParameters& p) {
  const auto no = [](std::string rule) { return Standing{false, false, std::move(rule)}; };
  const bool bench = p.bench_world && memory.commissioning == Commissioning::bench;
  const auto state = bench ? Commissioning::live : memory.commissioning;
  if (state != Commissioning::live && state != Commissioning::supervised &&
      state != Commissioning::shadow) {
    return no("commissioning_" + std::string(to_name(state)));
  }
  if (site.signals.lever < lever) return no("lever_" + std::string(to_name(site.signals.lever)));
  if (view.signal == nullptr) return no("never_observed");
  if (view.signal->link != CommLink::connected) return no("no_communication");
  if (view.signal_age > p.fresh_s) return no("observation_stale");
  if (view.signal->mode != ControlMode::control) {
    return no("mode_" + std::string(to_name(view.signal->mode)));
  }
  if (view.signal->holder != Holder::local_plan && view.signal->holder != Holder::centre) {
    return no("holder_" + std::string(to_name(view.signal->holder)));
  }
  if (lever == Lever::stage && view.data_age > p.release_s && !memory.override_ &&
      memory.claims.empty()) {
    return no("data_stale");
  }
  if (state == Commissioning::live) return {true, true, ""};
  return {false, true, "commissioning_" + std::string(to_name(state))};
}

JunctionOutput release(const Site& site, Memory& memory, const Moment& moment, std::string rule,
                       const SignalParameters& parameters) {
  const JunctionView view;
  Step step{site, memory, view, moment, parameters, {}};
  step.out.decision.junction = site.signals.junction;
  step.out.decision.t = moment.now;
  memory.ours = true;
  hand_back(step, std::move(rule), ourselves(), false);
  return step.out;
}

JunctionOutput step_junction(const Site& site, Memory& memory, const JunctionView& view,
                             const std::vector<BusDemand>& buses, const Moment& moment,
                             const SignalParameters& parameters, Horizon& horizon) {
  Step step{site, memory, view, moment, parameters, {}};
  auto& decision = step.out.decision;
  decision.junction = site.signals.junction;
  decision.t = moment.now;
  if (view.signal != nullptr) observe(memory, site, *view.signal);
  note_waits(site, view, moment.now, memory);
  if (memory.stage != kNone) decision.from_stage = site.stages[memory.stage].number;
  if (memory.override_ && moment.now >= memory.override_->until) memory.override_.reset();

  const Override* word = memory.override_ ? &*memory.override_ : nullptr;
  const bool plan = word != nullptr ? word->kind == OverrideKind::plan : memory.plan_set;
  if (plan) {
    const auto may = standing(site, memory, view, Lever::plan, parameters);
    const bool send = may.command || memory.commissioning == Commissioning::supervised;
    if (may.think && send) {
      operator_plan(step, word != nullptr ? word->number : 0,
                    word != nullptr ? word->actor : ourselves());
    } else {
      hand_back(step, may.rule, ourselves(), false);
    }
    return step.out;
  }
  if (step_book(site, memory, view, moment, parameters, step.out)) return step.out;
  if (site.signals.lever == Lever::plan || site.signals.lever == Lever::bands) {
    return step_lever(site, memory, view, buses, moment, parameters);
  }
  const auto may = standing(site, memory, view, Lever::stage, parameters);
  if (!may.think) {
    hand_back(step, may.rule, ourselves(), false);
    step_library(site, memory, view, moment, parameters, step.out);
  } else if (word != nullptr && word->kind == OverrideKind::release) {
    hand_back(step, "operator_release", word->actor, true);
  } else {
    decide_and_propose(step, may, buses, horizon);
  }
  return step.out;
}

}  // namespace dispecer::signals
