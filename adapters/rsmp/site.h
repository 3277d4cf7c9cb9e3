// One configured site, across its connections: what it shows, what it was told, what is wrong with
// it. Free of sockets and of the establishment.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "adapters/rsmp/board.h"
#include "adapters/rsmp/config.h"
#include "adapters/rsmp/detectors.h"
#include "adapters/rsmp/orders.h"
#include "fusion/model/health.h"

namespace dispecer::rsmp {

struct Sighting {
  SignalObservation seen;
  bool fresh = false;  // the lamps were reported; otherwise a repeat of what is known
};
// Inputs that were set before this connection, or by nobody we know of, are to be cleared: the
// owner makes a release, has it approved and submits it.
struct ReleaseWanted {
  JunctionId junction;
};
// What was set before this connection has been read and cleared.
struct Clean {
  JunctionId junction;
};

struct SiteOutput {
  std::vector<Sighting> sightings;
  std::vector<DetectorBatch> batches;
  std::vector<OrderReport> reports;
  std::vector<AlarmEvent> alarms;
  std::vector<ReleaseWanted> releases;
  std::vector<Clean> clean;
  std::vector<JunctionId> lost;  // connection gone: the guard's record starts anew
  std::vector<SentCommand> sent;
};

class Site {
 public:
  Site(SiteConfig config, Secrets secrets, Counters& counters, OrderTimes times = {});

  void connected(Core core, const std::string& sxl, Sender sender, Now now, SiteOutput& out);
  void disconnected(Now now, SiteOutput& out);
  void received(const Body& body, Now now, SiteOutput& out);
  void acknowledged(const std::string& id);
  void not_acknowledged(const std::string& id, const std::string& reason, Now now, SiteOutput& out);
  void watchdogs_stale(bool stale, Now now, SiteOutput& out);
  void timer(Now now, SiteOutput& out);

  // Takes an approved command. A refusal (not_connected, latched_inputs, or a cause of encode()) is
  // also reported as OrderState::refused.
  Result<> submit(const ApprovedCommand& command, Now now, SiteOutput& out);

  [[nodiscard]] const SiteConfig& config() const { return config_; }
  [[nodiscard]] bool connected() const { return sender_ != nullptr; }
  // Junctions in which an input of ours may be set.
  [[nodiscard]] std::vector<JunctionId> holding() const;
  // Does the detector logic of that group read as occupied?
  [[nodiscard]] std::vector<bool> demand(const JunctionWire& junction) const;
  [[nodiscard]] const OrderBook& orders() const { return orders_; }

 private:
  struct JunctionState {
    bool clean = false;            // inputs read and cleared since connecting
    std::optional<UtcTime> asked;  // release wanted, last time
    SignalObservation last;
    UtcTime published;                      // domain
    std::map<std::uint32_t, UtcTime> ours;  // demand input -> last time that we set it
    Role role = Role::unknown;
    bool held = false;  // a stage order went out and no release since
    bool order_alarm = false;
  };

  void on_values(const std::vector<StatusValue>& items, const Component& component, UtcTime stamp,
                 Now now, SiteOutput& out);
  void on_alarm(const Alarm& alarm, Now now, SiteOutput& out);
  void on_aggregated(const AggregatedStatus& status, Now now, SiteOutput& out);
  void on_clock(UtcTime site, Now now, SiteOutput& out);
  void publish(const JunctionWire& wire, bool lamps, bool repeat, Now now, SiteOutput& out);
  void check_inputs(Now now, SiteOutput& out);
  void check_orders(Now now, SiteOutput& out);
  void flush_reports(Now now, SiteOutput& out);
  [[nodiscard]] BoardContext context_of(const JunctionWire& wire, Now now) const;
  [[nodiscard]] const JunctionWire* wire_of(const JunctionId& junction) const;
  [[nodiscard]] std::string subject_of(const std::string& component) const;
  static void raise(SiteOutput& out, const std::string& kind, const std::string& subject,
                    AlarmPriority priority, bool active, UtcTime t, const std::string& text);

  SiteConfig config_;
  Secrets secrets_;
  Counters& counters_;
  Sender sender_;
  Core core_ = kNewestCore;
  std::string sxl_;
  CommLink link_ = CommLink::connecting;
  std::optional<MonoTime> first_;  // first timer, for the alarm about a site that never came
  bool lost_alarm_ = false;
  StatusBoard board_;
  DetectorFeed detectors_;
  OrderBook orders_;
  std::map<JunctionId, JunctionState> states_;
  std::optional<Duration> clock_error_;
  bool clock_alarm_ = false;
  bool local_control_ = false;
  AlarmPriority fault_ = AlarmPriority::unknown;  // told by the aggregated status, unknown = none
  struct FieldAlarm {
    UtcTime t;
    bool active = false;
    AlarmPriority priority = AlarmPriority::low;
    std::string subject;
  };
  std::map<std::pair<std::string, std::string>, FieldAlarm> alarms_;  // by component and code
  std::map<std::string, std::string> subscribe_ids_;                  // message id -> status code
};

}  // namespace dispecer::rsmp
