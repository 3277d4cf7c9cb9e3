#include "adapters/rsmp/session.h"

#include <algorithm>
#include <set>

#include "adapters/rsmp/message/signal_list.h"

namespace dispecer::rsmp {
namespace {

constexpr std::size_t kMaxEarly = 1000;

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item.substr(0, 32);
  return text;
}

std::string spoken(const std::vector<Core>& cores) {
  std::vector<std::string> texts;
  for (const Core core : cores) texts.emplace_back(rules(core).text);
  return joined(texts);
}

// May a site say this?
bool from_site(const Body& body) {
  if (const auto* alarm = std::get_if<Alarm>(&body)) return alarm->state.has_value();
  return std::holds_alternative<Version>(body) || std::holds_alternative<Watchdog>(body) ||
         is_ack(body) || std::holds_alternative<AggregatedStatus>(body) ||
         std::holds_alternative<StatusResponse>(body) ||
         std::holds_alternative<StatusUpdate>(body) ||
         std::holds_alternative<CommandResponse>(body);
}

}  // namespace

std::optional<ChosenCore> choose_core(const std::vector<std::string>& offered,
                                      const std::vector<Core>& ours) {
  std::optional<ChosenCore> best;
  for (const std::string& text : offered) {
    const auto core = parse_core(text);
    if (!core || std::ranges::find(ours, *core) == ours.end()) continue;
    if (!best || *core > best->core) best = ChosenCore{*core, text};
  }
  return best;
}

Session::Session(Directory directory, MessageIds& ids, Counters& counters, MonoTime opened,
                 Duration silent_after, Duration establish_within)
    : directory_(std::move(directory)),
      ids_(ids),
      counters_(counters),
      opened_(opened),
      silent_after_(silent_after),
      establish_within_(establish_within),
      last_received_(opened),
      last_watchdog_sent_(opened),
      last_watchdog_received_(opened) {}

Duration Session::ack_timeout() const {
  const bool acks_may_wait = version_known_ && !rules(core_).acks_before_buffer;
  return admission_.ack_timeout * (acks_may_wait ? 3 : 1);
}

void Session::bytes(std::string_view bytes, Now now) {
  if (state_ == State::closed) return;
  std::vector<std::string> frames;
  framer_.feed(bytes, frames);
  for (; seen_empty_ < framer_.empty_frames(); ++seen_empty_) count("empty_frame");
  for (; seen_oversize_ < framer_.oversize_frames(); ++seen_oversize_) count("oversize_frame");
  last_received_ = now.mono;
  for (const std::string& text : frames) {
    if (state_ == State::closed) return;
    frame(text, now);
  }
}

void Session::frame(std::string_view text, Now now) {
  auto result = read(text, core_);
  if (tap_) tap_({false, site_id_, text, result.ok() ? &*result : nullptr});
  if (!result.ok()) {
    unreadable(result.error());
    return;
  }
  count("received");
  Message& message = *result;
  if (const auto* ack = std::get_if<MessageAck>(&message.body)) {
    on_ack(ack->original, now);
  } else if (const auto* refusal = std::get_if<MessageNotAck>(&message.body)) {
    on_not_ack(*refusal);
  } else if (std::holds_alternative<Version>(message.body)) {
    on_version(message, now);
  } else if (std::holds_alternative<Watchdog>(message.body)) {
    on_watchdog(message, now);
  } else {
    on_other(message);
  }
}

void Session::unreadable(const ReadError& error) {
  count("refused." + error.error.cause);
  // Nothing but Version may be answered before the versions are settled.
  const bool settled = version_known_ && version_acked_;
  if (error.id.empty() || error.type == "MessageAck" || error.type == "MessageNotAck") return;
  if (settled || error.type == "Version") not_acknowledge(error.id, error.error.message());
}

