// The orders of one site from approval to proof: what waits, what is in flight, what awaits its
// effect. An order is done only when the statuses prove it.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/rsmp/command.h"
#include "controller/plan/approved_command.h"

namespace dispecer::rsmp {

// Hands a message to the connection; the id it went out with.
using Sender = std::function<std::string(Body body)>;

struct OrderTimes {
  Duration response = from_seconds(10);  // wall, from sending to CommandResponse
  Duration in_queue = from_seconds(2);   // wall, that an approved command may wait for its turn
  Duration lapse = from_seconds(5);      // domain, beyond the release time, without a refresh
};
// Domain time in which the effect of an order must show.
Duration proof_time(const FieldWrite& write);

// Left with this call.
struct SentCommand {
  ProposalId proposal;
  std::optional<UtcTime> cause_received;
  bool stage = false;
};

class OrderBook {
 public:
  explicit OrderBook(Counters& counters, OrderTimes times = {})
      : counters_(counters), times_(times) {}

  // Takes an approved command in its encoded form. An open stage order of the same junction for
  // another stage ends as expired ("superseded"), one that has not left yet in any case.
  void submit(const ApprovedCommand& command, std::vector<FieldCommand> requests, Now now);
  // Sends what may go: one request per command code at a time, so that responses can be told apart.
  void pump(const Sender& send, Now now, std::vector<SentCommand>& sent);

  // An alarm message has no answer but its acknowledgement.
  void acknowledged(const std::string& id, Now now);
  void not_acknowledged(const std::string& id, const std::string& reason, Now now);
  void response(const CommandResponse& response, Now now);
  // `proof` judges by the present statuses; see proved().
  using ProofOf = std::function<std::optional<bool>(const Proposal& proposal)>;
  void check(const ProofOf& proof, const std::function<Duration(const JunctionId&)>& release_time,
             Now now);
  // All that is open fails: nothing is repeated on the next connection.
  void link_lost(Now now);

  std::vector<OrderReport> take_reports() { return std::exchange(reports_, {}); }
  // Orders that were proved since the last call.
  std::vector<Proposal> take_proved() { return std::exchange(proved_, {}); }
  [[nodiscard]] std::size_t open() const { return orders_.size(); }
  [[nodiscard]] bool has_release(const JunctionId& junction) const;

 private:
  struct Order {
    Proposal proposal;
    std::size_t unanswered = 0;  // requests without a response
    bool sent = false;
    bool accepted = false;
    bool overtaken = false;  // a release behind which a stage order was taken
    UtcTime since;           // sent, domain
  };
  struct Waiting {
    std::uint64_t order = 0;
    FieldCommand command;
    MonoTime queued;
  };
  struct InFlight {
    std::uint64_t order = 0;
    std::string id;
    FieldCommand command;
    MonoTime sent;
  };

  void report(const Order& order, OrderState state, UtcTime t, const std::string& rule = "",
              const std::string& text = "");
  void end(std::uint64_t key, OrderState state, UtcTime t, const std::string& rule,
           const std::string& text = "");
  void answered(std::uint64_t key, Now now);
  void supersede(const Proposal& proposal, UtcTime t);

  Counters& counters_;
  OrderTimes times_;
  std::uint64_t next_ = 1;
  std::map<std::uint64_t, Order> orders_;
  std::deque<Waiting> waiting_;
  // By component and code.
  std::map<std::pair<std::string, std::string>, InFlight> in_flight_;
  std::map<std::string, std::pair<std::string, std::string>> by_message_;  // id -> in_flight_ key
  std::map<JunctionId, UtcTime> refreshed_;                                // last stage order sent
  std::vector<OrderReport> reports_;
  std::vector<Proposal> proved_;
};

}  // namespace dispecer::rsmp
