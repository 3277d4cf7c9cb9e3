#include "tests/bench/lockstep/figures.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <sstream>

namespace dispecer::bench {
namespace {

struct Row {
  const char* name;
  const char* unit;
  bool sum;
  bool worst;
};
constexpr std::array kRows{
    Row{"delay_mean", "s", false, true},
    Row{"delay_drained", "s", false, false},
    Row{"travel_time", "s", false, false},
    Row{"person_delay", "s", false, false},
    Row{"bus_loss", "s", false, false},
    Row{"max_red_p99", "s", false, false},
    Row{"order_changes_per_h", "count", false, false},
    Row{"skipped_stages_per_h", "count", false, false},
    Row{"bus_delay", "s", false, true},
    Row{"vehicles", "veh", false, false},
    Row{"buses", "count", false, false},
    Row{"teleports", "count", true, false},
    Row{"cpu_us_per_junction", "us", false, false},
    Row{"orders_approved", "count", true, false},
    Row{"orders_refused", "count", true, false},
    Row{"stage_changes", "count", true, false},
    Row{"conflicting_greens", "count", true, false},
    Row{"longest_red", "s", false, true},
    Row{"priority_granted", "count", true, false},
    Row{"priority_served", "count", true, false},
    Row{"sim_speed_ratio", "ratio", false, false},
};

std::string number(double value) {
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%.6g", value);
  return buffer;
}

}  // namespace

std::vector<Figure> summarise(const std::vector<RunFigures>& runs) {
  std::vector<Figure> out;
  for (const auto& row : kRows) {
    double sum = 0;
    double worst = 0;
    const bool all = !runs.empty() && std::all_of(runs.begin(), runs.end(), [&](const auto& r) {
      return r.values.count(row.name) != 0;
    });
    if (!all) continue;
    for (const auto& r : runs) {
      sum += r.values.at(row.name);
      worst = std::max(worst, r.values.at(row.name));
    }
    out.push_back({row.name, row.sum ? sum : sum / static_cast<double>(runs.size()), row.unit});
    if (row.worst) out.push_back({std::string(row.name) + "_worst_seed", worst, row.unit});
  }
  std::map<std::string, std::uint64_t> refused;
  for (const auto& r : runs) {
    for (const auto& [rule, n] : r.refused) refused[rule] += n;
  }
  for (const auto& [rule, n] : refused) {
    out.push_back({"refused_" + rule, static_cast<double>(n), "count"});
  }
  return out;
}

std::string to_text(const std::vector<Figure>& figures) {
  std::string out;
  for (const auto& f : figures) out += f.name + ": " + number(f.value) + " " + f.unit + "\n";
  return out;
}

std::string pack(const RunFigures& run) {
  std::ostringstream out;
  out.precision(17);
  for (const auto& [name, value] : run.values) out << "value " << name << " " << value << "\n";
  for (const auto& [rule, n] : run.refused) out << "refused " << rule << " " << n << "\n";
  out << "end\n";
  return out.str();
}

Result<RunFigures> unpack(const std::string& text) {
  RunFigures run;
  std::istringstream in(text);
  std::string kind;
  std::string name;
  while (in >> kind) {
    if (kind == "end") return run;
    if (kind == "error") {
      std::string rest;
      std::getline(in, rest);
      return Error{"run_failed", rest, "run"};
    }
    in >> name;
    if (kind == "value") {
      in >> run.values[name];
    } else {
      in >> run.refused[name];
    }
  }
  return Error{"child_ended", "the run ended before its figures", "run"};
}

}  // namespace dispecer::bench
