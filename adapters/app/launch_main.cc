// dispecer-launch: starts the processes of one world in order, watches them, and ends them.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <filesystem>

#include "adapters/process/ports.h"
#include "adapters/process/shell.h"
#include "adapters/process/supervisor.h"

namespace dispecer {
namespace {

struct LaunchOptions {
  std::string city;
  std::string street = "simulated";
  std::string sumo_config;
  double speed = 1;
  int seed = 1;
  double hours = 0;
  std::string begin;
  double warm_up = 0;
  bool no_console = false;
  bool off_screen = false;
  std::string screenshot;
  bool latency_log = false;
};

std::string own_folder() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
}

class Plan {
 public:
  Plan(const process::Shell& shell, const LaunchOptions& options)
      : shell_(shell), options_(options) {}

  std::vector<process::ChildSpec> children() {
    redis();
    add("keeper", {});
    if (options_.street == "simulated") {
      std::vector<std::string> words{"--speed", std::to_string(options_.speed), "--seed",
                                     std::to_string(options_.seed)};
      if (!options_.sumo_config.empty())
        words.insert(words.end(), {"--sumo-config", options_.sumo_config});
      if (options_.hours > 0)
        words.insert(words.end(), {"--hours", std::to_string(options_.hours)});
      if (!options_.begin.empty()) words.insert(words.end(), {"--begin", options_.begin});
      words.insert(words.end(), {"--warm-up", std::to_string(options_.warm_up)});
      add("street", words);
      list_.back().ends_world = true;
    } else {
      add("clock", {});
    }
    const std::vector<std::string> log = options_.latency_log
                                             ? std::vector<std::string>{"--latency-log"}
                                             : std::vector<std::string>{};
    add("rsmp", log);
    add("feeds", log);
    for (const auto* name : {"plates", "signs", "police", "fusion", "controller"}) add(name, {});
    if (!options_.no_console) {
      std::vector<std::string> words;
      if (options_.off_screen) words.emplace_back("--off-screen");
      if (!options_.screenshot.empty())
        words.insert(words.end(), {"--screenshot", options_.screenshot});
      add("console", words);
      list_.back().ends_world = true;
    }
    return std::move(list_);
  }

 private:
  void add(const std::string& name, const std::vector<std::string>& more) {
    process::ChildSpec child;
    child.name = name;
    child.argv = {own_folder() + "/dispecer-" + name,
                  "--city",
                  options_.city,
                  "--world",
                  shell_.world().name,
                  "--run-dir",
                  shell_.run_dir(),
                  "--state-dir",
                  shell_.state_dir()};
    child.argv.insert(child.argv.end(), more.begin(), more.end());
    child.ready_file = shell_.run_dir() + "/ready/" + name;
    child.log_file = shell_.state_dir() + "/log/" + name + ".log";
    list_.push_back(std::move(child));
  }

  // Its own Redis: no TCP port, own socket and data folder, append-only file.
  void redis() {
    const auto data = shell_.state_dir() + "/redis";
    std::filesystem::create_directories(data);
    std::filesystem::create_directories(shell_.state_dir() + "/log");
    process::ChildSpec child;
    child.name = "redis";
    child.argv = {"redis-server",
                  "--port",
                  "0",
                  "--unixsocket",
                  shell_.run_dir() + "/redis.sock",
                  "--unixsocketperm",
                  "700",
                  "--dir",
                  data,
                  "--appendonly",
                  "yes",
                  "--appendfsync",
                  "everysec",
                  "--save",
                  "",
                  "--daemonize",
                  "no",
                  "--logfile",
                  shell_.state_dir() + "/log/redis.log"};
    child.ready_file = shell_.run_dir() + "/redis.sock";
    child.heartbeat = false;
    list_.push_back(std::move(child));
  }

  const process::Shell& shell_;
  const LaunchOptions& options_;
  std::vector<process::ChildSpec> list_;
};

void write_pids(const process::Shell& shell, const process::Supervisor& supervisor) {
  std::string text;
  for (const auto* name : {"redis", "keeper", "street", "clock", "rsmp", "feeds", "plates", "signs",
                           "police", "fusion", "controller", "console"}) {
    if (const auto pid = supervisor.pid(name); pid != 0)
      text += std::string(name) + " " + std::to_string(pid) + "\n";
  }
  const auto file = shell.run_dir() + "/pids";
  if (auto* out = std::fopen((file + ".new").c_str(), "w")) {
    std::fputs(text.c_str(), out);
    std::fclose(out);
    std::filesystem::rename(file + ".new", file);
  }
}

int launch(int argc, char** argv) {
  process::Shell shell({.name = "launch",
                        .about = "Starts and watches the processes of one world",
                        .needs_city = false});
  LaunchOptions o;
  auto& app = shell.app();
  app.add_option("--street", o.street, "simulated, or real: no SUMO and no virtual device")
      ->check(CLI::IsMember({"simulated", "real"}));
  app.add_option("--sumo-config", o.sumo_config,
                 "SUMO configuration, where it is not the city's own");
  // Above this a stage order could take longer to come back than the controllers' release time of 5
  // s allows for (half a wall second a turn).
  app.add_option("--speed", o.speed, "Simulated seconds per second, 0.1 to 10")
      ->check(CLI::Range(0.1, 10.0));
  app.add_option("--seed", o.seed, "Seed of the simulated street");
  app.add_option("--hours", o.hours, "End after so many simulated hours");
  app.add_option("--begin", o.begin, "Local time at which the simulated day begins, HH:MM");
  app.add_option("--warm-up", o.warm_up,
                 "Seconds for which the simulated road fills before the first start of a world")
      ->check(CLI::Range(0.0, 3600.0));
  app.add_flag("--latency-log", o.latency_log,
               "rsmp and feeds write their latencies to the run folder");
  app.add_flag("--no-console", o.no_console, "No operator console");
  app.add_flag("--off-screen", o.off_screen, "The console draws off-screen");
  app.add_option("--screenshot", o.screenshot,
                 "The console writes this PNG once the city lives, then all ends");
  if (auto code = shell.start(argc, argv)) return *code;
  o.city = app.get_option("--city")->as<std::string>();
  const auto say = [](const std::string& line) {
    std::fprintf(stderr, "dispecer: %s\n", line.c_str());
  };
  const auto ports = process::hold_ports(shell.state_dir(), say);
  if (!ports) {
    say(ports.error().message());
    return 2;
  }
  process::Supervisor supervisor(Plan(shell, o).children(), say);
  bool told = false;
  shell.every(std::chrono::milliseconds(50), [&] {
    if (const auto code = supervisor.round(shell.mono())) return shell.stop(*code);
    if (!told && supervisor.all_ready()) {
      told = true;
      std::fprintf(stderr, "dispecer: all processes ready\n");
    }
  });
  shell.every(std::chrono::milliseconds(500), [&] { write_pids(shell, supervisor); });
  shell.on_stop([&] {
    std::fprintf(stderr, "dispecer: stopping\n");
    supervisor.stop_all(std::chrono::seconds(8));
    std::fprintf(stderr, "dispecer: stopped\n");
  });
  return shell.run();
}

}  // namespace
}  // namespace dispecer

int main(int argc, char** argv) {
  return dispecer::launch(argc, argv);
}
