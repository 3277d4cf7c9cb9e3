// Stage orders: the second-by-second lever, and giving it back.
#include "controller/guard/rules.h"

namespace dispecer::guard {
namespace {

Verdict check_max_red(const Scene& s, const Stage& target, const Stage& running) {
  std::optional<std::uint32_t> starved;
  for (std::uint32_t g = 0; g != s.signals.groups.size(); ++g) {
    const auto& record = s.state.groups[g];
    const double limit = s.signals.groups[g].max_red.time.value;
    const bool due = limit > 0 && record.demand && !is_green(record.aspect) &&
                     in_seconds(s.situation.now - std::max(record.since, record.asked)) >= limit;
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
  for (std::uint32_t g = 0; g != s.signals.groups.size(); ++g) {
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

}  // namespace

Verdict check_write(const Scene& s, const StageOrder& order) {
  return check_stage(s, order);
}

// Clearing what we set is what the fallback rests on: it is refused for nothing but a missing wire.
Verdict check_write(const Scene& s, const ReleaseOrder&) {
  if (s.state.observed.link == CommLink::connected) return std::nullopt;
  return refuse("no_communication", "the controller is not connected", s.where());
}

}  // namespace dispecer::guard
