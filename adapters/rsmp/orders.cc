#include "adapters/rsmp/orders.h"

#include <algorithm>

#include "adapters/rsmp/message/tlc.h"

namespace dispecer::rsmp {
namespace {

template <class T>
bool is(const FieldWrite& write) {
  return std::holds_alternative<T>(write);
}

bool is_code(const std::string& name) {
  return name == "securityCode" || name == "oldSecurityCode" || name == "newSecurityCode";
}

bool same_value(const std::optional<std::string>& asked, const std::optional<std::string>& got) {
  if (asked == got) return true;
  if (!asked || !got) return false;
  const auto a = parse_integer(*asked);
  const auto b = parse_integer(*got);
  if (a && b) return *a == *b;
  const auto flag = parse_bool(*asked);
  return flag && flag == parse_bool(*got);
}

struct Fault {
  std::string rule;
  std::string text;
};

// What is wrong with the answer to a request. Codes may come back blank or masked.
std::optional<Fault> fault_of(const CommandRequest& request, const CommandResponse& response) {
  for (const CommandValue& value : response.values) {
    const auto asked = std::ranges::find_if(request.arguments, [&](const CommandArgument& a) {
      return a.code == value.code && a.name == value.name;
    });
    if (asked == request.arguments.end()) continue;
    if (value.age != Quality::recent) {
      const char* age = value.age == Quality::undefined ? "undefined"
                        : value.age == Quality::old     ? "old"
                                                        : "unknown";
      return Fault{std::string("age_") + age, value.code + " " + value.name + " is " + age};
    }
    if (is_code(value.name) || same_value(asked->value.text, value.value.text)) continue;
    return Fault{"value_refused", value.code + " " + value.name + ": asked '" +
                                      asked->value.text.value_or("") + "', got '" +
                                      value.value.text.value_or("null").substr(0, 64) + "'"};
  }
  return std::nullopt;
}

}  // namespace

Duration proof_time(const FieldWrite& write) {
  if (is<StageOrder>(write)) return from_seconds(120);
  if (is<PlanOrder>(write)) return from_seconds(300);
  if (is<ModeOrder>(write) || is<RestartOrder>(write)) return from_seconds(120);
  return from_seconds(30);
}

void OrderBook::submit(const ApprovedCommand& command, std::vector<FieldCommand> requests,
                       Now now) {
  const Proposal& proposal = command.proposal();
  supersede(proposal, now.utc);
  const std::uint64_t key = next_++;
  Order& order = orders_[key];
  order.proposal = proposal;
  order.unanswered = requests.size();
  order.since = now.utc;
  report(order, OrderState::requested, now.utc);
  // Giving back goes before whatever else waits.
  const bool first = is<ReleaseOrder>(proposal.write);
  std::size_t place = 0;
  for (FieldCommand& request : requests) {
    Waiting waiting{key, std::move(request), now.mono};
    if (first) {
      waiting_.insert(waiting_.begin() + static_cast<std::ptrdiff_t>(place++), std::move(waiting));
    } else {
      waiting_.push_back(std::move(waiting));
    }
  }
}

void OrderBook::supersede(const Proposal& proposal, UtcTime t) {
  const auto* stage = std::get_if<StageOrder>(&proposal.write);
  if (stage == nullptr && !is<ReleaseOrder>(proposal.write)) return;
  std::vector<std::uint64_t> ended;
  for (auto& [key, order] : orders_) {
    if (order.proposal.junction != proposal.junction) continue;
    const auto* older = std::get_if<StageOrder>(&order.proposal.write);
    const bool older_release = is<ReleaseOrder>(order.proposal.write) && stage != nullptr;
    if (older_release && order.accepted) ended.push_back(key);
    order.overtaken = order.overtaken || older_release;
    if (older == nullptr) continue;
    const bool other = stage == nullptr || older->stage != stage->stage;
    if (other || !order.sent) ended.push_back(key);
  }
  for (const std::uint64_t key : ended) end(key, OrderState::expired, t, "superseded");
}

void OrderBook::pump(const Sender& send, Now now, std::vector<SentCommand>& sent) {
  for (std::size_t i = 0; i < waiting_.size();) {
    const std::uint64_t key = waiting_[i].order;
    const auto order = orders_.find(key);
    if (order == orders_.end()) {
      waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
      continue;
    }
    const bool release = is<ReleaseOrder>(order->second.proposal.write);
    if (now.mono - waiting_[i].queued > times_.in_queue && !release) {
      end(key, OrderState::expired, now.utc, "stale_in_queue");
      i = 0;
      continue;
    }
    const std::pair slot{waiting_[i].command.component(), waiting_[i].command.code};
    if (in_flight_.contains(slot)) {
      ++i;
      continue;
    }
    FieldCommand command = std::move(waiting_[i].command);
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
    const std::string id = send(command.alarm ? Body{*command.alarm} : Body{command.request});
    by_message_[id] = slot;
    in_flight_.emplace(slot, InFlight{key, id, std::move(command), now.mono});
    Order& left = order->second;
    if (is<StageOrder>(left.proposal.write)) refreshed_[left.proposal.junction] = now.utc;
    if (is<ReleaseOrder>(left.proposal.write)) refreshed_.erase(left.proposal.junction);
    if (!left.sent) {
      left.sent = true;
      left.since = now.utc;
      report(left, OrderState::sent, now.utc);
      sent.push_back(
          {left.proposal.id, left.proposal.cause_received, is<StageOrder>(left.proposal.write)});
    }
  }
}

void OrderBook::not_acknowledged(const std::string& id, const std::string& reason, Now now) {
  const auto at = by_message_.find(id);
  if (at == by_message_.end()) return;
  const auto flight = in_flight_.find(at->second);
  by_message_.erase(at);
  if (flight == in_flight_.end() || flight->second.id != id) return;
  const std::uint64_t key = flight->second.order;
  std::string text = reason.substr(0, 200);
  // A site may quote the code that it did not like.
  for (const CommandArgument& a : flight->second.command.request.arguments) {
    if (!is_code(a.name) || !a.value.text || a.value.text->empty()) continue;
    for (auto p = text.find(*a.value.text); p != std::string::npos; p = text.find(*a.value.text)) {
      text.replace(p, a.value.text->size(), "*");
      if (a.value.text->find('*') != std::string::npos) break;
    }
  }
  in_flight_.erase(flight);
  end(key, OrderState::deviated, now.utc, "not_acknowledged", text);
}

void OrderBook::response(const CommandResponse& response, Now now) {
  if (response.values.empty()) {
    ++counters_["rsmp.empty_command_response"];
    return;
  }
  const auto flight = in_flight_.find({response.component.id, response.values.front().code});
  if (flight == in_flight_.end()) {
    ++counters_["rsmp.unexpected_command_response"];
    return;
  }
  const auto fault = fault_of(flight->second.command.request, response);
  const std::uint64_t key = flight->second.order;
  in_flight_.erase(flight);
  if (fault) {
    end(key, OrderState::deviated, now.utc, fault->rule, fault->text);
    return;
  }
  answered(key, now);
}

void OrderBook::answered(std::uint64_t key, Now now) {
  const auto order = orders_.find(key);
  if (order == orders_.end()) return;
  if (order->second.unanswered > 0) --order->second.unanswered;
  if (order->second.unanswered > 0 || order->second.accepted) return;
  order->second.accepted = true;
  report(order->second, OrderState::accepted, now.utc);
  if (order->second.overtaken) end(key, OrderState::expired, now.utc, "superseded");
}

void OrderBook::acknowledged(const std::string& id, Now now) {
  const auto at = by_message_.find(id);
  if (at == by_message_.end()) return;
  const auto flight = in_flight_.find(at->second);
  by_message_.erase(at);
  if (flight == in_flight_.end() || flight->second.id != id || !flight->second.command.alarm)
    return;
  const std::uint64_t key = flight->second.order;
  in_flight_.erase(flight);
  answered(key, now);
}

void OrderBook::check(const ProofOf& proof,
                      const std::function<Duration(const JunctionId&)>& release_time, Now now) {
  for (auto at = in_flight_.begin(); at != in_flight_.end();) {
    if (now.mono - at->second.sent < times_.response) {
      ++at;
      continue;
    }
    const std::uint64_t key = at->second.order;
    at = in_flight_.erase(at);
    end(key, OrderState::deviated, now.utc, "no_response", "no CommandResponse came");
  }
  std::vector<std::uint64_t> keys;
  for (const auto& [key, order] : orders_) keys.push_back(key);
  for (const std::uint64_t key : keys) {
    const Order& order = orders_.at(key);
    if (order.accepted && proof(order.proposal).value_or(true)) {
      proved_.push_back(order.proposal);
      end(key, OrderState::confirmed, now.utc, "");
      continue;
    }
    if (!order.sent) continue;
    if (now.utc - order.since >= proof_time(order.proposal.write)) {
      end(key, OrderState::expired, now.utc, "not_proved", "the effect did not show in time");
      continue;
    }
    const auto refreshed = refreshed_.find(order.proposal.junction);
    if (is<StageOrder>(order.proposal.write) && refreshed != refreshed_.end() &&
        now.utc - refreshed->second >= release_time(order.proposal.junction) + times_.lapse) {
      end(key, OrderState::expired, now.utc, "lapsed", "it was not refreshed");
    }
  }
}

void OrderBook::link_lost(Now now) {
  while (!orders_.empty()) {
    end(orders_.begin()->first, OrderState::expired, now.utc, "link_lost");
  }
  waiting_.clear();
  in_flight_.clear();
  by_message_.clear();
  refreshed_.clear();
}

bool OrderBook::has_release(const JunctionId& junction) const {
  return std::ranges::any_of(orders_, [&](const auto& entry) {
    return entry.second.proposal.junction == junction &&
           is<ReleaseOrder>(entry.second.proposal.write);
  });
}

void OrderBook::report(const Order& order, OrderState state, UtcTime t, const std::string& rule,
                       const std::string& text) {
  ++counters_["rsmp.orders." + std::string(to_name(state))];
  reports_.push_back({order.proposal.id, order.proposal.junction, t, state, rule, text});
}

void OrderBook::end(std::uint64_t key, OrderState state, UtcTime t, const std::string& rule,
                    const std::string& text) {
  const auto at = orders_.find(key);
  if (at == orders_.end()) return;
  report(at->second, state, t, rule, text);
  orders_.erase(at);
  std::erase_if(waiting_, [key](const Waiting& w) { return w.order == key; });
}

}  // namespace dispecer::rsmp
