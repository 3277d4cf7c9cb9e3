// The second-by-second layer: stay in the running stage or go to another, once each second.
//
// In order: an ordered change is given time to begin; minimum green; the maximum red, by
// looking ahead; no green into a full link; the pace of the plan where all is full; else what costs
// least over the next minute. Buses weigh in the same search; it is made once with and once without
// them, so that a decision knows what priority changed.
#pragma once

#include <optional>
#include <string>

#include "controller/signals/due.h"
#include "controller/signals/horizon.h"
#include "fusion/model/decision.h"

namespace dispecer::signals {

struct Choice {
  std::uint32_t stage = kNone;   // to ask for now, index; kNone = ask for nothing
  std::uint32_t target = kNone;  // where that leads in the end
  SignalAction action = SignalAction::none;
  Reason reason;
  double green = 0;               // s of green that the target is expected to get
  double begins = 0;              // s until green of the target begins, 0 = it runs
  bool priority = false;          // buses changed the choice
  std::uint32_t without = kNone;  // target without them
  double given = 0;               // s of green given, or of red cut, by this change
  // Where buses changed it: s from now between which the target would have had red without them, as
  // far as the look ahead tells.
  double spared_from = 0;
  double spared_until = 0;
};

// `memory` has observed `view.signal`. Pure: nothing is remembered here.
Choice decide(const Site& site, const JunctionView& view, const Memory& memory,
              const std::vector<BusDemand>& buses, UtcTime now, const SignalParameters& parameters,
              Horizon& horizon);

// The way to `target` under an operator's word, or by the plan: one allowed change at a time, each
// after the minimum green. `rule` names the reason.
Choice go_to(const Site& site, const Memory& memory, std::uint32_t target, UtcTime now,
             std::string rule, const SignalParameters& parameters);

// Cycle layer, for when traffic data is older than `fresh_s`: the ring of the local plan, its green
// split half as the plan has it and half by the queues seen last.
Choice follow_cycle(const Site& site, const JunctionView& view, const Memory& memory, UtcTime now,
                    const SignalParameters& parameters);

// Seconds until `from` may be left towards `to`: the longest remaining minimum green of groups that
// would end, with what people who walk slowly need beyond it, and what is left of an early start.
double min_green_left(const Site& site, const Memory& memory, std::uint32_t from, std::uint32_t to,
                      UtcTime now);

std::string text(double value, int decimals = 1);

}  // namespace dispecer::signals
