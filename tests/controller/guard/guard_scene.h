#pragma once

#include "controller/guard/guard.h"
#include "tests/support/city_fixture.h"

namespace dispecer::guard {

inline UtcTime at(double s) {
  return UtcTime{0} + from_seconds(1000 + s);
}

// Main street has been green for 30 s, seen now; everything is as it should be for a stage order.
struct Bench {
  JunctionSignals signals = test::crossroads();
  FieldState state = watch(signals);
  Situation situation{at(30), 4, WorldKind::street};
  Proposal proposal;

  Bench() {
    SignalObservation seen;
    seen.junction = signals.junction;
    seen.t = at(0);
    seen.link = CommLink::connected;
    seen.mode = ControlMode::control;
    seen.holder = Holder::local_plan;
    seen.groups = {Aspect::green, Aspect::red, Aspect::green};
    seen.stage = 1;
    observe(state, seen, at(0));
    seen.t = at(30);
    observe(state, seen, at(30));
    state.inputs_clean = true;
    proposal.id = ProposalId{"p1"};
    proposal.junction = signals.junction;
    proposal.write = StageOrder{2};
    proposal.decided = at(29.9);
    proposal.based_on = at(30);
    proposal.expires = at(33);
    proposal.epoch = 4;
    proposal.actor = {PersonId{"controller/signals"}, Role::automaton, {}};
  }

  std::string verdict() const {
    const auto r = Guard::check(proposal, signals, state, situation);
    return r ? "approved" : r.error().cause;
  }
  std::string verdict(FieldWrite write) {
    proposal.write = std::move(write);
    return verdict();
  }
  void sign_in(Role role) {
    proposal.actor.role = role;
    proposal.operator_confirmed = true;
  }
  void see(std::vector<Aspect> groups, std::optional<std::uint32_t> stage, double t) {
    auto seen = state.observed;
    seen.groups = std::move(groups);
    seen.stage = stage;
    seen.t = at(t);
    observe(state, seen, at(t));
  }
};

}  // namespace dispecer::guard
