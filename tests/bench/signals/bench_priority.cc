// bench_priority: the same decision with and without priority for buses, with positions as feeds
// really bring them. Changes are in per cent against the same runs without priority.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "adapters/city/importer/importer.h"
#include "tests/bench/figures/figures.h"
#include "tests/bench/lockstep/children.h"
#include "tests/bench/lockstep/set.h"

namespace {

using namespace dispecer;
namespace fs = std::filesystem;

const std::vector<int> kPeriods{1, 5, 10, 20, 30};  // s between two positions of a bus

// Mean over seeds; absent where a run lacks the figure.
std::optional<double> mean(const std::vector<bench::RunFigures>& runs, const char* name) {
  double sum = 0;
  for (const auto& r : runs) {
    const auto it = r.values.find(name);
    if (it == r.values.end()) return std::nullopt;
    sum += it->second;
  }
  if (runs.empty()) return std::nullopt;
  return sum / static_cast<double>(runs.size());
}

// What buses stand before signals, s.
std::vector<bench::RunFigures> with_signal_delay(std::vector<bench::RunFigures> runs) {
  for (auto& r : runs) {
    const auto red = r.values.find("bus_at_red");
    const auto queue = r.values.find("bus_in_queue");
    if (red == r.values.end() || queue == r.values.end()) continue;
    r.values["bus_signal_delay"] = red->second + queue->second;
  }
  return runs;
}

void add_change(bench::Figures& figures, const std::string& name,
                const std::vector<bench::RunFigures>& with,
                const std::vector<bench::RunFigures>& against, const char* of) {
  const auto a = mean(with, of);
  const auto b = mean(against, of);
  if (a && b && *b > 0) figures.add(name, 100 * (*a / *b - 1), "pct");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Priority for buses on a SUMO scenario under the street rules, seen through loops: "
      "positions each 1, 5, 10, 20 and 30 s (suffix _p1 to _p30), 1 to 20 s late, 5 % missing. "
      "Changes in per cent against the same seeds without priority, vs_fixed against the "
      "controllers' own plans. bus_delay: mean time that a bus loses on its whole way, halts at "
      "stops left out; bus_signal_delay: of that, standing before signals. other_delay: mean of "
      "everybody else, the wait to enter included. person_delay: by people, 25 in a bus and 1.3 "
      "in another vehicle. headway_cv: unevenness of the buses of a line, absent where no line "
      "had three. effective: of the requests that changed a decision, those whose bus passed a "
      "second or more before the red would have ended that was expected without it; useless: "
      "the others");
  bench::RunOptions base;
  base.rules = bench::Rules::street;
  base.avl = {1, 0.05, 1, 20};
  std::string scenario;
  std::string json;
  unsigned seeds = 3;
  unsigned first_seed = 1;
  unsigned jobs = 2;
  auto periods = kPeriods;
  std::vector<std::string> set;
  app.add_option("--scenario", scenario, "Folder with a .sumocfg or .net.xml[.gz]")->required();
  app.add_option("--seeds", seeds, "How many seeds")->check(CLI::Range(1, 1000));
  app.add_option("--first-seed", first_seed, "The first of them");
  app.add_option("--begin", base.begin, "Second of the simulation at which it begins");
  app.add_option("--end", base.end, "Second of the simulation at which it ends (an hour later)");
  app.add_option("--periods", periods, "Seconds between two positions")->delimiter(',');
  app.add_option("--set", set, "name=value of a parameter of priority, several times");
  app.add_option("--jobs", jobs, "Child processes at once")->check(CLI::Range(1, 64));
  app.add_option("--json", json, "Writes the figures to this file as well");
  CLI11_PARSE(app, argc, argv);
  if (const auto wrong = bench::set_parameters(set, base.priority_parameters); !wrong) {
    std::fprintf(stderr, "bench_priority: %s\n", wrong.error().message().c_str());
    return 2;
  }

