#include "controller/guard/guard.h"

#include <algorithm>
#include <cmath>

namespace dispecer::guard {
namespace {

using Verdict = std::optional<Error>;  // absent = no objection

Verdict refuse(const char* rule, std::string what, std::string where) {
  return Error{rule, std::move(what), std::move(where)};
}

std::string seconds_text(double s) {
  return std::to_string(static_cast<long long>(std::llround(s * 10)) / 10) + "." +
         std::to_string(std::abs(static_cast<long long>(std::llround(s * 10)) % 10)) + " s";
}

bool contains(const std::vector<std::uint32_t>& set, std::uint32_t value) {
  return std::find(set.begin(), set.end(), value) != set.end();
}

struct Scene {
  const Proposal& proposal;
  const JunctionSignals& signals;
  const FieldState& state;
  const Situation& situation;

  [[nodiscard]] std::string where() const { return signals.junction.str(); }
  [[nodiscard]] bool person() const {
    return proposal.operator_confirmed && proposal.actor.role != Role::automaton &&
           proposal.actor.role != Role::unknown && proposal.actor.role != Role::viewer &&
           proposal.actor.role != Role::police;
  }
  [[nodiscard]] bool maintainer() const {
    return person() &&
           (proposal.actor.role == Role::maintainer || proposal.actor.role == Role::admin);
  }
};

Verdict check_times(const Proposal& p, const Situation& now) {
  if (p.epoch != now.epoch) {
    return refuse(
        "epoch",
        "decided in epoch " + std::to_string(p.epoch) + ", now " + std::to_string(now.epoch),
        p.junction.str());
  }
  if (now.now >= p.expires)
    return refuse("expired", "expired at " + to_iso(p.expires), p.junction.str());
  if (in_seconds(p.decided - now.now) > kMaxFutureDecision) {
    return refuse("from_the_future", "decided at " + to_iso(p.decided), p.junction.str());
  }
  return std::nullopt;
}

Verdict check_signatures(const Scene& s) {
  if (!s.signals.real) return std::nullopt;
  for (const auto& signature : s.signals.signatures) {
    if (signature.signer.empty() || signature.origin == Origin::unknown) {
      return refuse("unsigned", "a safety value of " + signature.document + " is not signed",
                    s.where());
    }
  }
  if (s.signals.parameter_checksum.empty() ||
      s.signals.parameter_checksum != s.state.observed.parameter_checksum) {
    return refuse("checksum",
                  "controller has '" + s.state.observed.parameter_checksum + "', signed was '" +
                      s.signals.parameter_checksum + "'",
                  s.where());
  }
  return std::nullopt;
}

Verdict check_commissioning(const Scene& s) {
  const auto state = s.signals.commissioning;
  const bool may = state == Commissioning::live ||
                   (state == Commissioning::supervised && s.proposal.operator_confirmed) ||
                   (state == Commissioning::bench && s.situation.world == WorldKind::bench);
  if (may) return std::nullopt;
  return refuse("commissioning", "the junction is " + std::string(to_name(state)), s.where());
}

Verdict check_observed(const Scene& s) {
  const auto& seen = s.state.observed;
  if (seen.link != CommLink::connected)
    return refuse("no_communication", "the controller is not connected", s.where());
  const double age = in_seconds(s.situation.now - s.state.received);
  if (age > kMaxObservationAge || age < 0) {
    return refuse("stale_observation", "last seen " + seconds_text(age) + " ago", s.where());
  }
  const bool ours = seen.holder == Holder::local_plan || seen.holder == Holder::centre ||
                    seen.holder == Holder::op;
  if (!ours) return refuse("holder", "held by " + std::string(to_name(seen.holder)), s.where());
  return std::nullopt;
}

Verdict need_control(const Scene& s) {
  if (s.state.observed.mode == ControlMode::control) return std::nullopt;
  return refuse("mode", "the controller is in " + std::string(to_name(s.state.observed.mode)),
                s.where());
}

Verdict need_lever(const Scene& s, Lever lever) {
  if (s.signals.lever >= lever) return std::nullopt;
  return refuse("lever",
                "has lever " + std::string(to_name(s.signals.lever)) + ", needs " +
                    std::string(to_name(lever)),
                s.where());
}

Verdict need_person(const Scene& s) {
  if (s.person()) return std::nullopt;
  return refuse("needs_person", "a signed-in person must confirm it", s.where());
}

Verdict need_maintainer(const Scene& s) {
  if (s.maintainer()) return std::nullopt;
  return refuse("needs_maintainer", "a maintainer must confirm it", s.where());
}

Verdict check_max_red(const Scene& s, const Stage& target, const Stage& running) {
  std::optional<std::uint32_t> starved;
  for (std::uint32_t g = 0; g < s.signals.groups.size(); ++g) {
    const auto& record = s.state.groups[g];
    const double limit = s.signals.groups[g].max_red.time.value;
    const bool due = limit > 0 && record.demand && !is_green(record.aspect) &&
                     in_seconds(s.situation.now - record.since) >= limit;
    if (!due) continue;
    if (contains(target.green, g)) return std::nullopt;
    // Where no allowed transition leads to a stage that serves it, the order cannot be blamed for
    // the wait.
    const bool reachable =
        std::any_of(s.signals.stages.begin(), s.signals.stages.end(), [&](const Stage& other) {
          return contains(other.green, g) &&
                 transition_allowed(s.signals, running.number, other.number);
        });
    if (reachable) starved = g;
  }
  if (!starved) return std::nullopt;
  return refuse("max_red", "stage " + std::to_string(target.number) + " leaves it at red",
                s.signals.groups[*starved].id.str());
}

Verdict check_min_green(const Scene& s, const Stage& target) {
  for (std::uint32_t g = 0; g < s.signals.groups.size(); ++g) {
    const auto& record = s.state.groups[g];
    if (!is_green(record.aspect) || contains(target.green, g)) continue;
    const double shown = in_seconds(s.situation.now - record.since);
    const double least = s.signals.groups[g].min_green.time.value;
    if (shown < least) {
      return refuse("min_green",
                    "green for " + seconds_text(shown) + ", needs " + seconds_text(least),
                    s.signals.groups[g].id.str());
    }
  }
  return std::nullopt;
}

Verdict check_stage(const Scene& s, const StageOrder& order) {
  if (auto v = need_control(s)) return v;
  if (auto v = need_lever(s, Lever::stage)) return v;
  if (in_seconds(s.proposal.expires - s.proposal.decided) > kMaxStageOrderLife) {
    return refuse("too_long", "a stage order lives at most " + seconds_text(kMaxStageOrderLife),
                  s.where());
  }
  const auto* target = find_stage(s.signals, order.stage);
  if (target == nullptr)
    return refuse("unknown_stage", "no stage " + std::to_string(order.stage), s.where());
  if (!s.state.inputs_clean)
    return refuse("latched_inputs", "inputs set before the connection are not cleared", s.where());
  if (s.state.observed.groups.size() != s.signals.groups.size()) {
    return refuse("groups_unknown", "the lamps have not been seen", s.where());
  }
  if (s.state.stage == 0) {
    if (s.state.ordered_stage == order.stage) return std::nullopt;
    return refuse("in_intergreen", "the controller is between stages", s.where());
  }
  const auto* running = find_stage(s.signals, s.state.stage);
  if (running == nullptr) {
    return refuse("unknown_stage", "the controller runs stage " + std::to_string(s.state.stage),
                  s.where());
  }
  if (!transition_allowed(s.signals, running->number, target->number)) {
    return refuse("transition",
                  "stage " + std::to_string(running->number) + " may not be followed by it",
                  s.where() + " stage " + std::to_string(target->number));
  }
  if (auto v = check_min_green(s, *target)) return v;
  const bool bound =
      std::any_of(running->green.begin(), running->green.end(), [&](std::uint32_t g) {
        return is_green(s.state.groups[g].aspect) &&
               in_seconds(s.situation.now - s.state.groups[g].since) <
                   s.signals.groups[g].min_green.time.value;
      });
  if (target == running && bound) return std::nullopt;
  return check_max_red(s, *target, *running);
}

Verdict check_write(const Scene& s, const StageOrder& order) {
  return check_stage(s, order);
}

// Clearing what we set is what the fallback rests on: it is refused for nothing but a missing wire.
Verdict check_write(const Scene&, const ReleaseOrder&) {
  return std::nullopt;
}

Verdict check_known_plan(const Scene& s, std::uint32_t plan) {
  if (find_plan(s.signals, plan) != nullptr) return std::nullopt;
  return refuse("unknown_plan", "no plan " + std::to_string(plan), s.where());
}

Verdict check_write(const Scene& s, const PlanOrder& order) {
  if (auto v = need_lever(s, Lever::plan)) return v;
  if (order.plan == 0) return std::nullopt;
  if (auto v = need_control(s)) return v;
  if (auto v = check_known_plan(s, order.plan)) return v;
  const auto recent = std::count_if(
      s.state.plan_changes.begin(), s.state.plan_changes.end(),
      [&](UtcTime t) { return in_seconds(s.situation.now - t) <= kPlanChangeWindow; });
  if (static_cast<std::size_t>(recent) >= kMaxPlanChanges) {
    return refuse("plan_change_rate", std::to_string(recent) + " changes in five minutes",
                  s.where());
  }
  return std::nullopt;
}

Verdict check_write(const Scene& s, const CycleOrder& order) {
  if (auto v = need_lever(s, Lever::plan)) return v;
  if (auto v = check_known_plan(s, order.plan)) return v;
  const auto& plan = *find_plan(s.signals, order.plan);
  const IntergreenMatrix matrix(s.signals);
  double least = 0;
  for (std::size_t i = 0; i < plan.ring.size(); ++i) {
    const auto& stage = *find_stage(s.signals, plan.ring[i].stage);
    double green = plan.ring[i].min_green.value;
    for (const auto g : stage.green)
      green = std::max(green, s.signals.groups[g].min_green.time.value);
    least +=
        green +
        matrix.between(stage, *find_stage(s.signals, plan.ring[(i + 1) % plan.ring.size()].stage));
  }
  if (order.cycle.value >= least && order.cycle.value <= 255) return std::nullopt;
  return refuse(
      "cycle_range",
      "found " + seconds_text(order.cycle.value) + ", needs at least " + seconds_text(least),
      s.where());
}

Verdict check_write(const Scene& s, const OffsetOrder& order) {
  if (auto v = need_lever(s, Lever::plan)) return v;
  if (auto v = check_known_plan(s, order.plan)) return v;
  const double cycle = find_plan(s.signals, order.plan)->cycle.value;
  if (order.offset.value >= 0 && order.offset.value < cycle) return std::nullopt;
  return refuse("offset_range",
                "found " + seconds_text(order.offset.value) + " of " + seconds_text(cycle),
                s.where());
}

Verdict check_write(const Scene& s, const BandsOrder& order) {
  if (auto v = need_lever(s, Lever::bands)) return v;
  if (auto v = need_control(s)) return v;
  if (auto v = check_known_plan(s, order.plan)) return v;
  if (order.timeout_min == 0) return refuse("bands_timeout", "bands need a time-out", s.where());
  const auto& ring = find_plan(s.signals, order.plan)->ring;
  for (const auto& band : order.bands) {
    if (band.number == 0 || band.number > ring.size()) {
      return refuse("band_range", "no band " + std::to_string(band.number), s.where());
    }
    const auto& stage = ring[band.number - 1];
    if (band.length < stage.min_green || band.length > stage.max_green) {
      return refuse(
          "band_range",
          "band " + std::to_string(band.number) + " of " + seconds_text(band.length.value),
          s.where());
    }
  }
  return std::nullopt;
}

Verdict check_write(const Scene& s, const ModeOrder& order) {
  if (order.mode != ControlMode::control && order.mode != ControlMode::yellow_flash) {
    return refuse("mode_forbidden", std::string(to_name(order.mode)) + " is not ours to order",
                  s.where());
  }
  if (auto v = need_person(s)) return v;
  if (order.mode == ControlMode::yellow_flash &&
      (order.timeout_min == 0 || order.timeout_min > 1440)) {
    return refuse("mode_timeout", "yellow flash needs a time-out of 1 to 1440 min", s.where());
  }
  return std::nullopt;
}

Verdict check_write(const Scene& s, const InputOrder& order) {
  const bool demand =
      std::any_of(s.signals.stages.begin(), s.signals.stages.end(),
                  [&](const Stage& stage) { return stage.demand_input == order.input; });
  if (demand)
    return refuse("input_is_stage_demand", "stage demands are set by stage orders only", s.where());
  return need_maintainer(s);
}

Verdict check_write(const Scene& s, const OutputOrder&) {
  return need_maintainer(s);
}
Verdict check_write(const Scene& s, const DetectorOrder&) {
  return need_maintainer(s);
}
Verdict check_write(const Scene& s, const SecurityCodeOrder&) {
  return need_maintainer(s);
}
Verdict check_write(const Scene& s, const RestartOrder&) {
  return need_maintainer(s);
}

Verdict check_write(const Scene& s, const TablesOrder& order) {
  if (auto v = need_maintainer(s)) return v;
  const auto legal = [](const std::string& text) {
    return text.find_first_not_of("0123456789-,") == std::string::npos;
  };
  if (!legal(order.week) || !legal(order.day) || (order.week.empty() && order.day.empty())) {
    return refuse("table_text", "expected digits, '-' and ','", s.where());
  }
  return std::nullopt;
}

Verdict check_write(const Scene& s, const ClockOrder& order) {
  const double off = in_seconds(order.time - s.situation.now);
  if (std::abs(off) <= kMaxClockStep) return std::nullopt;
  return refuse("clock_value", "is " + seconds_text(off) + " off our clock", s.where());
}

Verdict check_write(const Scene& s, const EmergencyRouteOrder& order) {
  return order.active ? need_person(s) : std::nullopt;
}

Verdict check_write(const Scene& s, const PriorityOrder& order) {
  const bool known = std::any_of(s.signals.groups.begin(), s.signals.groups.end(),
                                 [&](const SignalGroup& g) { return g.id == order.group; });
  if (!order.cancel && !known)
    return refuse("unknown_group", "no group '" + order.group.str() + "'", s.where());
  return std::nullopt;
}

Verdict check_write(const Scene& s, const SignOrder&) {
  return refuse("wrong_target", "a sign is not a junction", s.where());
}

}  // namespace

Result<ApprovedCommand> Guard::check(const Proposal& proposal, const JunctionSignals& signals,
                                     const FieldState& state, const Situation& situation) {
  const Scene scene{proposal, signals, state, situation};
  const bool release = std::holds_alternative<ReleaseOrder>(proposal.write);
  Verdict verdict;
  if (proposal.junction != signals.junction) {
    verdict = refuse("wrong_target", "meant for '" + proposal.junction.str() + "'",
                     signals.junction.str());
  }
  if (!verdict) verdict = check_times(proposal, situation);
  if (!verdict && release && state.observed.link != CommLink::connected) {
    verdict = refuse("no_communication", "the controller is not connected", signals.junction.str());
  }
  if (!verdict && !release) {
    if (!state.fault.empty())
      verdict = refuse("invalid_description", state.fault, signals.junction.str());
    if (!verdict) verdict = check_signatures(scene);
    if (!verdict) verdict = check_commissioning(scene);
    if (!verdict) verdict = check_observed(scene);
    if (!verdict)
      verdict =
          std::visit([&](const auto& write) { return check_write(scene, write); }, proposal.write);
  }
  if (verdict) return *verdict;
  return ApprovedCommand(proposal);
}

Result<ApprovedCommand> Guard::check_sign(const Proposal& proposal, const SignRule& rule,
                                          const Situation& situation) {
  const auto* order = std::get_if<SignOrder>(&proposal.write);
  Verdict verdict;
  if (order == nullptr || order->sign != rule.sign) {
    verdict = refuse("wrong_target", "meant for another device", rule.sign.str());
  }
  if (!verdict) verdict = check_times(proposal, situation);
  if (!verdict && !rule.messages.contains(order->message)) {
    verdict = refuse("sign_message", "may not show '" + order->message + "'", rule.sign.str());
  }
  if (verdict) return *verdict;
  return ApprovedCommand(proposal);
}

}  // namespace dispecer::guard
