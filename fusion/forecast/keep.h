// The state of a forecast as bytes, so that what was learnt outlives the process. Forecasts whose
// truth is still to come are not kept: they are made anew, and the steps in between teach nothing.
// Read by the same build only; a change of the layout changes its version.
#pragma once

#include <string>
#include <vector>

#include "fusion/forecast/engine.h"
#include "fusion/model/result.h"

namespace dispecer::forecast {

std::string save(const State& state);
// Its bytes first <= i < end, of saved_size(): the whole can be written in pieces while no value is
// observed. The usual days of a midnight that is still being learnt are learnt anew by load().
std::string save(const State& state, std::uint64_t first, std::uint64_t end);
std::uint64_t saved_size(const State& state);
// Into a state fresh from make_state with the same places and parameters. On an error the state is
// as before. Causes: "kept_version", "kept_torn", "kept_other" (other places or parameters).
Result<> load(State& state, const std::string& bytes);

// After the clock began a new epoch: what was learnt of days stays, what was seen lately goes.
void restart(State& state);
// Takes over the past days of places that are also in `from`: row i of `state` was row old[i], -1 =
// new. What was learnt beside the days is learnt anew.
void adopt_days(State& state, const State& from, const std::vector<std::int64_t>& old);

}  // namespace dispecer::forecast
