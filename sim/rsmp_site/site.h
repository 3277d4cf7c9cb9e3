// One RSMP site without its socket: establishment by core version, acknowledgements, watchdogs,
// aggregated status, alarms, status and commands of one controller. Bytes and ticks go in, bytes
// come out. Timers run on monotonic time; every stamp on the wire is the controller's own clock.
#pragma once

#include "adapters/rsmp/message/framer.h"
#include "adapters/rsmp/message/message_id.h"
#include "sim/rsmp_site/alarms.h"
#include "sim/rsmp_site/buffer.h"
#include "sim/rsmp_site/subscriptions.h"

namespace dispecer::sim {

struct SiteTime {
  MonoTime mono;
  UtcTime domain;
};

class Site {
 public:
  Site(Cabinet& cabinet, SiteSettings settings, UtcTime now,
       rsmp::FillRandom random = rsmp::fill_random);

  void connected(SiteTime now);
  void bytes(std::string_view bytes, SiteTime now);
  // After each tick of the controller, connected or not.
  void tick(SiteTime now);
  // Acknowledgement and watchdog timers; a few times a second.
  void timer(SiteTime now);
  void disconnected();
  // Power went: what lives in memory only is lost.
  void power_lost();
  // Bytes since the last call held an order that was carried out: the controller may be moved on at
  // once instead of at its next tick.
  bool take_ordered() { return std::exchange(ordered_, false); }

  std::string take_output() { return std::exchange(output_, {}); }
  // Why the line has to be closed after the output was sent; "" = it stays.
  [[nodiscard]] const std::string& close_reason() const { return close_; }
  [[nodiscard]] bool established() const { return established_; }
  [[nodiscard]] rsmp::Core core() const { return core_; }
  // "rsmp_site.cause" -> how often
  [[nodiscard]] const std::map<std::string, std::uint64_t>& counters() const { return counters_; }

 private:
  void frame(std::string_view text, SiteTime now);
  void on_version(const rsmp::Message& message, SiteTime now);
  void on_acked(const std::string& id, SiteTime now);
  void proceed(SiteTime now);
  void establish(SiteTime now);
  void serve(const rsmp::Message& message, SiteTime now);
  [[nodiscard]] std::string refusal(const rsmp::Component& component,
                                    const std::vector<rsmp::StatusName>& items,
                                    bool at_its_component = true) const;
  void answer_status(const rsmp::StatusRequest& request, UtcTime clock);
  void subscribe(const rsmp::StatusSubscribe& request, SiteTime now);
  void follow_clock(UtcTime supervisor, SiteTime now);
  void command(const std::string& id, const rsmp::CommandRequest& request, SiteTime now);
  void alarm_order(const std::string& id, const rsmp::Alarm& alarm, UtcTime clock);
  void aggregated(UtcTime clock);
  // Sends now, or keeps it for later while the line is down.
  void tell(rsmp::Body body);
  std::string send(rsmp::Body body);
  void ack(const std::string& id);
  void not_ack(const std::string& id, const std::string& reason);
  void close(const char* why);
  void count(const std::string& name) { ++counters_["rsmp_site." + name]; }
  [[nodiscard]] UtcTime clock(SiteTime now) const { return clock_of(cabinet_, now.domain); }

  Cabinet& cabinet_;
  SiteSettings settings_;
  rsmp::MessageIds ids_;
  AlarmTable alarms_;
  Subscriptions subscriptions_;
  std::array<bool, 8> bits_{};
  MessageBuffer buffer_;
  std::map<std::string, std::uint64_t> counters_;

  rsmp::Framer framer_;
  rsmp::Core core_ = rsmp::kNewestCore;
  bool line_ = false;
  bool version_acked_ = false;
  bool version_seen_ = false;
  bool watchdog_acked_ = false;
  bool watchdog_seen_ = false;
  bool established_ = false;
  std::string version_id_;
  std::string watchdog_id_;
  std::map<std::string, MonoTime> unacknowledged_;
  MonoTime mono_;
  MonoTime watchdog_sent_;
  std::optional<MonoTime> clock_set_;
  bool ordered_ = false;
  std::string output_;
  std::string close_;
};

}  // namespace dispecer::sim
