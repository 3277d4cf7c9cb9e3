// bench_signals: policies on one scenario under one set of rules, over several seeds, each run in a
// process of its own. Figures of the centre have no prefix, those of the others carry their name.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <pugixml.hpp>

#include "adapters/city/city.h"
#include "adapters/city/importer/importer.h"
#include "tests/bench/figures/figures.h"
#include "tests/bench/lockstep/children.h"
#include "tests/bench/lockstep/other_day.h"
#include "tests/bench/lockstep/programs.h"
#include "tests/bench/lockstep/set.h"

namespace {

using namespace dispecer;
namespace fs = std::filesystem;

struct Options {
  std::string scenario;
  std::string rules = "street";
  std::string sight;
  std::string lever = "stage";
  std::vector<std::string> policies;
  std::string json;
  unsigned seeds = 3;
  unsigned first_seed = 1;
  unsigned jobs = 2;
  double detectors_dead = 0;
  bool no_drain = false;
  std::string day;               // whose demand runs: "same" as the plans were made for, or "other"
  std::vector<std::string> set;  // name=value of a parameter of the signal layers
  bench::RunOptions run;
};

const std::vector<std::string> kAll{"dispecer",    "static", "act_wide",    "act_prop",
                                    "coordinated", "greedy", "max_pressure"};
// Each controller's own plan under the same rules, which no lever must be worse than.
const char* const kLocal = "local";

std::string prefix(const std::string& policy) {
  return policy == "dispecer" ? "" : policy + "_";
}

// Means over seeds of one policy, and of its delays the worst seed.
struct Row {
  const char* name;   // of the run
  const char* shown;  // as printed
  const char* unit;
};
constexpr std::array kRows{Row{"delay_mean", "delay_mean", "s"},
                           Row{"delay_drained", "delay_drained", "s"},
                           Row{"travel_time", "travel_time", "s"},
                           Row{"teleports", "teleports", "count"},
                           Row{"bus_loss", "bus_delay", "s"},
                           Row{"person_delay", "person_delay", "s"},
                           Row{"max_red_p99", "max_red_p99", "s"},
                           Row{"walk_wait_mean", "walk_wait_mean_s", "s"},
                           Row{"walk_wait_p95", "walk_wait_p95_s", "s"},
                           Row{"order_changes_per_h", "order_changes_per_h", "count"},
                           Row{"skipped_stages_per_h", "skipped_stages_per_h", "count"},
                           Row{"orders_refused", "guard_refusals", "count"},
                           Row{"cpu_us_per_junction", "cpu_us_per_junction", "us"},
                           Row{"conflicting_greens", "conflicting_greens", "count"}};

void add_figures(const std::string& policy, const std::vector<bench::RunFigures>& runs,
                 bench::Figures& figures, std::map<std::string, double>& means) {
  const auto n = static_cast<double>(runs.size());
  for (const auto& row : kRows) {
    double sum = 0;
    const bool all = std::all_of(runs.begin(), runs.end(),
                                 [&](const auto& r) { return r.values.count(row.name) != 0; });
    if (!all) continue;
    for (const auto& r : runs) sum += r.values.at(row.name);
    figures.add(prefix(policy) + row.shown, sum / n, row.unit);
    if (std::string(row.name) == "delay_mean") means[policy] = sum / n;
  }
  const auto worst = [&](const char* name, const char* shown) {
    double most = 0;
    for (const auto& r : runs) {
      const auto it = r.values.find(name);
      if (it == r.values.end()) return;
      most = std::max(most, it->second);
    }
    figures.add(prefix(policy) + shown, most, "s");
  };
  std::map<std::string, std::uint64_t> refused;
  for (const auto& r : runs) {
    for (const auto& [rule, count] : r.refused) refused[rule] += count;
  }
  for (const auto& [rule, count] : refused) {
    figures.add(prefix(policy) + "guard_refused_" + rule, static_cast<double>(count) / n, "count");
  }
  worst("delay_mean", "delay_worst_seed");
  worst("longest_red", "max_red_worst");
  worst("walk_wait_max", "walk_wait_max_s");
}

// A city whose junctions have coordinated programs, made for these rules, as their local plans.
Result<std::string> coordinated_city(const Options& o, const std::string& folder, double begin) {
  auto ruled = city::read_city(o.run.city);
  if (!ruled) return ruled.error();
  if (auto r = bench::put_rules(o.run.rules, *ruled); !r) return r.error();
  auto config = bench::write_programs(bench::Programs::coordinated, o.scenario,
                                      o.run.city + "/sumo/city.sumocfg", folder, begin,
                                      bench::stage_times(*ruled));
  if (!config) return config.error();
  city::ImportOptions import;
  import.scenario = *config;
  import.out = folder + "/city";
  if (const auto report = city::import_sumo(import); !report) return report.error();
  return import.out;
}

Result<bench::RunOptions> options_of(const std::string& policy, const Options& o,
                                     const std::string& folder, double begin) {
  auto run = o.run;
  run.policy = policy == "dispecer"       ? bench::Policy::dispecer
               : policy == kLocal         ? bench::Policy::fixed
               : policy == "greedy"       ? bench::Policy::greedy
               : policy == "max_pressure" ? bench::Policy::max_pressure
                                          : bench::Policy::sumo;
  const auto own = folder + "/" + policy;
  fs::create_directories(own);
  if (policy == "coordinated" && o.run.rules == bench::Rules::city) {
    auto city = coordinated_city(o, own, begin);
    if (!city) return city.error();
    run.city = *city;
    run.policy = bench::Policy::fixed;
  }
  if (run.policy == bench::Policy::fixed) run.lever = Lever::observe;
  const auto programs = run.policy != bench::Policy::sumo ? bench::Programs::delivered
                        : policy == "act_wide"            ? bench::Programs::act_wide
                        : policy == "act_prop"            ? bench::Programs::act_prop
                        : policy == "coordinated"         ? bench::Programs::coordinated
                                                          : bench::Programs::delivered;
  auto config =
      bench::write_programs(programs, o.scenario, run.city + "/sumo/city.sumocfg", own, begin);
  if (!config) return config.error();
  run.config = *config;
  return run;
}

// The runs of one policy: a seed each, and on other days a day each, the same for every policy.
Result<std::vector<bench::RunOptions>> runs_of(const std::string& policy, const Options& o,
                                               const std::string& folder, double begin) {
  auto run = options_of(policy, o, folder, begin);
  if (!run) return run.error();
  std::vector<bench::RunOptions> runs;
  for (unsigned s = 0; s < o.seeds; ++s) {
    run->seed = o.first_seed + s;
    runs.push_back(*run);
    if (o.day == "same") continue;
    auto config = bench::write_other_day(run->config, run->seed,
                                         folder + "/" + policy + "/" + std::to_string(run->seed));
    if (!config) return config.error();
    runs.back().config = *config;
  }
  return runs;
}

// Second of the simulation at which the scenario begins.
double begin_of(const std::string& config) {
  pugi::xml_document doc;
  if (!doc.load_file(config.c_str())) return 0;
  return doc.select_node("//time/begin").node().attribute("value").as_double(0);
}

int bench_all(Options& o, const std::string& folder) {
  city::ImportOptions import;
  import.scenario = o.scenario;
  import.out = o.run.city = folder + "/city";
  if (const auto report = city::import_sumo(import); !report) {
    std::fprintf(stderr, "bench_signals: %s\n", report.error().message().c_str());
    return 2;
  }
  const double begin = o.run.begin.value_or(begin_of(o.run.city + "/sumo/city.sumocfg"));
  std::vector<bench::RunOptions> runs;
  for (const auto& policy : o.policies) {
    const auto own = runs_of(policy, o, folder, begin);
    if (!own) {
      std::fprintf(stderr, "bench_signals: %s: %s\n", policy.c_str(),
                   own.error().message().c_str());
      return 2;
    }
    runs.insert(runs.end(), own->begin(), own->end());
  }
  const auto results = bench::run_children(runs, o.jobs);
  bench::Figures figures;
  std::map<std::string, double> means;
  int code = 0;
  for (std::size_t p = 0; p < o.policies.size(); ++p) {
    std::vector<bench::RunFigures> good;
    for (unsigned s = 0; s < o.seeds; ++s) {
      const auto& result = results[p * o.seeds + s];
      if (result) {
        good.push_back(*result);
      } else {
        std::fprintf(stderr, "bench_signals: %s, seed %u: %s\n", o.policies[p].c_str(),
                     o.first_seed + s, result.error().message().c_str());
        code = 1;
      }
    }
    // A mean over fewer seeds than asked for was not measured.
    if (good.size() == o.seeds) add_figures(o.policies[p], good, figures, means);
  }
  double best = -1;
  for (const char* builtin : {"static", "act_wide", "act_prop"}) {
    const auto it = means.find(builtin);
    if (it != means.end() && (best < 0 || it->second < best)) best = it->second;
  }
  const auto change = [&](const std::string& name, double against) {
    if (means.count("dispecer") == 0 || against <= 0) return;
    figures.add(name, 100 * (means.at("dispecer") / against - 1), "pct");
  };
  if (best >= 0) {
    figures.add("best_builtin_delay_mean", best, "s");
    change("delay_change_vs_best_builtin", best);
  }
  for (const char* name : {"coordinated", kLocal}) {
    if (means.count(name) != 0) change(std::string("delay_change_vs_") + name, means.at(name));
  }
  if (!figures.print(o.json)) {
    std::fprintf(stderr, "bench_signals: cannot write %s\n", o.json.c_str());
    return 1;
  }
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  Options o;
  CLI::App app(
      "Compares signal control policies on a SUMO scenario. delay = mean over all demanded "
      "vehicles "
      "of time lost and of waiting before they could enter, at the end of the first hour; drained: "
      "once all of them have arrived");
  app.add_option("--scenario", o.scenario, "Folder with a .sumocfg or .net.xml[.gz]")->required();
  app.add_option("--rules", o.rules, "open, street or city; see the header of rules.h")
      ->check(CLI::IsMember({"own", "open", "street", "city"}));
  app.add_option("--seeds", o.seeds, "How many seeds")->check(CLI::Range(1, 1000));
  app.add_option("--first-seed", o.first_seed, "The first of them");
  app.add_option("--sight", o.sight, "What the centre sees (full under open rules, else loops)")
      ->check(CLI::IsMember({"full", "loops"}));
  app.add_option("--lever", o.lever, "By what means junctions can be commanded")
      ->check(CLI::IsMember({"stage", "bands", "plan"}));
  app.add_option(
         "--policy", o.policies,
         "May be given several times (all). Under city rules the coordinated plans are made "
         "for these rules and run by the virtual controllers; the other programs of SUMO "
         "know no people on foot")
      ->check([](const std::string& name) {
        const bool known =
            name == kLocal || std::find(kAll.begin(), kAll.end(), name) != kAll.end();
        return known ? std::string() : "there is no policy '" + name + "'";
      });
  app.add_option("--detectors-dead", o.run.detectors_dead, "Share of the loops that tell nothing")
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--demand", o.run.demand, "Times the scenario's demand")
      ->check(CLI::Range(0.05, 5.0));
  app.add_option("--day", o.day,
                 "Whose demand runs: the same as the coordinated plans were made for, or another "
                 "one for each seed, drawn from it (other under city rules, else same)")
      ->check(CLI::IsMember({"same", "other"}));
  app.add_option("--begin", o.run.begin,
                 "Second of the simulation at which it begins (as configured)");
  app.add_option("--end", o.run.end, "Second of the simulation at which it ends (an hour later)");
  app.add_option("--time-to-teleport", o.run.teleport_s, "SUMO's; below 0 = never (300)");
  app.add_option("--set", o.set, "name=value of a parameter of the signal layers, several times");
  app.add_option("--jobs", o.jobs, "Child processes at once")->check(CLI::Range(1, 64));
  app.add_flag("--no-drain", o.no_drain, "Leaves delay_drained out");
  app.add_option("--json", o.json, "Writes the figures to this file as well");
  CLI11_PARSE(app, argc, argv);
  if (o.policies.empty()) {
    o.policies = kAll;
    if (o.rules == "city") o.policies.emplace_back(kLocal);
  }
  o.run.rules = o.rules == "open"     ? bench::Rules::open
                : o.rules == "street" ? bench::Rules::street
                : o.rules == "city"   ? bench::Rules::city
                                      : bench::Rules::own;
  if (o.day.empty()) o.day = o.rules == "city" ? "other" : "same";
  if (o.sight.empty()) o.sight = o.rules == "open" ? "full" : "loops";
  o.run.sight = o.sight == "full" ? bench::Sight::full : bench::Sight::loops;
  o.run.lever = o.lever == "plan" ? Lever::plan : o.lever == "bands" ? Lever::bands : Lever::stage;
  o.run.drain = !o.no_drain;
  if (const auto r = bench::set_parameters(o.set, o.run.signals); !r) {
    std::fprintf(stderr, "bench_signals: %s\n", r.error().message().c_str());
    return 2;
  }
  const auto folder =
      (fs::temp_directory_path() / ("bench_signals_" + std::to_string(::getpid()))).string();
  fs::create_directories(folder);
  const int code = bench_all(o, folder);
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  return code;
}
