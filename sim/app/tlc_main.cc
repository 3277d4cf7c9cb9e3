// dispecer-tlc: one virtual traffic-light controller in real time, without a street, that connects
// to its supervisors as the device at the kerb would.
#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <istream>
#include <sstream>

#include "sim/app/tlc_config.h"

namespace dispecer::sim {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr const char* kHelp =
    "One virtual traffic-light controller (an RSMP site) without a street, until Ctrl-C.\n"
    "The first --supervisor is the primary one; others are secondary (core 3.2 on).\n"
    "With --console, lines on standard input:\n"
    "  fault NAME on|off [NUMBER]     power_cut, lost_link, lost_link_silent, wrong_clock, "
    "garbage;\n"
    "                                 of a detector: detector_dead, detector_stuck, "
    "detector_chatter;\n"
    "                                 of a signal group: lamp_red, lamp_yellow, lamp_green\n"
    "  key POSITION                   police key: 0 off, 1 dark, 2 yellow flash, 3 all red\n"
    "  panel on|off                   somebody works at the operator's panel\n";

std::int64_t zone_offset_s(UtcTime t) {
  const auto seconds = static_cast<std::time_t>(t.us / 1'000'000);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return local.tm_gmtoff;
}

class Program {
 public:
  Program(asio::io_context& io, TlcConfig config)
      : io_(io),
        config_(std::move(config)),
        ticker_(io),
        signals_(io, SIGINT, SIGTERM),
        console_(io),
        start_utc_(utc_by_system()),
        start_mono_(std::chrono::steady_clock::now()) {
    if (!config_.timezone.empty()) config_.cabinet.programme.local_offset_s = zone_offset_s;
  }

  void run(bool console) {
    quiet_road(now());
    sim::tick(config_.cabinet, now());
    for (std::size_t i = 0; i < config_.lines.size(); ++i) connect(i);
    signals_.async_wait([this](error_code ec, int) {
      if (!ec) io_.stop();
    });
    schedule();
    if (console) {
      console_.assign(::dup(STDIN_FILENO));
      listen();
    }
    io_.run();
  }
  void report() const {
    for (std::size_t i = 0; i < clients_.size(); ++i) {
      for (const auto& [name, n] : clients_[i]->counters())
        std::cout << config_.lines[i].host << ":" << config_.lines[i].port << " " << name << " "
                  << n << "\n";
    }
  }

 private:
  static UtcTime utc_by_system() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return UtcTime{std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
  }
  // Runs on monotonic time, so that no step of the machine's clock restarts the controller.
  [[nodiscard]] UtcTime now() const {
    return start_utc_ +
           std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - start_mono_);
  }

  void connect(std::size_t i) {
    auto site = config_.site;
    auto line = config_.lines[i];
    site.line = "supervisor " + std::to_string(i + 1);
    if (i > 0) {
      site.secondary = true;
      site.follow_supervisor = false;
      site.buffer_file.clear();
      std::erase_if(site.cores, [](rsmp::Core c) { return c < rsmp::Core::v3_2_0; });
    }
    line.now = [this] { return now(); };
    line.ordered = [this] { step(now()); };
    clients_.push_back(std::make_unique<SiteClient>(io_, std::move(line), config_.cabinet,
                                                    std::move(site), now()));
  }

  // No road leads here: every loop sees nothing.
  void quiet_road(UtcTime t) {
    for (std::uint32_t n = 1; n <= detector_count(config_.cabinet); ++n) {
      if (detector(config_.cabinet, n) == nullptr) continue;
      DetectorReading reading;
      reading.number = n;
      reading.classes.emplace();
      static_cast<void>(apply(config_.cabinet, reading, t));
    }
  }
  void step(UtcTime t) {
    sim::tick(config_.cabinet, t);
    for (auto& client : clients_) client->tick(t);
  }
  // On even multiples of the tick, so that a second of the cycle begins on time.
  void schedule() {
    const auto length = from_seconds(config_.tick_s).count();
    const auto wait = length - now().us % length;
    ticker_.expires_after(std::chrono::microseconds{wait});
    ticker_.async_wait([this](error_code ec) {
      if (ec) return;
      const auto t = now();
      quiet_road(t);
      step(t);
      schedule();
    });
  }

