// ./bench forecast: the forecast and three ordinary ones on a file of counts or speeds. The first
// days are learnt from; each forecast of the rest is made from what was known at its step.
#include <CLI/CLI.hpp>
#include <array>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <iostream>

#include "fusion/forecast/forecast.h"
#include "tests/bench/figures/figures.h"
#include "tests/bench/forecast/baselines.h"
#include "tests/bench/forecast/counts.h"

namespace dispecer::bench {
namespace {

constexpr std::array<std::int32_t, 3> kMinutes{15, 30, 60};
constexpr std::array<const char*, 4> kMethods{"", "copy_last_", "profile_", "profile_level_"};

struct Options {
  std::string file;
  std::string format;
  std::int32_t step_min = 15;
  std::size_t train_days = 0;  // 0 = seven ninths of the file
  bool zero_missing = false;
  std::string json;
};

struct Errors {
  double absolute = 0;
  double share = 0;  // of the value, where that is above the threshold
  double geh_good = 0;
  std::size_t count = 0;
  std::size_t shares = 0;

  void add(double forecast, double truth, double per_hour, double threshold) {
    absolute += std::abs(forecast - truth);
    ++count;
    if (truth > threshold) {
      share += std::abs(forecast - truth) / truth;
      ++shares;
    }
    const double sum = (forecast + truth) * per_hour;
    const double difference = (forecast - truth) * per_hour;
    if (sum <= 0 || std::sqrt(2 * difference * difference / sum) < 5) geh_good += 1;
  }
};

double cpu_s() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

int run(const Options& options) {
  auto read = options.format == "scats"
                  ? read_scats(options.file, options.step_min)
                  : read_matrix(options.file, options.step_min, options.zero_missing);
  if (!read) {
    std::cerr << "bench forecast: " << read.error().message() << "\n";
    return 2;
  }
  auto& counts = *read;
  if (options.zero_missing && options.format == "scats") {
    for (auto& row : counts.rows)
      for (auto& v : row)
        if (v && *v == 0) v.reset();
  }
  const auto slots = static_cast<std::size_t>(1440 / options.step_min);
  const auto days = counts.rows.size() / slots;
  const auto train_days = options.train_days > 0 ? options.train_days : days * 7 / 9;
  if (train_days < 1 || train_days * slots >= counts.rows.size()) {
    std::cerr << "bench forecast: " << days << " days in the file, " << train_days
              << " to learn from: nothing to test on\n";
    return 2;
  }
  std::int32_t weekday = 0;
  if (counts.day_known) {
    weekday = (((counts.first_day % 7) + 7) % 7 + 3) % 7;
  } else {
    weekday = likely_weekday(counts, train_days);
    counts.first_day = 4 + weekday;  // 1970-01-05 was a Monday
  }
  std::fprintf(stderr, "%zu places, %zu days, %zu to learn from, first day is weekday %d%s\n",
               counts.places.size(), days, train_days, weekday + 1,
               counts.day_known ? "" : " (inferred)");

  forecast::Parameters parameters;
  parameters.step_s = options.step_min * 60;
  std::vector<std::int32_t> horizons;
  // Rounded up, so that no figure is for less than its name says.
  for (const auto m : kMinutes) {
    horizons.push_back((m + options.step_min - 1) / options.step_min);
    if (m % options.step_min != 0)
      std::fprintf(stderr, "%d minutes are forecast %d ahead\n", m,
                   horizons.back() * options.step_min);
  }
  parameters.horizons = horizons;
  auto state = forecast::make_state(counts.places.size(), parameters);
  Baselines baselines(counts, train_days, weekday, horizons);

  const auto places = counts.places.size();
  const double per_hour = 60.0 / options.step_min;
  const double threshold = options.format == "scats" ? 10 : 1;
  std::array<std::array<Errors, kMethods.size()>, kMinutes.size()> errors{};
  std::size_t inside = 0;
  std::size_t judged = 0;
  double cpu = 0;
  std::size_t tested = 0;

  const auto first_test = train_days * slots;
  for (std::size_t t = 0; t < counts.rows.size(); ++t) {
    const UtcTime now{(static_cast<std::int64_t>(counts.first_day) * 86400 +
                       static_cast<std::int64_t>(t) * parameters.step_s) *
                      1'000'000};
    const double before = cpu_s();
    observe(state, now, counts.rows[t]);
    if (t >= first_test) {
      cpu += cpu_s() - before;
      ++tested;
    }
    baselines.observe(t, counts.rows[t]);
    for (std::size_t h = 0; h < horizons.size(); ++h) {
      const auto target = t + static_cast<std::size_t>(horizons[h]);
      if (target < first_test || target >= counts.rows.size()) continue;
      const auto& ours = forecast::forecast(state, h);
      for (std::size_t i = 0; i < places; ++i) {
        const auto& truth = counts.rows[target][i];
        if (!truth) continue;
        const auto row = static_cast<Eigen::Index>(i);
        const double copy = baselines.copy_last(i, target);
        const double mine =
            ours.ready && ours.known(row) > 0 ? static_cast<double>(ours.value(row)) : copy;
        const std::array<double, kMethods.size()> values{mine, copy, baselines.profile(i, target),
                                                         baselines.profile_level(i, target, h)};
        for (std::size_t m = 0; m < kMethods.size(); ++m)
          errors[h][m].add(values[m], *truth, per_hour, threshold);
        if (!ours.ready || ours.known(row) <= 0) continue;
        ++judged;
        if (*truth >= static_cast<double>(ours.low(row)) &&
            *truth <= static_cast<double>(ours.high(row)))
          ++inside;
      }
    }
  }

  Figures figures;
  const std::string unit = options.format == "scats" ? "veh" : "count";
  figures.add("places", static_cast<double>(places), "count");
  figures.add("train_days", static_cast<double>(train_days), "count");
  figures.add("test_steps", static_cast<double>(tested), "count");
  bool complete = judged > 0;
  for (std::size_t m = 0; m < kMethods.size(); ++m) {
    for (std::size_t h = 0; h < kMinutes.size(); ++h) {
      const auto& e = errors[h][m];
      const std::string prefix = kMethods[m];
      const std::string minutes = std::to_string(kMinutes[h]);
      if (e.count == 0) {
        complete = false;
        continue;
      }
      const auto n = static_cast<double>(e.count);
      figures.add(prefix + "mae_" + minutes, e.absolute / n, unit);
      if (e.shares > 0)
        figures.add(prefix + "mape_" + minutes, 100 * e.share / static_cast<double>(e.shares),
                    "pct");
      else
        complete = false;
      figures.add(prefix + "geh5_" + minutes, 100 * e.geh_good / n, "pct");
    }
  }
  if (judged > 0)
    figures.add("interval_coverage_90",
                100 * static_cast<double>(inside) / static_cast<double>(judged), "pct");
  figures.add("cpu_ms_per_step", 1000 * cpu / static_cast<double>(tested), "ms");
  return figures.print(options.json) && complete ? 0 : 1;
}

}  // namespace
}  // namespace dispecer::bench

int main(int argc, char** argv) {
  CLI::App app{"Forecast of flow or speed 15, 30 and 60 minutes ahead"};
  dispecer::bench::Options options;
  app.add_option("--counts", options.file, "file of counts or speeds")->required();
  app.add_option("--format", options.format, "scats or matrix")
      ->required()
      ->check(CLI::IsMember({"scats", "matrix"}));
  app.add_option("--step-min", options.step_min, "minutes per step")
      ->required()
      ->check(CLI::IsMember({1, 2, 3, 5, 10, 15, 20, 30, 60}));
  app.add_option("--train-days", options.train_days, "days to learn from, default seven ninths");
  app.add_flag("--zero-missing", options.zero_missing, "a zero is a missing value");
  app.add_option("--json", options.json, "figures as JSON");
  CLI11_PARSE(app, argc, argv);
  return dispecer::bench::run(options);
}
