#include "fusion/air/air.h"

#include <algorithm>
#include <cmath>

namespace dispecer::air {
namespace {

// Is the value possible in itself? "" = yes.
std::string judge(const AirSample& sample, const Parameters& p) {
  const double v = sample.value.value;
  if (!sample.valid) return "flagged";
  if (!std::isfinite(v)) return "not_a_number";
  if (v < 0) return "negative";
  const double top = sample.pollutant == Pollutant::co ? 10 * p.saturated : p.saturated;
  return v >= top ? "saturated" : "";
}

// Follows the run of equal values; true = the line is flat.
bool flat(Series& series, const AirSample& sample, const Parameters& p) {
  if (series.run_length > 0 && sample.value.value == series.run_value) {
    ++series.run_length;
  } else {
    series.run_value = sample.value.value;
    series.run_length = 1;
    series.run_begin = sample.period.begin;
  }
  return series.run_length >= p.flat_samples &&
         in_seconds(sample.period.end - series.run_begin) >= p.flat_s;
}

struct Mean {
  double value = 0;
  double covered_s = 0;
};

Mean running_mean(const Series& series, UtcTime now, double window_s) {
  const UtcTime from = now - from_seconds(window_s);
  Mean mean;
  for (const auto& sample : series.samples) {
    const UtcTime begin = std::max(sample.period.begin, from);
    const UtcTime end = std::min(sample.period.end, now);
    if (end <= begin) continue;
    const double s = in_seconds(end - begin);
    mean.value += sample.value * s;
    mean.covered_s += s;
  }
  if (mean.covered_s > 0) mean.value /= mean.covered_s;
  return mean;
}

}  // namespace

State make_state(const std::vector<AirStation>& stations, const Parameters& parameters) {
  State state;
  state.parameters = parameters;
  for (const auto& station : stations) {
    for (const auto pollutant : station.pollutants) {
      const auto number = static_cast<std::uint32_t>(state.series.size());
      if (!state.series_of.emplace(std::pair{station.id, pollutant}, number).second) continue;
      Series series;
      series.station = station.id;
      series.pollutant = pollutant;
      state.series.push_back(std::move(series));
    }
  }
  return state;
}

std::string apply(State& state, const AirSample& sample) {
  const auto& p = state.parameters;
  const auto refuse = [&](const std::string& cause) {
    ++state.counters["air." + cause];
    return cause;
  };
  const auto it = state.series_of.find({sample.station, sample.pollutant});
  if (it == state.series_of.end()) return refuse("unknown_series");
  auto& series = state.series[it->second];
  const double length = in_seconds(sample.period.end - sample.period.begin);
  if (length <= 0 || length > p.longest_period_s) return refuse("bad_period");
  if (state.started && in_seconds(sample.period.end - state.now) > p.future_s) {
    return refuse("future");
  }
  if (series.heard && sample.period.begin < series.newest) return refuse("older");
  series.heard = true;
  series.newest = sample.period.end;
  const auto cause = judge(sample, p);
  if (!cause.empty()) {
    series.run_length = 0;
    return refuse(cause);
  }
  if (flat(series, sample, p)) {
    const UtcTime begin = series.run_begin;
    std::erase_if(series.samples, [&](const Accepted& a) { return a.period.begin >= begin; });
    return refuse("flat_line");
  }
  series.samples.push_back({sample.period, sample.value.value});
  ++state.counters["air.accepted"];
  return "";
}

void step(State& state, UtcTime now) {
  state.now = now;
  state.started = true;
  // Twice the window stays, so that a late sample finds its neighbours.
  const UtcTime from = now - from_seconds(2 * state.parameters.window_s);
  for (auto& series : state.series) {
    while (!series.samples.empty() && series.samples.front().period.end < from) {
      series.samples.pop_front();
    }
  }
}

void picture(const State& state, CityPicture& out) {
  const auto& p = state.parameters;
  out.air.clear();
  for (const auto& series : state.series) {
    AirState row;
    row.station = series.station;
    row.pollutant = series.pollutant;
    const Mean mean = running_mean(series, state.now, p.window_s);
    row.validity = Ratio{std::min(1.0, mean.covered_s / p.window_s)};
    if (row.validity.value >= p.least_validity - 1e-9) {
      const double age = std::max(0.0, in_seconds(state.now - series.samples.back().period.end));
      row.mean_1h = Estimate{mean.value, p.base_sd + p.share_sd * mean.value, age,
                             age > p.stale_s ? Quality::stale : Quality::live, 0};
    }
    out.air.push_back(std::move(row));
  }
}

}  // namespace dispecer::air
