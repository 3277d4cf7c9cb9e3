// ./bench latency: from the receipt of a bus position in the adapter to the approved command
// leaving for the controller, across the processes of the living demonstration city.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "fusion/model/decision.h"
#include "tests/bench/figures/figures.h"
#include "tests/faults/centre.h"

namespace dispecer::bench {
namespace {

namespace fs = std::filesystem;

struct Seen {
  std::uint64_t positions = 0;
  std::vector<double> data_age_s;  // position fix to decision, domain seconds
  std::vector<double> fix_to_green_s;
  std::map<std::string, double> rss_mib;
  UtcTime first;
  UtcTime last;
  std::chrono::steady_clock::time_point began;
  // Requests granted and not yet seen green.
  struct Open {
    UtcTime fix;
    std::size_t group;
  };
  std::map<JunctionId, std::deque<Open>> open;
  std::map<JunctionId, std::vector<Aspect>> lamps;
};

std::vector<double> read_latencies_ms(const std::string& file) {
  std::vector<double> ms;
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    const auto comma = line.find(',');
    if (comma != std::string::npos) ms.push_back(std::stod(line.substr(comma + 1)) / 1000.0);
  }
  return ms;
}

void watch(faults::Centre& centre, const city::City& city, Seen& seen) {
  centre.on<topic::Clock>([&](const bus::Envelope&, const ClockTick& t) {
    if (seen.first.us == 0) {
      seen.first = t.now;
      seen.began = std::chrono::steady_clock::now();
    }
    seen.last = t.now;
  });
  centre.on<topic::Avl>([&](const bus::Envelope&, const VehiclePosition&) { ++seen.positions; });
  centre.on<topic::Health>([&](const bus::Envelope&, const ProcessHealth& h) {
    seen.rss_mib[h.process] = static_cast<double>(h.rss_bytes) / (1024.0 * 1024.0);
  });
  centre.on<topic::Priority>([&](const bus::Envelope& e, const PriorityRequest& r) {
    if (r.state != RequestState::granted) return;
    seen.data_age_s.push_back(in_seconds(e.t_measured - r.fix));
    const auto it = city.signals.find(r.junction);
    if (it == city.signals.end()) return;
    for (std::size_t g = 0; g < it->second.groups.size(); ++g) {
      if (it->second.groups[g].id != r.group) continue;
      const auto& lamps = seen.lamps[r.junction];
      // A green that already stood is no answer to this fix.
      if (g < lamps.size() && !is_green(lamps[g])) seen.open[r.junction].push_back({r.fix, g});
    }
  });
  centre.on<topic::Signals>([&](const bus::Envelope&, const SignalObservation& s) {
    seen.lamps[s.junction] = s.groups;
    auto& open = seen.open[s.junction];
    for (auto it = open.begin(); it != open.end();) {
      if (it->group < s.groups.size() && is_green(s.groups[it->group])) {
        seen.fix_to_green_s.push_back(in_seconds(s.t - it->fix));
        it = open.erase(it);
      } else {
        ++it;
      }
    }
  });
  centre.listen_to_all();
}

int run(int argc, char** argv) {
  CLI::App app{"Latency of bus priority across the processes", "bench latency"};
  std::string folder = faults::demo_city();
  std::string json;
  double minutes = 4;
  double speed = 1;
  std::string begin = "07:30";
  app.add_option("--city", folder, "City folder (the demonstration city)");
  app.add_option("--minutes", minutes, "Wall minutes to measure")->check(CLI::Range(0.2, 60.0));
  app.add_option("--speed", speed, "Simulated seconds per second")->check(CLI::Range(0.1, 10.0));
  app.add_option("--begin", begin, "Local time of the simulated day");
  app.add_option("--json", json, "Write the figures here too");
  CLI11_PARSE(app, argc, argv);
  const auto city = city::read_city(folder);
  if (!city) {
    std::cerr << "bench latency: " << city.error().message() << "\n";
    return 2;
  }
  const auto state = fs::temp_directory_path() / ("dispecer_latency_" + std::to_string(::getpid()));
  Seen seen;
  std::vector<double> ms;
  {
    faults::Centre centre({folder,
                           state.string(),
                           {"--speed", std::to_string(speed), "--begin", begin, "--warm-up", "600",
                            "--latency-log"}});
    watch(centre, *city, seen);
    if (!centre.run_until(std::chrono::seconds(120), [&] { return seen.positions > 10; })) {
      std::cerr << "bench latency: the city did not come to life, see " << state << "/log\n";
      return 1;
    }
    centre.run_for(std::chrono::milliseconds(static_cast<long>(minutes * 60000)));
    ms = read_latencies_ms(centre.run_dir() + "/latency_rsmp.csv");
    (void)centre.stop();
  }
  Figures figures;
  if (!ms.empty()) {
    figures.add("avl_to_command_count", static_cast<double>(ms.size()), "count");
    figures.add("avl_to_command_p50_ms", percentile(ms, 0.50), "ms");
    figures.add("avl_to_command_p99_ms", percentile(ms, 0.99), "ms");
    figures.add("avl_to_command_p999_ms", percentile(ms, 0.999), "ms");
  }
  if (!seen.data_age_s.empty()) {
    figures.add("data_age_at_decision_p50_ms", 1000 * percentile(seen.data_age_s, 0.50), "ms");
    figures.add("data_age_at_decision_p95_ms", 1000 * percentile(seen.data_age_s, 0.95), "ms");
  }
  if (!seen.fix_to_green_s.empty()) {
    figures.add("fix_to_lamp_p95_ms", 1000 * percentile(seen.fix_to_green_s, 0.95), "ms");
  }
  const double wall =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - seen.began).count();
  figures.add("bus_rate_per_s", static_cast<double>(seen.positions) / wall, "per_s");
  figures.add("sim_speed_ratio", in_seconds(seen.last - seen.first) / wall, "ratio");
  for (const auto& [process, mib] : seen.rss_mib) figures.add("rss_mib_" + process, mib, "mib");
  const bool written = figures.print(json);
  fs::remove_all(state);
  return written && figures.has("avl_to_command_p99_ms") && figures.has("fix_to_lamp_p95_ms") ? 0
                                                                                              : 1;
}

}  // namespace
}  // namespace dispecer::bench

int main(int argc, char** argv) {
  return dispecer::bench::run(argc, argv);
}
