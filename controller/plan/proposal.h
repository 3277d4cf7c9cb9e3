// What the centre would like to write to the field. Only proposals travel on the bus; what may
// really be written is an ApprovedCommand, which the guard alone can make.
#pragma once

#include <optional>
#include <string>

#include "controller/plan/field_write.h"
#include "fusion/model/actor.h"
#include "fusion/model/reason.h"

namespace dispecer {

struct Proposal {
  ProposalId id;
  JunctionId junction;  // empty for signs
  FieldWrite write;
  UtcTime decided;
  UtcTime based_on;  // observation of the junction that the decision rests on
  UtcTime expires;
  std::uint32_t epoch = 0;
  Actor actor;
  bool operator_confirmed = false;  // what a supervised junction needs
  std::optional<UtcTime>
      cause_received;  // wall-clock receipt of the bus position that caused it, for latency figures
  Reason reason;
  std::optional<UtcTime> until = {};  // an override is taken back then; absent = it has no end of its own
  bool operator==(const Proposal&) const = default;
};

// An order is done only when the observed field state proves it.
enum class OrderState : std::uint8_t {
  unknown = 0,
  requested = 1,
  refused = 2,
  sent = 3,
  accepted = 4,
  confirmed = 5,
  deviated = 6,
  expired = 7
};

constexpr auto names(Tag<OrderState>) {
  using E = OrderState;
  return std::array{Name<E>{E::unknown, "unknown"},   Name<E>{E::requested, "requested"},
                    Name<E>{E::refused, "refused"},   Name<E>{E::sent, "sent"},
                    Name<E>{E::accepted, "accepted"}, Name<E>{E::confirmed, "confirmed"},
                    Name<E>{E::deviated, "deviated"}, Name<E>{E::expired, "expired"}};
}

struct OrderReport {
  ProposalId proposal;
  JunctionId junction;
  UtcTime t;
  OrderState state = OrderState::unknown;
  std::string rule;  // of the guard that refused, or cause of a deviation
  std::string text;
  bool operator==(const OrderReport&) const = default;
};

constexpr auto fields(Tag<Proposal>) {
  using P = Proposal;
  return std::tuple{field(1, "id", &P::id),
                    field(2, "junction", &P::junction),
                    field(3, "write", &P::write),
                    field(4, "decided", &P::decided),
                    field(5, "based_on", &P::based_on),
                    field(6, "expires", &P::expires),
                    field(7, "epoch", &P::epoch),
                    field(8, "actor", &P::actor),
                    field(9, "operator_confirmed", &P::operator_confirmed),
                    field(10, "cause_received", &P::cause_received),
                    field(11, "reason", &P::reason),
                    field(12, "until", &P::until)};
}
constexpr auto fields(Tag<OrderReport>) {
  using P = OrderReport;
  return std::tuple{field(1, "proposal", &P::proposal),
                    field(2, "junction", &P::junction),
                    field(3, "t", &P::t),
                    field(4, "state", &P::state),
                    field(5, "rule", &P::rule),
                    field(6, "text", &P::text)};
}

}  // namespace dispecer