void Session::on_version(const Message& message, Now now) {
  if (version_known_) {
    count("second_version");
    not_acknowledge(message.id, "Version was already exchanged on this connection");
    return;
  }
  const auto& version = std::get<Version>(message.body);
  const auto admission = admit(message, version);
  if (!admission) return;
  admission_ = *admission;
  site_ids_ = version.site_ids;
  site_id_ = site_ids_.front();
  sxl_ = version.sxl;
  version_known_ = true;
  acknowledge(message.id);
  if (version_id_.empty() && !version_acked_) offer_version(version.rsmp, now);
  state_ = version_acked_ ? State::await_watchdog : State::await_version_ack;
}

// One connection may serve several sites: each must be known, and all agree on how to speak. Sets
// the version; absent = refused.
std::optional<Admission> Session::admit(const Message& message, const Version& version) {
  std::optional<Admission> all;
  std::set<std::string_view> seen;
  for (const std::string& id : version.site_ids) {
    const Admission* one = id.empty() ? nullptr : directory_(id);
    if (one == nullptr || !seen.insert(id).second) {
      refuse(message.id, "Unknown site id: " + id.substr(0, 32), "unknown_site_id");
      return std::nullopt;
    }
    if (!same_sxl(version.sxl, one->sxl)) {
      refuse(message.id,
             "SXL version offered: " + version.sxl.substr(0, 32) + "; expected: " + one->sxl,
             "wrong_sxl");
      return std::nullopt;
    }
    if (!all) all = *one;
    std::erase_if(all->cores, [&](Core core) { return std::ranges::count(one->cores, core) == 0; });
    all->ack_timeout = std::min(all->ack_timeout, one->ack_timeout);
    all->watchdog_interval = std::min(all->watchdog_interval, one->watchdog_interval);
    all->probe_after = std::min(all->probe_after, one->probe_after);
  }
  if (!all) {
    refuse(message.id, "Unknown site id: none was given", "unknown_site_id");
    return std::nullopt;
  }
  const auto chosen = choose_core(version.rsmp, all->cores);
  if (!chosen) {
    refuse(message.id,
           "RSMP versions offered: " + joined(version.rsmp) + "; supported: " + spoken(all->cores),
           "no_common_version");
    return std::nullopt;
  }
  core_ = chosen->core;
  return all;
}

void Session::offer_version(const std::vector<std::string>& spelling, Now now) {
  Version ours;
  for (const Core core : admission_.cores) {
    const auto same = std::ranges::find_if(
        spelling, [&](const std::string& text) { return parse_core(text) == core; });
    ours.rsmp.push_back(same == spelling.end() ? std::string(rules(core).text) : *same);
  }
  ours.site_ids = site_ids_.empty() ? std::vector{admission_.site_id} : site_ids_;
  ours.sxl = sxl_.empty() ? admission_.sxl : sxl_;
  version_id_ = put(std::move(ours), now);
}

void Session::on_watchdog(const Message& message, Now now) {
  if (!version_known_ || (!version_acked_ && rules(core_).strict_handshake)) {
    count("early_message");
    return;
  }
  acknowledge(message.id);
  last_watchdog_received_ = now.mono;
  if (stale_) {
    stale_ = false;
    events_.emplace_back(session_event::Stale{false});
  }
  if (!version_acked_) {
    early_watchdog_ = true;
    early_.push_back(message.body);
    return;
  }
  if (state_ == State::await_watchdog) {
    watchdog_id_ = put(Watchdog{now.utc}, now);
    last_watchdog_sent_ = now.mono;
    state_ = State::await_watchdog_ack;
  }
  events_.emplace_back(session_event::Received{message.body});
}

void Session::on_ack(const std::string& original, Now now) {
  if (pending_.erase(original) == 0) {
    count("unknown_ack");
    return;
  }
  if (original == version_id_) {
    version_acked_ = true;
    version_id_.clear();
    if (!version_known_) return;
    state_ = State::await_watchdog;
    if (early_watchdog_) {
      watchdog_id_ = put(Watchdog{now.utc}, now);
      last_watchdog_sent_ = now.mono;
      state_ = State::await_watchdog_ack;
    }
    return;
  }
  if (original == watchdog_id_ && state_ == State::await_watchdog_ack) {
    watchdog_id_.clear();
    become_ready(now);
    return;
  }
  events_.emplace_back(session_event::Acked{original});
}