  void listen() {
    asio::async_read_until(console_, typed_, '\n', [this](error_code ec, std::size_t) {
      if (ec) return;
      std::istream in(&typed_);
      std::string line;
      std::getline(in, line);
      if (const auto wrong = obey(line); !wrong.empty()) std::cerr << wrong << "\n";
      step(now());
      listen();
    });
  }
  // "" = done.
  std::string obey(const std::string& line) {
    std::istringstream in(line);
    std::string what, name, state;
    in >> what >> name;
    std::optional<Input> order;
    if (what == "fault") {
      const auto fault = from_name<Fault>(name);
      std::uint32_t number = 0;
      in >> state >> number;
      if (fault && (state == "on" || state == "off"))
        order = SetFault{*fault, state == "on", number};
    } else if (what == "key" && name.size() == 1 && name[0] >= '0' && name[0] <= '3') {
      order = SetPoliceKey{static_cast<std::uint32_t>(name[0] - '0')};
    } else if (what == "panel" && (name == "on" || name == "off")) {
      order = SetManual{name == "on"};
    }
    if (!order) return "not understood: " + line;
    const auto done = apply(config_.cabinet, *order, now());
    return done ? "" : done.error().message();
  }

  asio::io_context& io_;
  TlcConfig config_;
  asio::steady_timer ticker_;
  asio::signal_set signals_;
  asio::posix::stream_descriptor console_;
  asio::streambuf typed_{4096};
  UtcTime start_utc_;
  std::chrono::steady_clock::time_point start_mono_;
  std::vector<std::unique_ptr<SiteClient>> clients_;
};

int run(int argc, char** argv) {
  CLI::App app(kHelp, "dispecer-tlc");
  std::string path;
  TlcChoice choice;
  bool console = false;
  app.add_option("--config", path, "file of the controller (TOML)")->required();
  app.add_option("--supervisor", choice.supervisors, "HOST:PORT; may be given several times");
  app.add_option("--core", choice.core, "one version of the RSMP core, 3.1.2 to 3.2.2");
  app.add_option("--sxl", choice.sxl, "version of the traffic-light signal list, 1.0.7 to 1.2.1");
  app.add_flag("--console", console, "take faults and the police key from standard input");
  CLI11_PARSE(app, argc, argv);
  std::signal(SIGPIPE, SIG_IGN);
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  const UtcTime now{std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
  auto config = read_tlc_config(path, choice, now);
  if (!config) {
    std::cerr << config.error().message() << "\n";
    return 2;
  }
  if (!config->timezone.empty()) {
    const auto& zone = config->timezone;
    const bool known = zone.find("..") == std::string::npos &&
                       std::filesystem::is_regular_file("/usr/share/zoneinfo/" + zone);
    if (!known) {
      std::cerr << path << ": timezone: found '" << zone << "', expected an IANA name\n";
      return 2;
    }
    ::setenv("TZ", (":" + zone).c_str(), 1);
    ::tzset();
  }
  if (config->test_only) {
    std::cout << "TEST ONLY: " << config->name
              << " runs fixed patterns without intergreens; its conflict monitor is off. It must "
                 "never stand at a street.\n";
  }
  std::cout << config->site.site_id << ": signal list " << config->site.sxl << ", core";
  for (const auto core : config->site.cores) std::cout << " " << rsmp::rules(core).text;
  for (const auto& line : config->lines) std::cout << ", " << line.host << ":" << line.port;
  std::cout << std::endl;
  asio::io_context io(1);
  Program program(io, *std::move(config));
  program.run(console);
  program.report();
  return 0;
}

}  // namespace
}  // namespace dispecer::sim

int main(int argc, char** argv) {
  return dispecer::sim::run(argc, argv);
}
