#include "adapters/rsmp/walk.h"

#include <algorithm>
#include <utility>

namespace dispecer::rsmp {
namespace {

constexpr Duration kRetry = from_seconds(0.5);
constexpr std::size_t kMaxLines = 100;

// Rules that speak of the moment: the order may pass a little later.
bool of_the_moment(const std::string& rule) {
  static const std::set<std::string> kRules{
      "mode",          "stale_observation", "holder",        "latched_inputs",
      "in_intergreen", "no_communication",  "not_connected", "groups_unknown"};
  return kRules.contains(rule);
}

std::string code_of(const Body& body) {
  if (const auto* m = std::get_if<StatusRequest>(&body)) return m->items.at(0).code;
  if (const auto* m = std::get_if<StatusSubscribe>(&body)) return m->items.at(0).code;
  if (const auto* m = std::get_if<StatusUnsubscribe>(&body)) return m->items.at(0).code;
  if (const auto* m = std::get_if<CommandRequest>(&body)) return m->arguments.at(0).code;
  if (const auto* m = std::get_if<Alarm>(&body)) return m->code;
  return "";
}

void note(std::vector<WalkSummary::Line>& lines, const std::string& what, const std::string& why) {
  if (lines.size() < kMaxLines) lines.push_back({what, why});
}

}  // namespace

Walk::Walk(const SiteConfig& site, WalkSettings settings, Propose propose, Ask ask, Restore restore)
    : site_(site),
      settings_(std::move(settings)),
      propose_(std::move(propose)),
      ask_(std::move(ask)),
      restore_(std::move(restore)) {}

void Walk::connected(Core core, const std::string& sxl, MonoTime now) {
  core_ = core;
  sxl_ = sxl;
  linked_ = true;
  since_ = now;
  if (std::exchange(restarting_, false) && running_) next(now);
  if (planned_) return;
  planned_ = true;
  plan_statuses();
  plan_commands();
}

void Walk::disconnected() {
  linked_ = false;
  if (!restarting_ && !summary_.finished) ++summary_.links_lost;
}

void Walk::begin(MonoTime now) {
  const Step& step = steps_.front();
  running_ = true;
  since_ = now;
  tried_.reset();
  id_.clear();
  acked_ = answered_ = accepted_ = false;
  switch (step.kind) {
    case Kind::ask: {
      const std::string code =
          std::visit([](const auto& q) { return code_of(Body{q}); }, *step.query);
      const bool refused = refused_codes_.contains(code);
      if (refused && !std::holds_alternative<StatusRequest>(*step.query)) {
        next(now);
        return;
      }
      auto asked = ask_(*step.query);
      if (!asked) {
        note(summary_.refused, step.label, asked.error().cause);
        next(now);
        return;
      }
      id_ = *asked;
      if (std::holds_alternative<StatusRequest>(*step.query)) {
        ++summary_.statuses_asked;
        summary_.codes_asked.insert(code);
      }
      if (std::holds_alternative<StatusSubscribe>(*step.query)) ++summary_.subscribed;
      return;
    }
    case Kind::order:
    case Kind::restart:
      restarting_ = step.kind == Kind::restart;
      begin_order(step, now);
      return;
    case Kind::restore:
      restore_();
      next(now);
      return;
    case Kind::alarm_comes:
      return;
  }
}

void Walk::begin_order(const Step& step, MonoTime now) {
  tried_ = now;
  // What is reported of it may come before the call returns.
  id_ = "walk-" + std::to_string(++proposals_);
  const auto proposed = propose_(id_, *step.write);
  if (proposed) {
    since_ = now;
    return;
  }
  id_.clear();
  const std::string& rule = proposed.error().cause;
  if (of_the_moment(rule) && now - since_ < settings_.ready_in) return;
  note(summary_.refused, step.label, rule);
  next(now);
}

void Walk::next(MonoTime now) {
  running_ = false;
  since_ = now;
  if (!steps_.empty()) steps_.pop_front();
}

void Walk::timer(MonoTime now) {
  if (!planned_ || summary_.finished) return;
  if (restarting_ && !linked_) return;
  if (!linked_) {
    // A link that was lost in the middle ends the step that was under way; the rest goes on.
    if (running_) next(now);
    return;
  }
  if (steps_.empty()) {
    summary_.finished = true;
    return;
  }
  if (!running_) {
    begin(now);
    return;
  }
  const Step& step = steps_.front();
  const Duration waited = now - since_;
  switch (step.kind) {
    case Kind::ask:
      if (answered_ || (acked_ && !step.answered_by_message)) {
        next(now);
      } else if (waited >= settings_.patience) {
        note(summary_.failed, step.label, acked_ ? "no answer" : "no acknowledgement");
        next(now);
      }
      return;
    case Kind::alarm_comes:
      if (alarm_active_) {
        next(now);
      } else if (waited >= settings_.patience) {
        note(summary_.failed, step.label, "did not come");
        next(now);
      }
      return;
    case Kind::order:
      if (id_.empty()) {
        if (now - *tried_ >= kRetry) begin_order(step, now);
      } else if (waited >= settings_.patience * (accepted_ ? 1 : 4)) {
        if (accepted_) {
          ++summary_.accepted;
        } else {
          note(summary_.failed, step.label, "no answer");
        }
        next(now);
      }
      return;
    case Kind::restart:
      // The link may fall before the answer, and some controllers restart without dropping it.
      if (id_.empty()) {
        if (now - *tried_ >= kRetry) begin_order(step, now);
      } else if (waited >= settings_.patience) {
        restarting_ = false;
        next(now);
      }
      return;
    case Kind::restore:
      next(now);
      return;
  }
}

void Walk::report(const OrderReport& report) {
  if (!running_ || id_.empty() || report.proposal.str() != id_) return;
  const std::string label = steps_.front().label;
  const bool restart = steps_.front().kind == Kind::restart;
  const auto end = [&] {
    id_ = "-";
    if (!restart) next(since_);
  };
  switch (report.state) {
    case OrderState::sent:
      ++summary_.commands_sent;
      return;
    case OrderState::accepted:
      accepted_ = true;
      return;
    case OrderState::confirmed:
      ++summary_.confirmed;
      end();
      return;
    case OrderState::deviated:
    case OrderState::expired:
      if (report.rule == "age_unknown" || report.rule == "age_undefined") {
        note(summary_.unknown, label, report.text);
      } else if (!restart) {
        note(summary_.failed, label, report.rule + (report.text.empty() ? "" : ": " + report.text));
      }
      end();
      return;
    case OrderState::refused:  // told by the proposal itself
    case OrderState::unknown:
    case OrderState::requested:
      return;
  }
}

void Walk::overheard(const Overheard& heard) {
  if (heard.message == nullptr) return;
  const Body& body = heard.message->body;
  if (heard.outgoing) {
    if (is_ack(body)) return;
    const std::string code = code_of(body);
    said_[heard.message->id] = std::string(type_name(body)) + (code.empty() ? "" : " " + code);
    if (std::holds_alternative<CommandRequest>(body)) summary_.codes_sent.insert(code);
    return;
  }
  if (const auto* ack = std::get_if<MessageAck>(&body)) {
    acked_ = acked_ || (running_ && ack->original == id_);
  } else if (const auto* refusal = std::get_if<MessageNotAck>(&body)) {
    hear_not_ack(*refusal);
  } else if (const auto* response = std::get_if<StatusResponse>(&body)) {
    hear_values(response->component, response->items, true);
  } else if (const auto* update = std::get_if<StatusUpdate>(&body)) {
    hear_values(update->component, update->items, false);
  } else if (std::holds_alternative<AggregatedStatus>(body)) {
    const bool asked = running_ && steps_.front().query &&
                       std::holds_alternative<AggregatedStatusRequest>(*steps_.front().query);
    answered_ = answered_ || asked;
  } else if (const auto* alarm = std::get_if<Alarm>(&body)) {
    if (alarm->state && alarm->code == settings_.alarm_code) alarm_active_ = alarm->state->active;
  }
}

void Walk::hear_not_ack(const MessageNotAck& message) {
  const auto at = said_.find(message.original);
  const std::string what = at == said_.end() ? "unknown message" : at->second;
  const auto space = what.rfind(' ');
  const std::string code = space == std::string::npos ? "" : what.substr(space + 1);
  const bool planned = settings_.may_refuse.contains(code);
  note(planned ? summary_.planned_not_acks : summary_.not_acks, what,
       message.reason.substr(0, 200));
  if (code.starts_with("S")) refused_codes_.insert(code);
  if (running_ && message.original == id_) answered_ = true;
}

void Walk::hear_values(const Component& component, const std::vector<StatusValue>& items,
                       bool response) {
  for (const StatusValue& item : items) {
    const std::string what = item.code + " " + item.name + " of " + component.id;
    if (item.quality == Quality::unknown || item.quality == Quality::undefined) {
      if (response) note(summary_.unknown, what, "no value");
      continue;
    }
    const ListStatus* row = find_status(item.code, sxl_);
    if (row == nullptr) continue;
    for (const ListName* name : names_in(row->names, sxl_)) {
      if (name->name != item.name) continue;
      const auto value = typed(*name, item.value);
      if (!value) note(summary_.outside_list, what, value.error().what);
    }
  }
  if (!running_ || steps_.empty() || !steps_.front().query || items.empty()) return;
  const Query& query = *steps_.front().query;
  const auto* request = std::get_if<StatusRequest>(&query);
  const auto* subscribe = std::get_if<StatusSubscribe>(&query);
  const bool mine = response ? request != nullptr && request->component.id == component.id &&
                                   request->items.front().code == items.front().code
                             : subscribe != nullptr && subscribe->component.id == component.id &&
                                   subscribe->items.front().code == items.front().code;
  if (!mine || answered_) return;
  answered_ = true;
  ++(response ? summary_.statuses_answered : summary_.updated);
}

}  // namespace dispecer::rsmp
