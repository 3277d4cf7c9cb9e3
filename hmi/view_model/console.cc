#include "hmi/view_model/console.h"

#include <algorithm>

namespace dispecer::hmi {
namespace {
constexpr std::size_t kMostSent = 50;

bool runs_the_room(Role role) {
  return role == Role::op || role == Role::supervisor || role == Role::admin;
}

}  // namespace

void Console::sign_out() {
  actor_.reset();
  armed_.reset();
  selected.subject = {};
}

bool Console::may_command() const {
  return actor_ && (actor_->role == Role::op || actor_->role == Role::supervisor ||
                    actor_->role == Role::admin || actor_->role == Role::maintainer);
}

bool Console::may_see_cases() const {
  return actor_ && (actor_->role == Role::op || actor_->role == Role::supervisor ||
                    actor_->role == Role::police || actor_->role == Role::admin);
}

std::optional<Text> Console::interlock() const {
  if (!actor_) return Text::needs_sign_in;
  if (!may_command()) return Text::needs_right;
  return std::nullopt;
}

std::optional<Text> Console::corridor_interlock() const {
  if (!actor_) return Text::needs_sign_in;
  const bool own = actor_->role == Role::police && corridor.kind == EmergencyKind::police;
  if (!runs_the_room(actor_->role) && !own) return Text::needs_right;
  if (corridor.vehicle.empty() && corridor.from.empty()) return Text::corridor_needs;
  return std::nullopt;
}

std::optional<Text> Console::corridor_end_interlock() const {
  if (!actor_) return Text::needs_sign_in;
  if (!runs_the_room(actor_->role) && actor_->role != Role::police) return Text::needs_right;
  return std::nullopt;
}

std::optional<Text> Console::book_interlock() const {
  if (!actor_) return Text::needs_sign_in;
  if (!runs_the_room(actor_->role)) return Text::needs_right;
  return std::nullopt;
}

void Console::arm(IntentAction action, MonoTime now) {
  armed_ = Armed{std::move(action), now, {}};
}

void Console::tick(MonoTime now) {
  if (armed_ && now - armed_->at > kArmedFor) armed_.reset();
}

std::optional<Text> Console::execute(UtcTime now, std::uint32_t epoch, const std::string& unique) {
  if (!actor_) return Text::needs_sign_in;
  if (!armed_) return std::nullopt;
  if (armed_->reason.find_first_not_of(' ') == std::string::npos) return Text::needs_reason;
  Intent intent;
  intent.id = IntentId{unique};
  intent.t = now;
  intent.expires = now + kIntentLife;
  intent.epoch = epoch;
  intent.actor = *actor_;
  intent.reason = armed_->reason;
  intent.action = armed_->action;
  outbox_.push_back(intent);
  sent_.push_back({intent, std::nullopt});
  if (sent_.size() > kMostSent) sent_.erase(sent_.begin());
  armed_.reset();
  return std::nullopt;
}

std::vector<Intent> Console::take_outbox() {
  return std::exchange(outbox_, {});
}

void Console::results(const std::vector<IntentResult>& results) {
  for (auto& sent : sent_) {
    const auto it = std::find_if(results.rbegin(), results.rend(),
                                 [&](const IntentResult& r) { return r.intent == sent.intent.id; });
    if (it != results.rend()) sent.result = *it;
  }
}

bool Console::matches_search(const std::string& text) const {
  return search.empty() || fold(text).find(fold(search)) != std::string::npos;
}

}  // namespace dispecer::hmi
