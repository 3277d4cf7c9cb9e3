// Words on junctions, emergency corridors and the city's book: who may say what, and until when it
// holds.
#include "controller/app/core.h"

namespace dispecer::controller {
namespace {

constexpr double kLongestOverride = 24 * 3600.0;  // s

struct Answer {
  IntentOutcome outcome = IntentOutcome::done;
  std::string cause;
  std::string text;
};

Answer refuse(std::string cause, std::string text) {
  return {IntentOutcome::refused, std::move(cause), std::move(text)};
}

bool may_override(Role role) {
  return role == Role::op || role == Role::supervisor || role == Role::admin;
}

Answer set_override(signals::Memory& memory, const Actor& actor, UtcTime until, UtcTime now,
                    signals::OverrideKind kind, std::uint32_t number) {
  if (!may_override(actor.role)) {
    return refuse("right",
                  "the role " + std::string(to_name(actor.role)) + " may not command a junction");
  }
  if (until <= now) return refuse("until", "its end has passed");
  if (in_seconds(until - now) > kLongestOverride) {
    return refuse("until", "an override ends within 24 hours");
  }
  memory.override_ = signals::Override{kind, number, until, actor};
  return {};
}

// The signals go by the book that is in force now, from the next second on.
void follow_desk(ControllerState& state) {
  signals::replace(state.book, state.desk.in_force);
  set_local_time(state, state.local, state.public_holidays);
}

struct Handler {
  ControllerState& state;
  const Intent& intent;
  UtcTime now;

  Place* find(const JunctionId& id) const {
    const auto it = state.junctions.find(id);
    return it == state.junctions.end() ? nullptr : &it->second;
  }
  static Answer unknown(const JunctionId& id) {
    return refuse("unknown_junction", "no signalised junction '" + id.str() + "'");
  }

