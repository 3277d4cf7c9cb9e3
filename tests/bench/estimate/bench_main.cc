// bench_estimate: traffic estimates held against a simulated street whose truth is known, or the
// cost of the estimator on a made-up network. Prints figures as `name: value unit`.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "adapters/city/importer/importer.h"
#include "tests/bench/estimate/children.h"
#include "tests/bench/estimate/score.h"
#include "tests/bench/estimate/synthetic.h"

namespace {

using namespace dispecer;

struct Options {
  std::string scenario;
  std::string json;
  unsigned seeds = 3;
  unsigned first_seed = 1;
  unsigned jobs = 2;
  std::size_t synthetic = 0;
  bool no_incident = false;
  bench::EstimateOptions run;
};

int synthetic(const Options& options) {
  const auto figures = bench::measure_synthetic(options.synthetic);
  return figures.print(options.json) ? 0 : 1;
}

int scenario(const Options& options) {
  const auto temporary =
      (std::filesystem::temp_directory_path() / ("bench_estimate_" + std::to_string(::getpid())))
          .string();
  city::ImportOptions import;
  import.scenario = options.scenario;
  import.out = temporary + "/city";
  const auto report = city::import_sumo(import);
  if (!report) {
    std::fprintf(stderr, "bench_estimate: %s\n", report.error().message().c_str());
    std::filesystem::remove_all(temporary);
    return 2;
  }
  std::vector<bench::EstimateOptions> runs;
  for (unsigned s = 0; s < options.seeds; ++s) {
    auto run = options.run;
    run.city = import.out;
    run.seed = options.first_seed + s;
    run.incident = !options.no_incident;
    runs.push_back(run);
  }
  bench::Sums sums;
  bool failed = false;
  for (const auto& result : bench::run_estimates(runs, options.jobs)) {
    if (!result) {
      std::fprintf(stderr, "bench_estimate: %s\n", result.error().message().c_str());
      failed = true;
      continue;
    }
    for (const auto& [name, value] : *result) sums[name] += value;
  }
  std::filesystem::remove_all(temporary);
  // Figures over fewer seeds than asked for were not measured.
  if (failed) return 1;
  const auto figures = bench::figures_of(sums);
  if (!figures.print(options.json)) {
    std::fprintf(stderr, "bench_estimate: cannot write %s\n", options.json.c_str());
    return 1;
  }
  int code = 0;
  for (const auto& name : bench::required(!options.no_incident)) {
    if (figures.has(name)) continue;
    std::fprintf(stderr, "bench_estimate: %s could not be measured\n", name.c_str());
    code = 1;
  }
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(std::string("Measures the traffic estimates.\n") + bench::describe() +
               bench::describe_synthetic());
  Options options;
  auto* folder = app.add_option("--scenario", options.scenario,
                                "SUMO scenario: folder, .sumocfg, .net.xml or .net.xml.gz");
  app.add_option("--synthetic", options.synthetic, "Links of a made-up network")
      ->excludes(folder)
      ->check(CLI::Range(40, 1000000));
  app.add_option("--coverage", options.run.coverage, "Share of the lanes that have loops")
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--broken", options.run.broken, "Share of the loops that are broken")
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--seeds", options.seeds, "How many seeds")->check(CLI::Range(1, 1000));
  app.add_option("--first-seed", options.first_seed, "The first of them");
  app.add_option("--jobs", options.jobs, "Child processes at once")->check(CLI::Range(1, 64));
  app.add_option("--begin", options.run.begin, "Second of the simulation at which it begins");
  app.add_option("--seconds", options.run.seconds, "Length of each run")
      ->check(CLI::Range(60.0, 864000.0));
  app.add_flag("--no-incident", options.no_incident, "No car stops");
  app.add_flag("--verbose", options.run.verbose, "What broke and what was found, to stderr");
  app.add_option("--json", options.json, "Writes the figures to this file as well");
  CLI11_PARSE(app, argc, argv);
  if (options.synthetic > 0) return synthetic(options);
  if (options.scenario.empty()) {
    std::fprintf(stderr, "bench_estimate: expected --scenario DIR or --synthetic LINKS\n");
    return 2;
  }
  return scenario(options);
}
