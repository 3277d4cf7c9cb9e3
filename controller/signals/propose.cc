#include "controller/signals/propose.h"

namespace dispecer::signals {

Actor ourselves() {
  return {PersonId("controller/signals"), Role::automaton, WorkplaceId("centre")};
}

Proposal make_proposal(const Site& site, Memory& memory, const JunctionView& view,
                       const Moment& moment, const SignalParameters& p, FieldWrite write) {
  const auto second = moment.now.us / 1'000'000;
  if (second != memory.id_second) memory.id_counter = 0;
  memory.id_second = second;
  Proposal proposal;
  proposal.junction = site.signals.junction;
  proposal.id = ProposalId(std::to_string(moment.epoch) + "-" + std::to_string(second) + "-" +
                           proposal.junction.str() + "-" + std::to_string(memory.id_counter++));
  proposal.write = std::move(write);
  proposal.decided = moment.now;
  proposal.based_on = view.signal != nullptr ? view.signal->t : moment.now;
  proposal.expires = moment.now + from_seconds(p.order_life_s);
  proposal.epoch = moment.epoch;
  proposal.actor = ourselves();
  proposal.cause_received = moment.cause_received;
  return proposal;
}

void propose(const Site& site, Memory& memory, const JunctionView& view, const Moment& moment,
             const SignalParameters& p, FieldWrite write, const Actor& actor, bool confirmed,
             JunctionOutput& out) {
  auto proposal = make_proposal(site, memory, view, moment, p, std::move(write));
  proposal.actor = actor;
  proposal.operator_confirmed = confirmed;
  proposal.reason = out.decision.reason;
  out.decision.proposal = proposal.id;
  out.proposal = std::move(proposal);
}

}  // namespace dispecer::signals
