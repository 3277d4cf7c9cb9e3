// One junction, one second: is it ours to command, which rung of the ladder decides, and what is
// proposed to the guard.
//
// Rungs: second by second while the traffic data is fresh; the cycle layer while it is older than
// `fresh_s`; release to the local plan when it is older than `release_s` or the junction is not
// ours.
#pragma once

#include <optional>

#include "controller/plan/proposal.h"
#include "controller/signals/decide.h"

namespace dispecer::signals {

struct Standing {
  bool command = false;  // orders may be sent
  bool think = false;    // decide, also where nothing is sent (shadow, supervised)
  std::string rule;      // why not
};

// May we command this junction, and by which means? `lever` is the least one that is needed.
Standing standing(const Site& site, const Memory& memory, const JunctionView& view, Lever lever,
                  const SignalParameters& parameters);

struct Moment {
  UtcTime now;
  std::uint32_t epoch = 0;
  bool tick = true;  // false: between two seconds, because a bus was heard
  std::optional<UtcTime> cause_received;
};

struct JunctionOutput {
  SignalDecision decision;
  std::optional<Proposal> proposal;
  Choice choice;
};

// Decides and remembers. Between two seconds (`tick` false) there is a proposal only where the
// wanted stage changed. Ids of proposals are a function of epoch, second, junction and count.
JunctionOutput step_junction(const Site& site, Memory& memory, const JunctionView& view,
                             const std::vector<BusDemand>& buses, const Moment& moment,
                             const SignalParameters& parameters, Horizon& horizon);

// Hands a junction that is ours to its local plan; the output has a proposal.
JunctionOutput release(const Site& site, Memory& memory, const Moment& moment, std::string rule,
                       const SignalParameters& parameters);

}  // namespace dispecer::signals