  std::optional<Answer> operator()(const ReleaseJunction& a) const {
    auto* place = find(a.junction);
    if (place == nullptr) return unknown(a.junction);
    return set_override(place->memory, intent.actor, a.until, now, signals::OverrideKind::release,
                        0);
  }
  std::optional<Answer> operator()(const HoldStage& a) const {
    auto* place = find(a.junction);
    if (place == nullptr) return unknown(a.junction);
    if (place->site.signals.lever < Lever::stage) {
      return refuse("lever", "the junction cannot be commanded by stage");
    }
    if (place->site.index_of(a.stage) == signals::kNone) {
      return refuse("unknown_stage", "no stage " + std::to_string(a.stage));
    }
    return set_override(place->memory, intent.actor, a.until, now, signals::OverrideKind::hold,
                        a.stage);
  }
  std::optional<Answer> operator()(const SelectPlan& a) const {
    auto* place = find(a.junction);
    if (place == nullptr) return unknown(a.junction);
    if (place->site.signals.lever < Lever::plan) {
      return refuse("lever", "the junction cannot be commanded by plan");
    }
    if (find_plan(place->site.signals, a.plan) == nullptr) {
      return refuse("unknown_plan", "no plan " + std::to_string(a.plan));
    }
    return set_override(place->memory, intent.actor, a.until, now, signals::OverrideKind::plan,
                        a.plan);
  }
  std::optional<Answer> operator()(const EndOverride& a) const {
    auto* place = find(a.junction);
    if (place == nullptr) return unknown(a.junction);
    if (!may_override(intent.actor.role)) {
      return refuse("right", "the role " + std::string(to_name(intent.actor.role)) +
                                 " may not command a junction");
    }
    if (!place->memory.override_) return refuse("no_override", "nothing to end");
    place->memory.override_.reset();
    return Answer{};
  }
  // Backwards in one action, by an operator; forwards by a supervisor, and never beyond the state
  // that the junction's file was signed for, which is what the guard goes by.
  std::optional<Answer> operator()(const SetCommissioning& a) const {
    auto* place = find(a.junction);
    if (place == nullptr) return unknown(a.junction);
    const auto role = intent.actor.role;
    const bool back = a.state < place->memory.commissioning;
    const bool may = role == Role::supervisor || role == Role::admin || role == Role::maintainer ||
                     (back && role == Role::op);
    if (!may) {
      return refuse("right", "the role " + std::string(to_name(role)) +
                                 " may not bring a junction into this state");
    }
    if (a.state == Commissioning::unknown || a.state > place->site.signals.commissioning) {
      return refuse("state", "the junction's file is signed up to " +
                                 std::string(to_name(place->site.signals.commissioning)));
    }
    place->memory.commissioning = a.state;
    return Answer{};
  }
  std::optional<Answer> operator()(const AcknowledgeAlarm&) const { return std::nullopt; }
  std::optional<Answer> operator()(const ShelveAlarm&) const { return std::nullopt; }
  std::optional<Answer> operator()(const ReviewCase&) const { return std::nullopt; }
  std::optional<Answer> operator()(const ActivateZone&) const { return std::nullopt; }
  std::optional<Answer> operator()(const OpenCorridor& a) const {
    return answer(emergency::open(state.emergency, a, intent.actor, now));
  }
  std::optional<Answer> operator()(const EndCorridor& a) const {
    return answer(emergency::end(state.emergency, a.corridor, intent.actor, now));
  }
  std::optional<Answer> operator()(const SaveBookEntry& a) const {
    return take_book(save_entry(state.desk, a.entry, intent.actor, now));
  }
  std::optional<Answer> operator()(const EndBookEntry& a) const {
    return take_book(end_entry(state.desk, a.entry, intent.actor, now));
  }
  Answer take_book(const Result<std::string>& said) const {
    if (!said) return refuse(said.error().cause, said.error().what);
    follow_desk(state);
    return {IntentOutcome::done, "", *said};
  }
  static Answer answer(const Result<>& r) {
    return r ? Answer{} : refuse(r.error().cause, r.error().what);
  }
};

}  // namespace

std::optional<IntentResult> apply(ControllerState& state, const Intent& intent, UtcTime now) {
  const Handler handler{state, intent, now};
  std::optional<Answer> answer;
  // An action that is not ours is left to its owner even when it has expired.
  const bool ours = std::visit(
      [](const auto& a) {
        return requires {
          a.junction;
        }
        || requires {
          a.corridor;
        }
        || requires {
          a.entry;
        };
      },
      intent.action);
  if (!ours) return std::nullopt;
  if (now >= intent.expires || (state.epoch && intent.epoch != *state.epoch)) {
    answer = Answer{IntentOutcome::expired, "expired", "came too late to be acted upon"};
  } else {
    answer = std::visit(handler, intent.action);
  }
  if (!answer) return std::nullopt;
  ++state.counters["controller.intents_" + std::string(to_name(answer->outcome))];
  return IntentResult{intent.id, now, answer->outcome, answer->cause, answer->text};
}

Snapshot snapshot(const ControllerState& state) {
  Snapshot out;
  for (const auto& [id, place] : state.junctions) {
    const auto& memory = place.memory;
    const bool moved = memory.commissioning != place.site.signals.commissioning;
    if (!memory.override_ && !moved && !memory.plan_set) continue;
    KeptJunction kept;
    kept.junction = id;
    kept.commissioning = memory.commissioning;
    kept.plan_set = memory.plan_set;
    if (memory.override_) {
      kept.override_kind = static_cast<std::uint32_t>(memory.override_->kind) + 1;
      kept.number = memory.override_->number;
      kept.until = memory.override_->until;
      kept.actor = memory.override_->actor;
    }
    out.junctions.push_back(std::move(kept));
  }
  out.corridors = emergency::kept(state.emergency);
  out.book_written = state.desk.written;
  out.book_withdrawn = state.desk.withdrawn;
  return out;
}

void restore(ControllerState& state, const Snapshot& snapshot) {
  emergency::restore(state.emergency, snapshot.corridors);
  const auto lost = restore_book(state.desk, snapshot.book_written, snapshot.book_withdrawn);
  if (lost > 0) state.counters["controller.book_entries_lost"] += lost;
  follow_desk(state);
  for (const auto& kept : snapshot.junctions) {
    const auto it = state.junctions.find(kept.junction);
    if (it == state.junctions.end()) continue;
    auto& memory = it->second.memory;
    const auto& site = it->second.site;
    memory.commissioning = std::min(kept.commissioning, site.signals.commissioning);
    memory.plan_set = kept.plan_set;
    if (kept.override_kind == 0) continue;
    const auto kind = static_cast<signals::OverrideKind>(kept.override_kind - 1);
    // The city may have lost the stage or plan since.
    const bool known =
        kind == signals::OverrideKind::release ||
        (kind == signals::OverrideKind::hold && site.index_of(kept.number) != signals::kNone) ||
        (kind == signals::OverrideKind::plan && find_plan(site.signals, kept.number) != nullptr);
    if (known) memory.override_ = signals::Override{kind, kept.number, kept.until, kept.actor};
  }
}

}  // namespace dispecer::controller
