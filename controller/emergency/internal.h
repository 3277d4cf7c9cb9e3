// Between the files of this room.
#pragma once

#include "controller/emergency/corridor.h"

namespace dispecer::emergency::detail {

// Moves a request on; the same state and rule again is no change.
void enter(State& state, const Corridor& corridor, PriorityRequest& request, RequestState to,
           const std::string& rule, UtcTime now, std::vector<NamedValue> inputs = {});

// Lays the corridor along `route`. Legs that stay keep their requests, others end as "left_route".
void set_route(State& state, Corridor& corridor, std::vector<std::uint32_t> route, UtcTime now);

// Seconds from now until the vehicle, unhindered, is at the stop line at `factor` of the limits.
double seconds_to(const State& state, const Corridor& corridor, const Leg& leg, double factor,
                  UtcTime now);

// The first leg ahead is behind it now.
void pass_first(State& state, Corridor& corridor, const std::string& rule, UtcTime now);

// Ends a corridor: what is ahead goes to `to` by `rule`. `picture` may be missing.
void close(State& state, const RequestId& id, RequestState to, const std::string& rule,
           const CityPicture* picture, UtcTime now);

// Asks the leg's controller for its own route, or takes the request back.
void order_own_route(State& state, const Corridor& corridor, Leg& leg, bool active, UtcTime now);

// A corridor that has its right; where no place to set out from is known it waits for a position.
Result<> lay(State& state, OpenCorridor request, const Actor& actor, UtcTime asked);

}  // namespace dispecer::emergency::detail
