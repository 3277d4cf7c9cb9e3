// Requests for priority between their core, the decision and the signal controllers that serve them
// themselves. Private to this room.
#pragma once

#include "controller/app/core.h"

namespace dispecer::controller {

inline void append(std::vector<PriorityRequest>& to, std::vector<PriorityRequest> from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

// The buses that weigh in the decision at a junction. Where its controller serves priority itself
// there are none: what it is to be told goes into `out`, and its answers move the requests on.
std::vector<signals::BusDemand> bus_demands(ControllerState& state, const JunctionId& junction,
                                            Place& place, const signals::Moment& moment,
                                            Outputs& out);
priority::Verdict verdict_of(const Place& place, const signals::JunctionOutput& out);
// The order about priority that this proposal was; it is forgotten.
std::optional<PriorityOrder> order_of(ControllerState& state, const ProposalId& proposal);
// What controllers hold of ours is cancelled.
void take_back_requests(ControllerState& state, UtcTime now, std::uint32_t epoch, Outputs& out);

}  // namespace dispecer::controller
