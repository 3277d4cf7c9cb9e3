// Shadow mode: a candidate, parameter set or policy, beside the live one. Each second, at the
// junctions that it looks at, it decides once more on what the live one saw and remembered. Nothing
// of it is sent or remembered by the live layers. Several may run at once.
//
// The candidate is held against the live choice step by step, from the street as the live one made
// it: the score says where and how the two differ, not what an hour under the candidate would have
// become. Costs are the look-ahead's, in vehicle-seconds over its span, once with each set of
// parameters, since each thinks its own choice the better one.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "controller/signals/decide.h"

namespace dispecer::signals {

// How a candidate decides.
enum class ShadowPolicy : std::uint8_t {
  look_ahead,  // as the live layer, with its own parameters
  cycle,       // the cycle layer: the ring of the local plan, its green split by plan and queues
  plan         // the local plan by the clock, as a controller left to itself would run it
};

constexpr auto names(Tag<ShadowPolicy>) {
  using E = ShadowPolicy;
  return std::array{Name<E>{E::look_ahead, "look_ahead"}, Name<E>{E::cycle, "cycle"},
                    Name<E>{E::plan, "plan"}};
}

struct Candidate {
  std::string name;  // in reports and counters, "" = the only one
  ShadowPolicy policy = ShadowPolicy::look_ahead;
  SignalParameters parameters;
};

// Sums since the beginning, over junctions and seconds.
struct ShadowScore {
  std::uint64_t seconds = 0;    // in which both decided
  std::uint64_t different = 0;  // of them, with another stage to go to
  std::uint64_t priced = 0;     // of those, with both ways priced by both sets
  double loss = 0;  // what the candidate's choices cost more by the live parameters, veh s
  double gain = 0;  // what they cost less by its own, veh s
  // Changes begun, and seconds from which on some red could no longer be served within its maximum
  // as the live parameters have it.
  std::uint64_t changes = 0;
  std::uint64_t live_changes = 0;
  std::uint64_t breaches = 0;
  std::uint64_t live_breaches = 0;
  bool operator==(const ShadowScore&) const = default;
};

// Of one junction: whether the second before wanted a change, and was to break a maximum red.
struct ShadowEdge {
  bool changing = false;
  bool live_changing = false;
  bool breaking = false;
  bool live_breaking = false;
};

struct Shadow {
  Candidate candidate;
  double share = 1;            // of the junctions, 0..1: what it may cost
  std::vector<JunctionId> at;  // those junctions, ascending
  ShadowScore score;
  // The last whole hour of the clock, and how many there were; the first one may lack its begin.
  ShadowScore hour;
  std::uint64_t hours = 0;
  ShadowScore hour_begun;  // the score when the running hour began
  std::map<JunctionId, ShadowScore> junctions;
  std::map<JunctionId, ShadowEdge> edges;
  Horizon horizon;    // workspace
  JunctionView view;  // workspace
};

// Does the share take in the junction that is the `index`-th? They are spread evenly.
bool shadowed(double share, std::size_t index);

// What the candidate would do; absent = the second-by-second layer does not decide here now (an
// operator's, a corridor's or the book's word holds, or the data is not fresh). To be asked before
// the live layers remember their choice; `memory` has observed the lamps of `view`.
std::optional<Choice> shadow_choice(Shadow& shadow, const Site& site, const Memory& memory,
                                    const JunctionView& view, const std::vector<BusDemand>& buses,
                                    UtcTime now);

// Holds the candidate's choice against the live one of the same second.
void shadow_score(Shadow& shadow, const Site& site, const Memory& memory, const JunctionView& view,
                  const std::vector<BusDemand>& buses, UtcTime now,
                  const SignalParameters& parameters, const Choice& candidate, const Choice& live);

// Ends an hour of the score.
void close_hour(Shadow& shadow);

// "shadow_<figure>", or "shadow_<name>_<figure>" where the candidate has a name, in whole units,
// for health: seconds, different, loss_veh_s, gain_veh_s, changes, live_changes, breaches,
// live_breaches. Once an hour is over also its own, as "hour_<figure>".
std::map<std::string, std::uint64_t> shadow_counters(const Shadow& shadow);

}  // namespace dispecer::signals
