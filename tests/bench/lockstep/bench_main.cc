// bench_lockstep: the whole control loop against SUMO in lock-step, one child process per seed;
// prints figures as `name: value unit`.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "adapters/city/importer/importer.h"
#include "tests/bench/figures/figures.h"
#include "tests/bench/lockstep/children.h"
#include "tests/bench/lockstep/figures.h"

int main(int argc, char** argv) {
  using namespace dispecer;
  CLI::App app("Runs a city in lock-step with SUMO and prints what it cost its road users");
  std::string city;
  std::string scenario;
  std::string policy = "dispecer";
  std::string json;
  unsigned seeds = 3;
  unsigned first_seed = 1;
  unsigned jobs = 2;
  bool no_priority = false;
  std::optional<double> begin;
  std::optional<double> end;
  auto* city_option = app.add_option("--city", city, "City folder");
  app.add_option("--scenario", scenario, "SUMO scenario folder, imported first")
      ->excludes(city_option);
  app.add_option("--seeds", seeds, "How many seeds")->check(CLI::Range(1, 1000));
  app.add_option("--first-seed", first_seed, "The first of them");
  app.add_option("--jobs", jobs, "Child processes at once")->check(CLI::Range(1, 64));
  app.add_flag("--no-priority", no_priority, "Buses get no priority");
  app.add_option("--policy", policy, "Who decides: the centre, or each controller's local plan")
      ->check(CLI::IsMember({"dispecer", "static"}));
  app.add_option("--begin", begin, "Second of the simulation at which it begins (as configured)");
  app.add_option("--end", end, "Second of the simulation at which it ends (an hour later)");
  app.add_option("--json", json, "Writes the figures to this file as well");
  CLI11_PARSE(app, argc, argv);
  const char* demo = std::getenv("DISPECER_DEMO_CITY");
  if (city.empty() && scenario.empty() && demo != nullptr) city = demo;
  if (city.empty() && scenario.empty()) {
    std::fprintf(stderr,
                 "bench_lockstep: expected --city DIR, --scenario DIR or DISPECER_DEMO_CITY\n");
    return 2;
  }
  std::string temporary;
  if (!scenario.empty()) {
    temporary =
        (std::filesystem::temp_directory_path() / ("bench_lockstep_" + std::to_string(::getpid())))
            .string();
    city::ImportOptions import;
    import.scenario = scenario;
    import.out = city = temporary + "/city";
    const auto report = city::import_sumo(import);
    if (!report) {
      std::fprintf(stderr, "bench_lockstep: %s\n", report.error().message().c_str());
      return 2;
    }
  }
  std::vector<bench::RunOptions> runs;
  for (unsigned s = 0; s < seeds; ++s) {
    runs.push_back({city, first_seed + s, begin, end,
                    policy == "static" ? bench::Policy::fixed : bench::Policy::dispecer,
                    !no_priority});
  }
  std::vector<bench::RunFigures> good;
  int code = 0;
  for (const auto& result : bench::run_children(runs, jobs)) {
    if (result) {
      good.push_back(*result);
    } else {
      std::fprintf(stderr, "bench_lockstep: %s\n", result.error().message().c_str());
      code = 1;
    }
  }
  if (!temporary.empty()) std::filesystem::remove_all(temporary);
  // A mean over fewer seeds than asked for was not measured.
  if (code != 0) return code;
  bench::Figures figures;
  for (const auto& f : bench::summarise(good)) figures.add(f.name, f.value, f.unit);
  if (!figures.print(json)) {
    std::fprintf(stderr, "bench_lockstep: cannot write %s\n", json.c_str());
    return 1;
  }
  return figures.has("delay_mean") ? 0 : 1;
}