void Session::become_ready(Now now) {
  state_ = State::ready;
  last_watchdog_sent_ = now.mono;
  count("established");
  events_.emplace_back(session_event::Ready{site_ids_, core_, sxl_});
  for (Body& body : early_) events_.emplace_back(session_event::Received{std::move(body)});
  early_.clear();
}

void Session::on_not_ack(const MessageNotAck& not_ack) {
  if (pending_.erase(not_ack.original) == 0) {
    count("unknown_ack");
    return;
  }
  count("not_acknowledged");
  if (not_ack.original == version_id_) {
    close("version_refused_by_site");
    return;
  }
  if (not_ack.original == watchdog_id_ && state_ == State::await_watchdog_ack) {
    close("watchdog_refused_by_site");
    return;
  }
  events_.emplace_back(session_event::NotAcked{not_ack.original, not_ack.reason});
}

void Session::on_other(Message& message) {
  if (state_ != State::ready) {
    count("early_message");
    if (version_known_ && !rules(core_).strict_handshake && from_site(message.body)) {
      acknowledge(message.id);
      if (early_.size() < kMaxEarly) early_.push_back(std::move(message.body));
    } else if (version_known_ && version_acked_) {
      not_acknowledge(message.id, "Not before the watchdogs were exchanged");
    }
    return;
  }
  if (!from_site(message.body)) {
    count("wrong_direction");
    not_acknowledge(message.id, std::string(type_name(message.body)) + " is not for a supervisor");
    return;
  }
  acknowledge(message.id);
  events_.emplace_back(session_event::Received{std::move(message.body)});
}

void Session::timer(Now now) {
  if (state_ == State::closed) return;
  const Duration timeout = ack_timeout();
  for (const auto& [id, sent] : pending_) {
    if (now.mono - sent < timeout) continue;
    close("ack_timeout");
    return;
  }
  if (state_ != State::ready) {
    if (now.mono - opened_ >= establish_within_) {
      close("establishment_timeout");
      return;
    }
    const bool silent = state_ == State::await_version && now.mono - opened_ >= silent_after_;
    if (silent && version_id_.empty() && !version_acked_) {
      if (const Admission* only = directory_(""); only != nullptr) {
        admission_ = *only;
        count("version_to_silent_site");
        offer_version({}, now);
      }
    }
    return;
  }
  const bool probe = now.mono - last_received_ >= admission_.probe_after &&
                     now.mono - last_watchdog_sent_ >= admission_.probe_after;
  if (probe || now.mono - last_watchdog_sent_ >= admission_.watchdog_interval) {
    put(Watchdog{now.utc}, now);
    last_watchdog_sent_ = now.mono;
  }
  const Duration patience = admission_.watchdog_interval * 5 / 2;
  if (!stale_ && now.mono - last_watchdog_received_ >= patience) {
    stale_ = true;
    count("watchdog_missing");
    events_.emplace_back(session_event::Stale{true});
  }
}

std::string Session::send(Body body, Now now) {
  ensure(state_ == State::ready);
  return put(std::move(body), now);
}

std::string Session::put(Body body, Now now) {
  Message message{ids_.next(), std::move(body)};
  write_out(message);
  pending_.emplace(message.id, now.mono);
  count("sent");
  return message.id;
}

void Session::write_out(const Message& message) {
  const std::string frame = write_frame(message, core_);
  if (tap_) tap_({true, site_id_, std::string_view(frame).substr(0, frame.size() - 1), &message});
  output_ += frame;
}

void Session::acknowledge(const std::string& id) {
  write_out({"", MessageAck{id}});
}

void Session::not_acknowledge(const std::string& id, const std::string& reason) {
  write_out({"", MessageNotAck{id, reason}});
}

void Session::refuse(const std::string& id, const std::string& reason, const char* cause) {
  not_acknowledge(id, reason);
  close(cause);
}

void Session::close(const char* cause) {
  if (state_ == State::closed) return;
  state_ = State::closed;
  count(std::string("closed.") + cause);
  events_.emplace_back(session_event::Closed{cause});
}

}  // namespace dispecer::rsmp
