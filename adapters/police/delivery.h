// Brings leads to the police: kept in the outbox first, sent at least once, in effect once (the
// receiver knows a repeat by the lead's id), repeated after 1, 2, 4 ... 30 s until the receiver
// says that it has it.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "adapters/police/outbox.h"
#include "fusion/model/health.h"

namespace dispecer::police {

// The wire, one of Subscription (receivers connect to us) and Post (we call them).
class Channel {
 public:
  virtual ~Channel() = default;
  [[nodiscard]] virtual bool ready() const = 0;  // somebody is there to receive
  virtual void send(const std::string& message) = 0;
};

struct DeliveryOptions {
  bool receiver_simulated = false;  // leads on an invented decision go nowhere else
  Duration first_retry{std::chrono::seconds{1}};
  Duration max_retry{std::chrono::seconds{30}};
  Duration overdue{std::chrono::seconds{60}};  // then somebody is called
};

struct DeliveryEvents {
  std::function<bool(const LeadReceipt&)> receipt;  // true = kept for good
  std::function<void(const AlarmEvent&)> alarm;     // kinds lead_not_delivered, outbox_failed,
                                                    // demonstration_lead_refused
  std::function<UtcTime()> now;                     // domain time
};

class Delivery {
 public:
  Delivery(Outbox outbox, DeliveryOptions options, Channel& channel, DeliveryEvents events);

  // Ok = kept or known, the giver may forget it. A lead on an invented decision for a real receiver
  // is declined at once and never kept. Error: the disk; to be given again.
  Result<> take(const Lead& lead, MonoTime now);
  // A message from the receiver.
  void receive(const std::string& text);
  // Somebody new is there: everything that waits is due at once.
  void channel_up();
  // Sends what is due; to be called several times a second.
  void work(MonoTime now);

  [[nodiscard]] std::size_t waiting() const { return outbox_.waiting().size(); }
  // police.taken, .duplicate, .sent (every sending), .refused_demonstration, .outbox_failed,
  // .receipt.<kind>, .unknown_lead, .case_mismatch, .not_kept, and the causes of parse_receipt.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& counters() const { return counters_; }

 private:
  struct Try {
    MonoTime taken;
    MonoTime due;
    Duration wait{};
  };
  void alarm(const char* kind, bool active, const std::string& text);

  Outbox outbox_;
  DeliveryOptions options_;
  Channel& channel_;
  DeliveryEvents events_;
  std::map<LeadId, Try> tries_;
  std::map<std::string, std::uint64_t> counters_;
};

}  // namespace dispecer::police
