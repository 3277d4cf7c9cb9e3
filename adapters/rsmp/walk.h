// A walk through everything that a site can be asked and told: every status of its list requested,
// subscribed to and unsubscribed from, every command proposed, an alarm and a priority request
// through their whole lives. It only proposes and asks; who runs it has each proposal judged.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "adapters/rsmp/config.h"
#include "adapters/rsmp/message/signal_list.h"
#include "adapters/rsmp/site.h"

namespace dispecer::rsmp {

// What the walk may use at the site. Numbers are legal there.
struct WalkSettings {
  std::vector<std::uint32_t> situations{1};
  std::vector<std::uint32_t> routes{1};
  std::uint32_t input = 0;  // free to be set and forced
  std::uint32_t output = 0;
  std::uint32_t loop = 1;  // of the sensitivity
  std::uint32_t alarm_input =
      0;  // raises `alarm_code` on `alarm_subject` while it is set; 0 = none
  std::string alarm_code;
  std::string alarm_subject;
  std::string request = "walk";  // id of the priority request, unique at the controller
  std::string week_table;
  std::string day_tables;
  std::set<std::string> may_refuse;      // codes that this site is known not to have
  Duration patience = from_seconds(3);   // wall, for an answer or a visible effect
  Duration ready_in = from_seconds(30);  // wall, for the site to be fit for an order, or to be back
};

struct WalkSummary {
  struct Line {
    std::string what;
    std::string why;
  };
  std::size_t commands_sent = 0;
  std::size_t confirmed = 0;  // proved by a status
  std::size_t accepted = 0;   // answered with the values asked for, effect not shown
  std::size_t statuses_asked = 0;
  std::size_t statuses_answered = 0;
  std::size_t subscribed = 0;
  std::size_t updated = 0;            // first update came
  std::set<std::string> codes_sent;   // of commands
  std::set<std::string> codes_asked;  // of statuses
  std::vector<Line> unknown;          // answered with age or quality unknown or undefined
  std::vector<Line> refused;          // by the guard or before the wire, with the rule
  std::vector<Line> failed;           // deviated or expired, with the cause
  std::vector<Line> not_acks;         // not planned
  std::vector<Line> planned_not_acks;
  std::vector<Line> outside_list;  // values that the list does not allow
  std::size_t links_lost = 0;      // but for the restart
  bool finished = false;
  [[nodiscard]] bool good() const { return finished && not_acks.empty() && links_lost == 0; }
};

class Walk {
 public:
  // Has the write judged and sent; the error's cause is the rule by which it was refused.
  using Propose = std::function<Result<>(const std::string& proposal, const FieldWrite& write)>;
  using Ask = std::function<Result<std::string>(Query query)>;
  using Restore = std::function<void()>;  // the usual subscriptions again

  Walk(const SiteConfig& site, WalkSettings settings, Propose propose, Ask ask, Restore restore);

  void connected(Core core, const std::string& sxl, MonoTime now);
  void disconnected();
  void overheard(const Overheard& heard);
  void report(const OrderReport& report);
  void timer(MonoTime now);
  [[nodiscard]] bool done() const { return summary_.finished; }
  [[nodiscard]] const WalkSummary& summary() const { return summary_; }

 private:
  enum class Kind : std::uint8_t { ask, order, alarm_comes, restore, restart };
  struct Step {
    Kind kind = Kind::ask;
    std::string label;
    std::optional<Query> query;
    std::optional<FieldWrite> write;
    bool answered_by_message = false;  // beside the acknowledgement
  };

  void plan_statuses();
  void plan_commands();
  void plan_alarm();
  void order(const std::string& label, FieldWrite write);
  void question(const std::string& label, Query query, bool answered);
  void begin(MonoTime now);
  void begin_order(const Step& step, MonoTime now);
  void next(MonoTime now);
  void hear_values(const Component& component, const std::vector<StatusValue>& items,
                   bool response);
  void hear_not_ack(const MessageNotAck& message);

  const SiteConfig& site_;
  WalkSettings settings_;
  Propose propose_;
  Ask ask_;
  Restore restore_;
  WalkSummary summary_;
  std::string sxl_;
  Core core_ = kNewestCore;
  bool planned_ = false;
  bool linked_ = false;
  bool restarting_ = false;
  std::deque<Step> steps_;
  bool running_ = false;
  MonoTime since_;                 // of the step
  std::optional<MonoTime> tried_;  // last proposal of the step that was refused
  std::string id_;                 // message or proposal of the step
  std::uint64_t proposals_ = 0;
  bool acked_ = false;
  bool answered_ = false;
  bool accepted_ = false;
  std::set<std::string> refused_codes_;      // statuses that the site did not acknowledge
  std::map<std::string, std::string> said_;  // message id -> what it was
  bool alarm_active_ = false;
};

}  // namespace dispecer::rsmp
