#include "adapters/police/delivery.h"

#include <algorithm>

#include "adapters/police/message.h"

namespace dispecer::police {

Delivery::Delivery(Outbox outbox, DeliveryOptions options, Channel& channel, DeliveryEvents events)
    : outbox_(std::move(outbox)),
      options_(options),
      channel_(channel),
      events_(std::move(events)) {}

void Delivery::alarm(const char* kind, bool active, const std::string& text) {
  events_.alarm({kind, "police", AlarmPriority::high, active, events_.now(), text});
}

Result<> Delivery::take(const Lead& lead, MonoTime now) {
  if (lead.subject.demonstration && !options_.receiver_simulated) {
    ++counters_["police.refused_demonstration"];
    alarm("demonstration_lead_refused", true,
          "a lead that rests on an invented decision was not sent");
    const bool kept = events_.receipt({lead.id, lead.subject.id, events_.now(),
                                       ReceiptKind::declined, "police", "demonstration"});
    if (!kept) return Error{"not_kept", "the receipt could not be kept", "police"};
    return Ok{};
  }
  const auto added = outbox_.add(lead);
  if (!added) {
    ++counters_["police.outbox_failed"];
    alarm("outbox_failed", true, added.error().message());
    return added.error();
  }
  alarm("outbox_failed", false, "");
  ++counters_[*added ? "police.taken" : "police.duplicate"];
  if (*added) tries_[lead.id] = {now, now, {}};
  return Ok{};
}

void Delivery::receive(const std::string& text) {
  const auto receipt = parse_receipt(text);
  if (!receipt) {
    ++counters_["police." + receipt.error().cause];
    return;
  }
  if (!outbox_.known(receipt->lead)) {
    ++counters_["police.unknown_lead"];
    return;
  }
  const auto waits = outbox_.waiting().find(receipt->lead);
  if (waits != outbox_.waiting().end() && waits->second.subject.id != receipt->subject) {
    ++counters_["police.case_mismatch"];
    return;
  }
  // First the receipt, then the mark: a crash in between only sends once more.
  if (!events_.receipt(*receipt)) {
    ++counters_["police.not_kept"];
    return;
  }
  ++counters_["police.receipt." + std::string(to_name(receipt->kind))];
  if (!outbox_.delivered(receipt->lead)) ++counters_["police.outbox_failed"];
  tries_.erase(receipt->lead);
}

void Delivery::channel_up() {
  for (auto& [id, t] : tries_) t.wait = Duration{};
  for (auto& [id, t] : tries_) t.due = {};
}

void Delivery::work(MonoTime now) {
  bool overdue = false;
  const bool ready = channel_.ready();
  for (const auto& [id, lead] : outbox_.waiting()) {
    auto& t = tries_.try_emplace(id, Try{now, now, {}}).first->second;
    overdue = overdue || now - t.taken > options_.overdue;
    if (!ready || now < t.due) continue;
    t.wait = t.wait == Duration{} ? options_.first_retry : std::min(t.wait * 2, options_.max_retry);
    t.due = now + t.wait;
    ++counters_["police.sent"];
    channel_.send(lead_message(lead));
  }
  alarm("lead_not_delivered", overdue,
        std::to_string(outbox_.waiting().size()) + " leads wait for their receiver");
}

}  // namespace dispecer::police
