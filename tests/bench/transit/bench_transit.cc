// bench_transit: what the centre says of buses, against where SUMO had them; prints figures as
// `name: value unit`.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "adapters/city/importer/importer.h"
#include "tests/bench/figures/figures.h"
#include "tests/bench/transit/run.h"

namespace {

using dispecer::bench::Figures;
using dispecer::bench::Sums;

constexpr const char* kFigures = R"(
Figures (suffix _pN: each bus tells its position every N seconds; all rates see the same street)
  eta_mae_s_hH_pN   mean absolute error of the time to passing the stop line, told by the picture H seconds before the
                    bus really passed it (front over the line, dwell, queue and red included). Only buses whose feed is
                    right, only moments at which that stop line was the next one.
  eta_bias_s_hH_pN  mean of told minus true
  eta_within_3s_pct_hH_pN   share with an error of at most 3 s
  eta_missing_pct_hH_pN     share of such moments at which no time was told
  eta_width_s_hH_pN         mean width of the 90 % interval
  eta_interval_coverage_90_pN   share of passings within their interval, all horizons together
  lateness_mae_s_pN  picture against timetable and true moment, at each arrival at a stop but the first, and at each departure
                     (lateness_mae_s is that of _p1)
  wrong_trip_pct_pN  share of vehicle seconds shown as trusted on a trip that is not the vehicle's own, of all seconds
                     shown as trusted (wrong_trip_pct is that of _p1); told_wrong_trip_pct: the same of the feed
  wrong_trip_found_pct_pN   share of the seconds of planted wrong trips shown on a trip but not as trusted
  right_trip_doubted_pct_pN share of the live seconds of buses with a right feed that are not trusted
  ghosts_asked_count_pN, frozen_asked_count_pN, no_trip_asked_count_pN   requests for priority of planted ghosts, of
                     frozen vehicles after they froze, of vehicles without a trip
  wrong_trip_asked_count_pN  requests of planted wrong trips for a movement which that bus never took
  planted_*_count    how many were planted (see feed_errors.h); buses_count, teleports_count
)";

void mean(Figures& figures, const Sums& sums, const std::string& key, const std::string& name,
          double factor, const std::string& unit) {
  const auto n = sums.find(key + ".n");
  const auto sum = sums.find(key + ".sum");
  if (n == sums.end() || sum == sums.end() || n->second <= 0) return;
  figures.add(name, factor * sum->second / n->second, unit);
}

void count(Figures& figures, const Sums& sums, const std::string& key, const std::string& name) {
  const auto sum = sums.find(key + ".sum");
  if (sum != sums.end()) figures.add(name, sum->second, "count");
}

Figures figures_of(const Sums& sums, const std::vector<int>& periods) {
  Figures f;
  for (const int period : periods) {
    const auto p = "_p" + std::to_string(period);
    for (const double horizon : dispecer::bench::kHorizons_s) {
      const auto tag = "_h" + std::to_string(static_cast<int>(horizon)) + p;
      mean(f, sums, "eta_mae" + tag, "eta_mae_s" + tag, 1, "s");
      mean(f, sums, "eta_bias" + tag, "eta_bias_s" + tag, 1, "s");
      mean(f, sums, "eta_within_3s" + tag, "eta_within_3s_pct" + tag, 100, "pct");
      mean(f, sums, "eta_missing" + tag, "eta_missing_pct" + tag, 100, "pct");
      mean(f, sums, "eta_width" + tag, "eta_width_s" + tag, 1, "s");
    }
    mean(f, sums, "eta_coverage" + p, "eta_interval_coverage_90" + p, 100, "pct");
    mean(f, sums, "lateness_mae" + p, "lateness_mae_s" + p, 1, "s");
    mean(f, sums, "lateness_missing" + p, "lateness_missing_pct" + p, 100, "pct");
    mean(f, sums, "wrong_trip" + p, "wrong_trip_pct" + p, 100, "pct");
    mean(f, sums, "wrong_trip_found" + p, "wrong_trip_found_pct" + p, 100, "pct");
    mean(f, sums, "right_trip_doubted" + p, "right_trip_doubted_pct" + p, 100, "pct");
    for (const char* who : {"ghosts_asked", "frozen_asked", "no_trip_asked", "wrong_trip_asked"}) {
      count(f, sums, who + p, who + std::string("_count") + p);
    }
  }
  mean(f, sums, "lateness_mae_p1", "lateness_mae_s", 1, "s");
  mean(f, sums, "wrong_trip_p1", "wrong_trip_pct", 100, "pct");
  mean(f, sums, "told_wrong_trip", "told_wrong_trip_pct", 100, "pct");
  for (const char* what : {"buses", "teleports", "planted_wrong_trip", "planted_no_trip",
                           "planted_frozen", "planted_ghosts", "passings"}) {
    count(f, sums, what, what + std::string("_count"));
  }
  return f;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace dispecer;
  CLI::App app("Says where buses are and when they come, in lock-step with SUMO");
  app.footer(kFigures);
  bench::TransitRun options;
  std::string scenario;
  std::string json;
  unsigned seeds = 1;
  double begin = -1;
  auto* city = app.add_option("--city", options.city, "City folder");
  app.add_option("--scenario", scenario, "SUMO scenario folder with buses, imported first")
      ->excludes(city);
  app.add_option("--seed", options.seed, "The first seed");
  app.add_option("--seeds", seeds, "How many seeds, put together")->check(CLI::Range(1, 100));
  app.add_option("--begin", begin, "Second of the simulation at which it begins (as configured)");
  app.add_option("--hours", options.hours, "How long")->check(CLI::PositiveNumber);
  app.add_option("--position-sd", options.errors.position_sd_m, "Error of a position, m (1 sigma)")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--trace", options.trace, "Prints each value behind that eta_mae figure");
  app.add_option("--json", json, "Writes the figures to this file as well");
  CLI11_PARSE(app, argc, argv);
  if (begin >= 0) options.begin = begin;
  if (options.city.empty() && scenario.empty()) {
    std::fprintf(stderr, "bench_transit: expected --city DIR or --scenario DIR\n");
    return 2;
  }
  std::string temporary;
  if (!scenario.empty()) {
    temporary =
        (std::filesystem::temp_directory_path() / ("bench_transit_" + std::to_string(::getpid())))
            .string();
    city::ImportOptions import;
    import.scenario = scenario;
    import.out = options.city = temporary + "/city";
    const auto report = city::import_sumo(import);
    if (!report || report->trips == 0) {
      std::fprintf(
          stderr, "bench_transit: %s\n",
          report ? ("no_buses: the scenario has no public transport (" + scenario + ")").c_str()
                 : report.error().message().c_str());
      std::filesystem::remove_all(temporary);
      return 2;
    }
  }
  Sums all;
  int code = 0;
  for (unsigned s = 0; s < seeds && code == 0; ++s) {
    const auto sums = bench::run_transit_apart(options);
    if (!sums) {
      std::fprintf(stderr, "bench_transit: %s\n", sums.error().message().c_str());
      code = 1;
      break;
    }
    for (const auto& [name, value] : *sums) all[name] += value;
    ++options.seed;
  }
  if (!temporary.empty()) std::filesystem::remove_all(temporary);
  if (code != 0) return code;
  const auto figures = figures_of(all, options.periods);
  if (!figures.print(json)) {
    std::fprintf(stderr, "bench_transit: cannot write %s\n", json.c_str());
    return 1;
  }
  return figures.has("eta_mae_s_h20_p1") && figures.has("lateness_mae_s") ? 0 : 1;
}
