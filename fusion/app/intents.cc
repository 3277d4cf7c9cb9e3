// Operators' words on alarms: who may say what.
#include "fusion/app/core.h"

namespace dispecer::fusion {
namespace {

constexpr std::size_t kResultsKept = 1000;

bool may_acknowledge(Role role) {
  return role == Role::op || role == Role::supervisor || role == Role::admin ||
         role == Role::maintainer;
}
bool may_shelve(Role role) {
  return role == Role::op || role == Role::supervisor || role == Role::admin;
}

Result<> act(FusionState& state, const Intent& intent, UtcTime now) {
  const auto role = intent.actor.role;
  if (const auto* a = std::get_if<AcknowledgeAlarm>(&intent.action)) {
    if (!may_acknowledge(role)) {
      return Error{"right",
                   "the role " + std::string(to_name(role)) + " may not acknowledge alarms", ""};
    }
    return alarms::acknowledge(state.alarms, a->alarm, now);
  }
  const auto& a = std::get<ShelveAlarm>(intent.action);
  if (!may_shelve(role)) {
    return Error{"right", "the role " + std::string(to_name(role)) + " may not shelve alarms", ""};
  }
  return alarms::shelve(state.alarms, a.alarm, a.until, now);
}

}  // namespace

std::optional<IntentResult> apply(FusionState& state, const Intent& intent, UtcTime now) {
  const bool ours = std::holds_alternative<AcknowledgeAlarm>(intent.action) ||
                    std::holds_alternative<ShelveAlarm>(intent.action);
  if (!ours) return std::nullopt;
  for (const auto& known : state.results) {
    if (known.intent == intent.id) return known;
  }
  IntentResult result{intent.id, now, IntentOutcome::done, "", ""};
  if (now >= intent.expires || (state.started && intent.epoch != state.epoch)) {
    result.outcome = IntentOutcome::expired;
    result.cause = "expired";
    result.text = "came too late to be acted upon";
  } else if (const auto done = act(state, intent, now); !done) {
    result.outcome = IntentOutcome::refused;
    result.cause = done.error().cause;
    result.text = done.error().what;
  }
  ++state.counters["fusion.intents_" + std::string(to_name(result.outcome))];
  state.results.push_back(result);
  if (state.results.size() > kResultsKept) state.results.erase(state.results.begin());
  return result;
}

}  // namespace dispecer::fusion
