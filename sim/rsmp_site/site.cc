#include "sim/rsmp_site/site.h"

#include <algorithm>

#include "sim/rsmp_site/commands.h"

namespace dispecer::sim {

using namespace rsmp;

Site::Site(Cabinet& cabinet, SiteSettings settings, UtcTime now, FillRandom random)
    : cabinet_(cabinet),
      settings_(std::move(settings)),
      ids_(std::move(random)),
      alarms_(cabinet, settings_, clock_of(cabinet, now)),
      buffer_(settings_.buffer, settings_.buffer_file) {}

void Site::connected(SiteTime now) {
  framer_ = Framer();
  core_ = settings_.cores.back();
  version_acked_ = version_seen_ = watchdog_acked_ = watchdog_seen_ = established_ = false;
  unacknowledged_.clear();
  output_.clear();
  close_.clear();
  watchdog_id_.clear();
  mono_ = now.mono;
  line_ = true;
  Version version{{}, {settings_.site_id}, settings_.sxl};
  for (const auto core : settings_.cores) version.rsmp.emplace_back(rules(core).text);
  version_id_ = send(std::move(version));
}

void Site::disconnected() {
  // In 3.1.2 every subscription ends with the line.
  static const std::set<std::string> kNone;
  if (line_) subscriptions_.disconnected(core_ == Core::v3_1_2 ? kNone : settings_.buffered);
  line_ = established_ = false;
  output_.clear();
}

void Site::power_lost() {
  disconnected();
  subscriptions_.clear();
  buffer_.power_lost();
}

void Site::bytes(std::string_view bytes, SiteTime now) {
  mono_ = now.mono;
  std::vector<std::string> frames;
  framer_.feed(bytes, frames);
  for (const auto& text : frames) {
    if (!close_.empty()) return;
    frame(text, now);
  }
}

void Site::frame(std::string_view text, SiteTime now) {
  auto result = read(text, core_);
  if (!result) {
    const auto& error = result.error();
    count("refused." + error.error.cause);
    const bool version = error.type == "Version";
    if (!error.id.empty() && (version || (version_seen_ && version_acked_)))
      not_ack(error.id, error.error.message());
    return;
  }
  const Message& message = *result;
  if (const auto* a = std::get_if<MessageAck>(&message.body)) return on_acked(a->original, now);
  if (const auto* n = std::get_if<MessageNotAck>(&message.body)) {
    count("not_acknowledged");
    unacknowledged_.erase(n->original);
    if (n->original == version_id_) close("version_refused");
    return;
  }
  if (std::holds_alternative<Version>(message.body)) return on_version(message, now);
  const bool settled = version_seen_ && version_acked_;
  // Silence before the versions are settled; before 3.1.4 a watchdog may come early.
  if (!settled && (!version_seen_ || rules(core_).strict_handshake)) return count("early");
  if (std::holds_alternative<Watchdog>(message.body)) {
    ack(message.id);
    follow_clock(std::get<Watchdog>(message.body).t, now);
    watchdog_seen_ = true;
    return proceed(now);
  }
  if (!established_) {
    count("early");
    return not_ack(message.id, "Not before the watchdogs were exchanged");
  }
  serve(message, now);
}

void Site::on_version(const Message& message, SiteTime now) {
  if (version_seen_) return not_ack(message.id, "Version was already exchanged");
  const auto& version = std::get<Version>(message.body);
  std::optional<Core> chosen;
  for (const auto& text : version.rsmp) {
    const auto core = parse_core(text);
    if (!core || std::count(settings_.cores.begin(), settings_.cores.end(), *core) == 0) continue;
    if (!chosen || *core > *chosen) chosen = core;
  }
  std::string wrong;
  if (!chosen) wrong = "No common RSMP version";
  if (!same_sxl(version.sxl, settings_.sxl))
    wrong = "SXL " + version.sxl.substr(0, 20) + ", expected " + settings_.sxl;
  if (std::count(version.site_ids.begin(), version.site_ids.end(), settings_.site_id) == 0)
    wrong = "Site id is " + settings_.site_id;
  if (!wrong.empty()) {
    not_ack(message.id, wrong);
    return close("version_mismatch");
  }
  core_ = *chosen;
  version_seen_ = true;
  ack(message.id);
  proceed(now);
}

void Site::on_acked(const std::string& id, SiteTime now) {
  if (unacknowledged_.erase(id) == 0) return count("unknown_ack");
  if (id == version_id_) version_acked_ = true;
  if (id == watchdog_id_) watchdog_acked_ = true;
  proceed(now);
}

void Site::proceed(SiteTime now) {
  if (!version_acked_ || !version_seen_) return;
  if (watchdog_id_.empty()) {
    watchdog_id_ = send(Watchdog{clock(now)});
    watchdog_sent_ = now.mono;
  }
  if (watchdog_acked_ && watchdog_seen_ && !established_) establish(now);
}

void Site::establish(SiteTime now) {
  established_ = true;
  count("established");
  note_supervisor(cabinet_, settings_.line, true, now.domain);
  aggregated(clock(now));
  const auto current = settings_.secondary ? std::vector<rsmp::Alarm>() : alarms_.all(core_);
  for (const auto& alarm : current) send(alarm);
  for (auto& body : buffer_.take()) {
    const auto* alarm = std::get_if<rsmp::Alarm>(&body);
    if (alarm != nullptr && std::count(current.begin(), current.end(), *alarm) > 0) continue;
    send(std::move(body));
  }
}

// At establishment and then once a day, by the primary supervisor.
void Site::follow_clock(UtcTime supervisor, SiteTime now) {
  if (!settings_.follow_supervisor || settings_.secondary) return;
  const bool first = !watchdog_seen_;
  if (!first && clock_set_ && now.mono - *clock_set_ < std::chrono::hours{24}) return;
  if (apply(cabinet_, SetClock{supervisor}, now.domain)) clock_set_ = now.mono;
}

void Site::aggregated(UtcTime clock) {
  bits_ = aggregated_bits(cabinet_, alarms_);
  AggregatedStatus status{{settings_.main_component, settings_.nts_id, ""}, clock, {}, {}, bits_};
  tell(std::move(status));
}

void Site::tick(SiteTime now) {
  mono_ = now.mono;
  const auto t = clock(now);
  if (!line_ || !established_) note_supervisor(cabinet_, settings_.line, false, now.domain);
  for (auto& alarm : alarms_.follow(cabinet_, settings_, t)) {
    if (!settings_.secondary) tell(std::move(alarm));
  }
  if (aggregated_bits(cabinet_, alarms_) != bits_) aggregated(t);
  subscriptions_.count(cabinet_, t);
  if (!established_ && settings_.buffered.empty()) return;
  for (auto& update : subscriptions_.due(cabinet_, settings_, t, now.domain))
    tell(std::move(update));
}

void Site::timer(SiteTime now) {
  mono_ = now.mono;
  if (!line_ || !close_.empty()) return;
  for (const auto& [id, sent] : unacknowledged_) {
    if (now.mono - sent >= settings_.ack_timeout) return close("ack_timeout");
  }
  if (established_ && now.mono - watchdog_sent_ >= settings_.watchdog_interval) {
    send(Watchdog{clock(now)});
    watchdog_sent_ = now.mono;
  }
}

void Site::tell(Body body) {
  if (established_) {
    send(std::move(body));
    return;
  }
  if (auto* update = std::get_if<StatusUpdate>(&body)) {
    if (update->items.empty() || !settings_.buffered.contains(update->items.front().code)) return;
    for (auto& item : update->items) {
      if (item.quality == Quality::recent) item.quality = Quality::old;
    }
  }
  if (!buffer_.keep(std::move(body))) count("buffer_overflow");
}

std::string Site::send(Body body) {
  const Message message{ids_.next(), std::move(body)};
  output_ += write_frame(message, core_);
  unacknowledged_.emplace(message.id, mono_);
  return message.id;
}

void Site::ack(const std::string& id) {
  output_ += write_frame({"", MessageAck{id}}, core_);
}

void Site::not_ack(const std::string& id, const std::string& reason) {
  count("not_ack_sent");
  output_ += write_frame({"", MessageNotAck{id, reason}}, core_);
}

void Site::close(const char* why) {
  close_ = why;
  count(std::string("closed.") + why);
}

}  // namespace dispecer::sim
