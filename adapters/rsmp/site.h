// One configured site, across its connections: what it shows, what it was told, what is wrong with
// it. Free of sockets and of the establishment.
#pragma once

#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "adapters/rsmp/alarms.h"
#include "adapters/rsmp/board.h"
#include "adapters/rsmp/config.h"
#include "adapters/rsmp/detectors.h"
#include "adapters/rsmp/held.h"
#include "adapters/rsmp/orders.h"
#include "adapters/rsmp/parameters.h"
#include "adapters/rsmp/requests.h"
#include "adapters/rsmp/returns.h"
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
// A site was established and has told its state: it may be asked now.
struct Joined {
  std::string site_id;
  Core core = kNewestCore;
  std::string sxl;
};
// What was set before this connection has been read and cleared.
struct Clean {
  JunctionId junction;
};

// A question to a site: changes nothing there, so it needs no approval.
using Query =
    std::variant<StatusRequest, StatusSubscribe, StatusUnsubscribe, AggregatedStatusRequest, Alarm>;

// Dynamic bands that we wrote, by plan and band: seconds of extension.
struct WrittenBands {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::int64_t> before;  // as far as it was told
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::int64_t> ours;
  std::uint32_t timeout_min = 0;
  // `told` = S0023 at this moment.
  void note(const Proposal& proposal, const std::optional<std::string>& told);
};

struct SiteOutput {
  std::vector<Sighting> sightings;
  std::vector<DetectorBatch> batches;
  std::vector<PriorityPoint> points;
  std::vector<OrderReport> reports;
  std::vector<AlarmEvent> alarms;
  std::vector<ReleaseWanted> releases;
  std::vector<ReturnDue> returns;  // overrides whose end has come, and bands left from before
  std::vector<ParameterBackup> backups;
  std::vector<Joined> joined;
  std::vector<Clean> clean;
  std::vector<JunctionId> lost;  // connection gone: the guard's record starts anew
  std::vector<SentCommand> sent;
};

// Rule of a proposal that gives back what is left from before: passes before the site is clean.
inline constexpr std::string_view kGiveBackRule = "give_back";

class Site {
 public:
  Site(SiteConfig config, Secrets secrets, Counters& counters, OrderTimes times = {});

  void connected(Core core, const std::string& sxl, Sender sender, Now now, SiteOutput& out);
  void disconnected(Now now, SiteOutput& out);
  void received(const Body& body, Now now, SiteOutput& out);
  void acknowledged(const std::string& id, Now now, SiteOutput& out);
  void not_acknowledged(const std::string& id, const std::string& reason, Now now, SiteOutput& out);
  void watchdogs_stale(bool stale, Now now, SiteOutput& out);
  void timer(Now now, SiteOutput& out);

  // Takes an approved command. A refusal (not_connected, latched_inputs, or a cause of encode()) is
  // also reported as OrderState::refused.
  Result<> submit(const ApprovedCommand& command, Now now, SiteOutput& out);

  // Sends a question; its message id. Causes: not_connected, not_a_question (an alarm message that
  // is not a request), not_in_version.
  Result<std::string> ask(Query query);
  // All wanted subscriptions anew, at their own intervals.
  void subscribe();
  // Overrides that are still open, to be taken back before an orderly stop.
  [[nodiscard]] std::vector<ReturnDue> open_overrides() const;
  // Adds what of ours is or may be set at the site; with `next`, what will be once that is written.
  void keep(Kept& kept, const Proposal* next = nullptr) const;
  // From before this start, of this site's junctions.
  void restore(const Kept& kept, UtcTime now);

  [[nodiscard]] const SiteConfig& config() const { return config_; }
  // Is it one of this site's: the main one, a signal group's or a detector logic's?
  [[nodiscard]] bool has_component(const std::string& component) const;
  [[nodiscard]] bool connected() const { return sender_ != nullptr; }
  // Junctions in which an input of ours may be set.
  [[nodiscard]] std::vector<JunctionId> holding() const;
  // Does the detector logic of that group read as occupied?
  [[nodiscard]] std::vector<bool> demand(const JunctionWire& junction) const;
  [[nodiscard]] const OrderBook& orders() const { return orders_; }

 private:
  struct JunctionState {
    explicit JunctionState(const JunctionSignals& signals) : settings(signals) {}
    bool clean = false;            // inputs read and cleared since connecting
    std::optional<UtcTime> asked;  // release wanted, last time
    SignalObservation last;
    UtcTime published;                      // domain
    std::map<std::uint32_t, UtcTime> ours;  // demand input -> last time that we set it
    Role role = Role::unknown;
    bool held = false;  // a stage order went out and no release since
    bool order_alarm = false;
    bool fixed_time_ours = false;
    HeldSettings settings;
    std::optional<UtcTime> deviates;  // since when; the alarm comes when that lasts
    bool deviation_alarm = false;
    std::optional<UtcTime> counter_off;  // since when the cycle counter does not follow
    WrittenBands bands;
    std::optional<UtcTime> bands_asked;  // to be given back, last time
  };

  void on_values(const std::vector<StatusValue>& items, const Component& component, UtcTime stamp,
                 Now now, SiteOutput& out);
  void on_alarm(const Alarm& alarm, Now now, SiteOutput& out);
  void on_aggregated(const AggregatedStatus& status, Now now, SiteOutput& out);
  void begin(Now now, SiteOutput& out);
  void on_parameters(const std::vector<StatusValue>& items, Now now, SiteOutput& out);
  void tell_alarms(const std::vector<AlarmChange>& changes, Now now, SiteOutput& out);
  void note_written(const Proposal& proposal, Now now);
  void check_settings(Now now, SiteOutput& out);
  void check_returns(Now now, SiteOutput& out);
  bool bands_left(const JunctionWire& wire, Now now, SiteOutput& out);
  [[nodiscard]] std::optional<bool> alarm_proof(const JunctionWire& wire,
                                                const AlarmOrder& order) const;
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
  PointWatch points_;
  RequestList requests_;
  OrderBook orders_;
  std::map<JunctionId, JunctionState> states_;
  std::optional<Duration> clock_error_;
  bool clock_alarm_ = false;
  bool local_control_ = false;
  AlarmPriority fault_ = AlarmPriority::unknown;  // told by the aggregated status, unknown = none
  AlarmBook alarms_;
  ParameterWatch parameters_;
  ReturnSchedule returns_;
  std::optional<MonoTime> settling_;  // connected then; the first requests wait for the site
  std::map<std::string, std::string> subscribe_ids_;  // message id -> status code
};

}  // namespace dispecer::rsmp
