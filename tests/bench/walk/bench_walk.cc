// bench_walk: how long people on foot wait at the crossings of a city under the centre, and under
// the delivered fixed plans with the same demand and seeds (prefix fixed_).
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <numeric>

#include "tests/bench/figures/figures.h"
#include "tests/bench/walk/run.h"

namespace {

using namespace dispecer;

// "baia_mare" is the town that ./bench has built from cities/; anything else is a folder.
std::string folder_of(const std::string& city) {
  const char* demo = std::getenv("DISPECER_DEMO_CITY");
  const bool named = city.empty() || city == "baia_mare";
  return named && demo != nullptr ? demo : city;
}

void add(const std::string& prefix, const std::vector<bench::WalkResult>& runs,
         bench::Figures& figures) {
  std::vector<double> waits;
  std::size_t kept = 0;
  double delay = 0;
  for (const auto& r : runs) {
    waits.insert(waits.end(), r.waits.begin(), r.waits.end());
    kept += r.kept;
    delay += r.vehicle_delay / static_cast<double>(runs.size());
  }
  if (waits.empty()) return;
  const auto n = static_cast<double>(waits.size());
  figures.add(prefix + "walk_wait_mean_s", std::accumulate(waits.begin(), waits.end(), 0.0) / n,
              "s");
  figures.add(prefix + "walk_wait_p95_s", bench::percentile(waits, 0.95), "s");
  figures.add(prefix + "walk_wait_max_s", *std::max_element(waits.begin(), waits.end()), "s");
  figures.add(prefix + "walk_promise_kept_pct", 100 * static_cast<double>(kept) / n, "pct");
  figures.add(prefix + "walkers", n, "count");
  figures.add(prefix + "vehicle_delay_mean", delay, "s");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Waits of people on foot at crossings with signals, from standing before one to being on it; "
      "who need not stand has waited 0 s");
  bench::WalkRun run;
  std::string city = "baia_mare";
  std::string json;
  unsigned seeds = 3;
  unsigned first_seed = 1;
  unsigned jobs = 2;
  app.add_option("--city", city, "baia_mare, or a city folder");
  app.add_option("--seeds", seeds, "How many seeds")->check(CLI::Range(1, 1000));
  app.add_option("--first-seed", first_seed, "The first of them");
  app.add_option("--begin", run.begin_s, "Second of the day at which it begins (07:00)");
  app.add_option("--seconds", run.count_s, "That count, after five minutes that do not (1800)");
  app.add_option("--promise", run.signals.walk_promise_s,
                 "Longest wait where a crossing states none, s");
  app.add_option("--jobs", jobs, "Child processes at once")->check(CLI::Range(1, 64));
  app.add_option("--json", json, "Writes the figures to this file as well");
  CLI11_PARSE(app, argc, argv);
  run.city = folder_of(city);
  std::vector<bench::WalkRun> runs;
  for (const bool centre : {true, false}) {
    for (unsigned s = 0; s < seeds; ++s) {
      run.centre = centre;
      run.seed = first_seed + s;
      runs.push_back(run);
    }
  }
  std::vector<bench::WalkResult> good[2];
  const auto results = bench::run_walk_apart(runs, jobs);
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!results[i]) {
      std::fprintf(stderr, "bench_walk: %s\n", results[i].error().message().c_str());
      return 1;
    }
    good[i / seeds].push_back(*results[i]);
  }
  bench::Figures figures;
  add("", good[0], figures);
  add("fixed_", good[1], figures);
  figures.add("walk_promise_s", run.signals.walk_promise_s, "s");
  if (!figures.print(json)) {
    std::fprintf(stderr, "bench_walk: cannot write %s\n", json.c_str());
    return 1;
  }
  return figures.has("walk_wait_mean_s") ? 0 : 1;
}
