// Steps of a request's life that its parts share.
#pragma once

#include <string>
#include <vector>

#include "controller/priority/priority.h"

namespace dispecer::priority {

using Changes = std::vector<PriorityRequest>;

constexpr bool is_open(RequestState s) {
  return s == RequestState::queued || s == RequestState::granted;
}
constexpr bool is_final(RequestState s) {
  return s == RequestState::served || s == RequestState::timed_out || s == RequestState::cancelled;
}

// The request goes on to `state` by `rule`; nothing happens where it is there already.
void enter(Entry& entry, RequestState state, std::string rule, UtcTime now, Changes& changes);
// It ends as served: what it saved is told.
void serve(Entry& entry, std::string rule, UtcTime passed, UtcTime now, Changes& changes);
// A new entry under `key`: the vehicle, or a name of its own where none was told.
Entry& open_entry(State& state, const VehicleId& key, const Place& place, UtcTime now);
// Leaves the table; what a controller may still hold of it is to be taken back.
void forget(State& state, const VehicleId& key, UtcTime now);
// To be taken back from the controller.
void withdraw(State& state, Entry& entry, UtcTime now);
// Moment at which it is expected at the stop line.
UtcTime arrival(const Entry& entry);
std::string whole_seconds(double s);

// An entry that a point alone has made and that is, by place and time, the bus of this position.
std::optional<VehicleId> from_point(const State& state, const Place& place, const BusState& bus);

}  // namespace dispecer::priority
