// Forecast of one quantity (flow, speed or occupancy) at many places, some steps ahead.
//
// Per step: observe() what was heard, then read forecast(). Whole past days go in by learn().
// Values stand in one unit throughout; rows stand in the order of the places. z means (value -
// profile) / scale of the place at that slot of that kind of day.
//
//   forecast = profile + trust * scale * sum_e weight_e * expert_e
//
// Experts, in z: the profile (0); a regression shared by all places on level, nearest days, recent
// days and the network term; what each place does otherwise (own regression); a small net. Weights
// per place and horizon are learnt by exponentiated gradient on the absolute error (Kivinen and
// Warmuth 1997). Intervals: one-sided quantiles of the errors tracked on line per place and horizon
// (adaptive conformal inference, Gibbs and Candes 2021), so the promised share holds in the long
// run whatever the errors look like.
//
// Fallback: trust of a place halves every trust_half_life_s once it is silent, so its forecast
// becomes its profile. A forecast made at t knows nothing later than t. The same calls give the
// same bits.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>

#include "fusion/forecast/engine.h"

namespace dispecer::forecast {

// `places` > 0; parameters.step_s divides 86400 and parameters.horizons ascend from 1 on.
State make_state(std::size_t places, Parameters parameters, Calendar calendar = {});

// Values heard for the step in which t lies, t being domain time (a time told by a sensor could lie
// in the future and would make all that follows older); nothing = not heard. Steps in between that
// nobody told count as not heard. Refused and counted, without effect: "forecast.older" (not after
// the last one), "forecast.wrong_size". Counted and taken as not heard: "forecast.not_finite",
// "forecast.negative".
void observe(State& state, UtcTime t, std::span<const std::optional<double>> values);

// Works on what the last midnight left to learn, for so many places; nothing to do most of the day.
// The next observe() does what is left. Only where parameters.spread is set.
void go_on(State& state, std::size_t places);

// A past day, `rows` in order of time, the first one at `first`.
void learn(State& state, UtcTime first, std::span<const std::vector<std::optional<double>>> rows);

// Of horizon index h (0 <= h < parameters.horizons.size()), made at the last observed step. Not
// `ready` before one day was learnt.
const Forecast& forecast(const State& state, std::size_t h);
// How the forecasts of horizon h did where the truth came in.
const Score& score(const State& state, std::size_t h);

}  // namespace dispecer::forecast