  const auto folder =
      (fs::temp_directory_path() / ("bench_priority_" + std::to_string(::getpid()))).string();
  city::ImportOptions import;
  import.scenario = scenario;
  import.out = base.city = folder + "/city";
  if (const auto report = city::import_sumo(import); !report) {
    std::fprintf(stderr, "bench_priority: %s\n", report.error().message().c_str());
    return 2;
  } else if (report->trips == 0) {
    std::fprintf(stderr, "bench_priority: %s: it has no buses with a timetable [no_buses]\n",
                 scenario.c_str());
    fs::remove_all(folder);
    return 2;
  }
  std::vector<bench::RunOptions> kinds;  // without, fixed, then one for each period
  auto run = base;
  run.priority = false;
  kinds.push_back(run);
  run.policy = bench::Policy::fixed;
  kinds.push_back(run);
  for (const int period : periods) {
    run = base;
    run.avl.period_s = period;
    kinds.push_back(run);
  }
  std::vector<bench::RunOptions> runs;
  for (auto& kind : kinds) {
    for (unsigned s = 0; s < seeds; ++s) {
      kind.seed = first_seed + s;
      runs.push_back(kind);
    }
  }
  std::vector<std::vector<bench::RunFigures>> good(kinds.size());
  int code = 0;
  const auto results = bench::run_children(runs, jobs);
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i]) {
      good[i / seeds].push_back(*results[i]);
    } else {
      std::fprintf(stderr, "bench_priority: %s\n", results[i].error().message().c_str());
      code = 1;
    }
  }
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  // A mean over fewer seeds than asked for was not measured.
  if (code != 0) return code;
  for (auto& runs_of_kind : good) runs_of_kind = with_signal_delay(std::move(runs_of_kind));
  bench::Figures figures;
  if (const auto v = mean(good[0], "bus_loss")) figures.add("none_bus_delay", *v, "s");
  if (const auto v = mean(good[0], "others_delay")) figures.add("none_other_delay", *v, "s");
  if (const auto v = mean(good[0], "bus_at_red")) figures.add("none_bus_at_red", *v, "s");
  if (const auto v = mean(good[0], "bus_in_queue")) figures.add("none_bus_in_queue", *v, "s");
  if (const auto v = mean(good[1], "bus_at_red")) figures.add("fixed_bus_at_red", *v, "s");
  if (const auto v = mean(good[1], "bus_in_queue")) figures.add("fixed_bus_in_queue", *v, "s");
  if (const auto v = mean(good[1], "bus_loss")) figures.add("fixed_bus_delay", *v, "s");
  for (std::size_t k = 0; k < periods.size(); ++k) {
    const auto suffix = "_p" + std::to_string(periods[k]);
    const auto& with = good[k + 2];
    add_change(figures, "bus_delay_change" + suffix, with, good[0], "bus_loss");
    add_change(figures, "bus_signal_delay_change" + suffix, with, good[0], "bus_signal_delay");
    add_change(figures, "bus_delay_vs_fixed" + suffix, with, good[1], "bus_loss");
    add_change(figures, "other_delay_change" + suffix, with, good[0], "others_delay");
    add_change(figures, "person_delay_change" + suffix, with, good[0], "person_delay");
    add_change(figures, "headway_cv_change" + suffix, with, good[0], "headway_cv");
    const auto changed = mean(with, "priority_changed");
    const auto effective = mean(with, "priority_effective");
    if (changed && effective && *changed > 0) {
      figures.add("grants_effective_pct" + suffix, 100 * *effective / *changed, "pct");
      figures.add("useless_grants" + suffix, *changed - *effective, "count");
      if (const auto v = mean(with, "priority_saved")) {
        figures.add("saved_per_grant" + suffix, *v / *changed, "s");
      }
    }
    if (const auto v = mean(with, "bus_at_red")) figures.add("bus_at_red" + suffix, *v, "s");
    if (const auto v = mean(with, "bus_in_queue")) figures.add("bus_in_queue" + suffix, *v, "s");
  }
  if (!figures.print(json)) {
    std::fprintf(stderr, "bench_priority: cannot write %s\n", json.c_str());
    return 1;
  }
  return figures.has("bus_delay_change_p" + std::to_string(periods.front())) ? 0 : 1;
}
