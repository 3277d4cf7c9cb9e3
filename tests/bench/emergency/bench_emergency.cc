// bench_emergency: emergency vehicles over long ways at random times, and pairs whose ways cross,
// with the corridor, without it under the same centre (none_), and under the delivered plans
// (fixed_).
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <numeric>

#include "adapters/city/importer/importer.h"
#include "tests/bench/emergency/run.h"
#include "tests/bench/figures/figures.h"

namespace {

using namespace dispecer;
namespace fs = std::filesystem;
using Trips = std::map<std::string, bench::EmergencyTrip>;

double mean(const std::vector<double>& v) {
  return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
}

// Of the errands that arrived in every kind of run.
struct Compared {
  std::vector<double> took[3];
  std::vector<double> stops[3];
};

Compared compare(const std::vector<bench::EmergencyResult>* runs, std::size_t seeds) {
  Compared out;
  for (std::size_t s = 0; s < seeds; ++s) {
    for (const auto& [id, trip] : runs[0][s].trips) {
      const auto none = runs[1][s].trips.find(id);
      const auto fixed = runs[2][s].trips.find(id);
      if (none == runs[1][s].trips.end() || fixed == runs[2][s].trips.end()) continue;
      const bench::EmergencyTrip* rows[]{&trip, &none->second, &fixed->second};
      for (int k = 0; k < 3; ++k) {
        out.took[k].push_back(rows[k]->took_s);
        out.stops[k].push_back(rows[k]->stops);
      }
    }
  }
  return out;
}

bool print(const std::vector<bench::EmergencyResult>* runs, std::size_t seeds,
           const std::string& json) {
  bench::Figures figures;
  const auto c = compare(runs, seeds);
  if (!c.took[0].empty()) {
    figures.add("time_saved_s", mean(c.took[1]) - mean(c.took[0]), "s");
    figures.add("time_saved_vs_fixed_s", mean(c.took[2]) - mean(c.took[0]), "s");
    const char* prefixes[]{"", "none_", "fixed_"};
    for (int k = 0; k < 3; ++k) {
      figures.add(std::string(prefixes[k]) + "time_s", mean(c.took[k]), "s");
      figures.add(std::string(prefixes[k]) + "stops_count", mean(c.stops[k]), "count");
    }
    figures.add("errands_count", static_cast<double>(c.took[0].size()), "count");
  }
  double conflicts = 0;
  double granted = 0;
  double passed = 0;
  double replans = 0;
  double refused[2]{};
  double delay[3]{};
  std::vector<double> recovery;
  for (std::size_t s = 0; s < seeds; ++s) {
    const auto& r = runs[0][s];
    conflicts += static_cast<double>(r.conflicts);
    granted += static_cast<double>(r.granted);
    passed += static_cast<double>(r.passed);
    replans += static_cast<double>(r.replans);
    for (int k = 0; k < 2; ++k) refused[k] += static_cast<double>(runs[k][s].refused_max_red);
    recovery.insert(recovery.end(), r.recovery.begin(), r.recovery.end());
    for (int k = 0; k < 3; ++k) delay[k] += runs[k][s].others_delay;
  }
  figures.add("two_vehicle_conflicts_count", conflicts, "count");
  if (!recovery.empty()) figures.add("recovery_cycles_count", mean(recovery), "count");
  if (passed > 0) figures.add("stop_lines_granted_pct", 100 * granted / passed, "pct");
  if (delay[1] > 0) figures.add("all_delay_change_pct", 100 * (delay[0] / delay[1] - 1), "pct");
  figures.add("replans_count", replans, "count");
  figures.add("refused_max_red_count", refused[0], "count");
  figures.add("none_refused_max_red_count", refused[1], "count");
  return figures.print(json) && figures.has("time_saved_s");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Emergency corridors: how much time they save against the same centre without them, stops of "
      "a vehicle, pairs of vehicles that were given conflicting greens, and cycles until the "
      "queues "
      "of a junction are as before");
  bench::EmergencyRun run;
  std::string city;
  std::string scenario;
  std::string json;
  unsigned seeds = 3;
  unsigned first_seed = 1;
  unsigned jobs = 2;
  auto* city_option = app.add_option("--city", city, "City folder (the demonstration town)");
  app.add_option("--scenario", scenario, "SUMO scenario folder, imported first, street rules")
      ->excludes(city_option);
  app.add_option("--seeds", seeds, "How many seeds")->check(CLI::Range(1, 1000));
  app.add_option("--first-seed", first_seed, "The first of them");
  app.add_option("--begin", run.begin_s,
                 "Second of the simulation at which it begins (07:00 in the demonstration town, "
                 "else as configured)");
  app.add_option("--errands", run.singles,
                 "Errands of a run at random times (one for six junctions)");
  app.add_option("--pairs", run.pairs,
                 "Pairs of a run whose ways cross (one for fifteen junctions)");
  app.add_option("--seconds", run.errands_s, "In which they set out, after five minutes (1200)");
  app.add_flag("--blue-light", run.blue_light, "Vehicles drive through red, others make room");
  app.add_option("--jobs", jobs, "Child processes at once")->check(CLI::Range(1, 64));
  app.add_option("--json", json, "Writes the figures to this file as well");
  CLI11_PARSE(app, argc, argv);
  const char* demo = std::getenv("DISPECER_DEMO_CITY");
  if (city.empty() && scenario.empty() && demo != nullptr) {
    city = demo;
    if (!run.begin_s) run.begin_s = 25200;
  }
  if (city.empty() && scenario.empty()) {
    std::fprintf(stderr, "bench_emergency: expected --city, --scenario or DISPECER_DEMO_CITY\n");
    return 2;
  }
  std::string temporary;
  if (!scenario.empty()) {
    temporary =
        (fs::temp_directory_path() / ("bench_emergency_" + std::to_string(::getpid()))).string();
    city::ImportOptions import;
    import.scenario = scenario;
    import.out = city = temporary + "/city";
    run.rules = bench::Rules::street;
    if (const auto report = city::import_sumo(import); !report) {
      std::fprintf(stderr, "bench_emergency: %s\n", report.error().message().c_str());
      return 2;
    }
  }
  run.city = city;
  std::vector<bench::EmergencyRun> runs;
  using Mode = bench::EmergencyMode;
  for (const auto mode : {Mode::corridor, Mode::none, Mode::fixed}) {
    for (unsigned s = 0; s < seeds; ++s) {
      run.mode = mode;
      run.seed = first_seed + s;
      runs.push_back(run);
    }
  }
  const auto results = bench::run_emergency_apart(runs, jobs);
  std::error_code ignored;
  if (!temporary.empty()) fs::remove_all(temporary, ignored);
  std::vector<bench::EmergencyResult> good[3];
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!results[i]) {
      std::fprintf(stderr, "bench_emergency: %s\n", results[i].error().message().c_str());
      return 1;
    }
    good[i / seeds].push_back(*results[i]);
  }
  return print(good, seeds, json) ? 0 : 1;
}
