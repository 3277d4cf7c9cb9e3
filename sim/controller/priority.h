// Requests for signal priority and their life: received, then queued, activated, rejected or
// cooldown; activated ends as completed or stale, queued as activated or timeout. The end is told
// once. Source: S0033 of the signal exchange list.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "fusion/model/fields.h"
#include "fusion/model/result.h"
#include "fusion/model/time.h"

namespace dispecer::sim {

struct Cabinet;

enum class PriorityState : std::uint8_t {
  received,
  queued,
  activated,
  completed,
  timeout,
  rejected,
  cooldown,
  stale
};
constexpr auto names(Tag<PriorityState>) {
  using E = PriorityState;
  return std::array{Name<E>{E::received, "received"},   Name<E>{E::queued, "queued"},
                    Name<E>{E::activated, "activated"}, Name<E>{E::completed, "completed"},
                    Name<E>{E::timeout, "timeout"},     Name<E>{E::rejected, "rejected"},
                    Name<E>{E::cooldown, "cooldown"},   Name<E>{E::stale, "stale"}};
}
constexpr bool is_end(PriorityState s) {
  return s != PriorityState::received && s != PriorityState::queued &&
         s != PriorityState::activated;
}

struct PrioritySettings {
  double decide_s = 0.5;  // a request is seen as received for this long
  double queue_s = 60;    // then a queued one is given up
  double stale_s = 120;   // longest life of an activated one beyond its expected arrival
  double cooldown_s = 0;  // after priority for a group the next one has to wait
  std::size_t most = 50;  // open requests; more are rejected at once
};

// A group of an intersection, both as indices.
struct PriorityTarget {
  std::size_t intersection = 0;
  std::uint32_t group = 0;
  bool operator==(const PriorityTarget&) const = default;
};

struct PriorityRequest {
  std::string id;
  std::optional<PriorityTarget> target;  // absent = nothing here has that name: is rejected
  std::uint32_t level = 0;               // 14 = highest
  double eta_s = 0;                      // expected arrival, from `asked`
  PriorityState state = PriorityState::received;
  UtcTime asked;                      // or last updated
  UtcTime since;                      // begin of `state`
  UtcTime changed;                    // the same on the controller's own clock
  std::optional<UtcTime> next_green;  // by plan, when it was activated with red
  double held_before_s = 0;
  bool told = false;              // its end was there to be seen for a tick
  std::uint32_t extension_s = 0;  // of a completed one
  std::uint32_t reduction_s = 0;
};

struct PriorityDesk {
  PrioritySettings settings;
  std::vector<PriorityRequest> requests;  // in the order of asking
  std::vector<std::pair<PriorityTarget, UtcTime>> ended;
};

// A repeated id replaces a request that is over. Cause: repeated_request.
Result<> ask_priority(Cabinet& cabinet, PriorityRequest request, UtcTime now);
// Causes: no_such_request.
Result<> update_priority(Cabinet& cabinet, const std::string& id,
                         std::optional<std::uint32_t> level, std::optional<double> eta_s,
                         UtcTime now);
// An activated request is completed; one that never was activated ends as timeout or rejected.
Result<> cancel_priority(Cabinet& cabinet, const std::string& id, UtcTime now);
// Moves every request on and hands the intersections the group that has priority; before each tick.
void run_priority(Cabinet& cabinet, UtcTime now);

}  // namespace dispecer::sim
