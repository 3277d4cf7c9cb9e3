// ./bench rsmp: hundreds of virtual sites, in processes of their own, on one supervisor: steady
// load, flood, all lines cut at once, and the long buffer of one site while the others are
// commanded.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <fstream>
#include <iostream>
#include <memory>
#include <set>
#include <sstream>

#include "adapters/rsmp/listener.h"
#include "controller/guard/guard.h"
#include "tests/bench/figures/figures.h"
#include "tests/bench/rsmp/load.h"
#include "tests/bench/rsmp/names.h"

namespace dispecer::bench {
namespace {

namespace asio = boost::asio;
using Wall = std::chrono::steady_clock;

double since(Wall::time_point t) {
  return std::chrono::duration<double>(Wall::now() - t).count();
}

class Centre {
 public:
  explicit Centre(std::size_t sites) {
    std::vector<rsmp::SiteConfig> configs;
    for (std::size_t i = 1; i <= sites; ++i) {
      const auto shown = load_settings(i);
      auto signals = load_junction(i);
      fields_[signals.junction] = {signals, guard::watch(signals)};
      rsmp::SiteConfig site;
      site.admission.site_id = shown.site_id;
      site.admission.sxl = shown.sxl;
      site.admission.cores = shown.cores;
      site.main_component = shown.main_component;
      site.code1 = shown.code1;
      site.code2 = shown.code2;
      rsmp::JunctionWire wire;
      wire.signals = std::move(signals);
      wire.group_components = shown.group_components;
      site.junctions = {std::move(wire)};
      configs.push_back(std::move(site));
    }
    supervisor_.emplace(std::move(configs), [](const std::string&) { return std::nullopt; });
    rsmp::ListenerConfig config;
    config.port = 0;
    listener_.emplace(
        io_, *supervisor_, config, [] { return now(); }, [this](rsmp::News& n) { take(n); });
  }
  Result<std::uint16_t> start() {
    if (auto r = listener_->start(); !r) return r.error();
    listener_->accept();
    return listener_->port();
  }
  // A load at the other ends of the pipes, numbered from 0 in this order.
  void talk(int in, int out) { loads_.push_back(std::make_unique<Load>(io_, in, out)); }

  // Sites of which the lamps were seen since the last call of forget().
  [[nodiscard]] std::size_t seen() const { return seen_.size(); }
  void forget() {
    seen_.clear();
    lost_ = 0;
  }
  // Connections that ended since the last call of forget().
  [[nodiscard]] std::size_t lost() const { return lost_; }
  [[nodiscard]] std::size_t connected() const { return supervisor_->connected_sites(); }

  template <class Fn>
  bool until(double seconds, Fn&& fn) {
    const auto began = Wall::now();
    while (!fn()) {
      if (since(began) > seconds) return false;
      io_.restart();
      io_.run_one_for(std::chrono::milliseconds(50));
    }
    return true;
  }
  // Sends a line to a load and returns its answer; absent = none in time.
  std::optional<std::string> ask(std::size_t number, const std::string& line, double seconds,
                                 const std::function<void()>& meanwhile = nullptr) {
    auto& load = *loads_[number];
    asio::write(load.orders, asio::buffer(line + "\n"));
    std::optional<std::string> answer;
    asio::async_read_until(load.answers, load.text, '\n',
                           [&](boost::system::error_code ec, std::size_t) {
                             std::istream stream(&load.text);
                             std::string got;
                             if (!ec && std::getline(stream, got)) answer = got;
                           });
    const bool came = until(seconds, [&] {
      if (meanwhile) meanwhile();
      return answer.has_value();
    });
    if (!came) load.answers.cancel();
    return answer;
  }

  // Asks junction j<number> to stay in its stage; what the guard refuses is not counted.
  bool command(std::size_t number) {
    const auto it = fields_.find(JunctionId("j" + std::to_string(number)));
    auto& field = it->second;
    if (field.state.stage == 0) {
      ++refused_["between_stages"];
      return false;
    }
    Proposal p;
    p.id = ProposalId("b" + std::to_string(++said_));
    p.junction = it->first;
    p.write = StageOrder{field.state.stage};
    p.decided = p.based_on = now().utc;
    p.expires = p.decided + from_seconds(5);
    p.actor = {PersonId("bench"), Role::automaton, WorkplaceId("bench")};
    const auto approved =
        guard::Guard::check(p, field.signals, field.state, {now().utc, 0, WorldKind::street});
    if (!approved) {
      ++refused_[approved.error().cause];
      return false;
    }
    const auto began = Wall::now();
    if (const auto sent = listener_->submit(*approved); !sent) {
      ++refused_[sent.error().cause];
      return false;
    }
    guard::note_sent(field.state, *approved, now().utc);
    open_[p.id] = began;
    return true;
  }
  // Times from order to answer since the last call.
  std::vector<double> take_command_ms() { return std::exchange(command_ms_, {}); }
  [[nodiscard]] const std::map<std::string, std::uint64_t>& refused() const { return refused_; }
  [[nodiscard]] const rsmp::Counters& counters() const { return supervisor_->counters(); }

 private:
  struct Field {
    JunctionSignals signals;
    guard::FieldState state;
  };
  struct Load {
    Load(asio::io_context& io, int in, int out) : answers(io, in), orders(io, out) {}
    asio::posix::stream_descriptor answers;
    asio::posix::stream_descriptor orders;
    asio::streambuf text;
  };
  static rsmp::Now now() {
    const auto mono =
        std::chrono::duration_cast<std::chrono::microseconds>(Wall::now().time_since_epoch());
    const auto utc = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    return {MonoTime{mono.count()}, UtcTime{utc.count()}};
  }
  void take(rsmp::News& news) {
    const auto t = now().utc;
    for (const auto& s : news.sightings) {
      auto& field = fields_.at(s.seen.junction);
      if (s.seen.link != CommLink::connected) continue;
      if (s.fresh) seen_.insert(s.seen.junction);
      guard::observe(field.state, s.seen, s.fresh ? t : field.state.received);
    }
    for (const auto& c : news.clean) fields_.at(c.junction).state.inputs_clean = true;
    for (const auto& id : news.lost) {
      guard::note_disconnect(fields_.at(id).state);
      seen_.erase(id);
      ++lost_;
    }
    for (const auto& r : news.reports) {
      const auto at = open_.find(r.proposal);
      if (at == open_.end() || r.state == OrderState::sent) continue;
      if (r.state == OrderState::accepted || r.state == OrderState::confirmed) {
        command_ms_.push_back(1000 * since(at->second));
      }
      open_.erase(at);
    }
  }

  asio::io_context io_;
  std::map<JunctionId, Field> fields_;
  std::optional<rsmp::Supervisor> supervisor_;
  std::optional<rsmp::Listener> listener_;
  std::vector<std::unique_ptr<Load>> loads_;
  std::set<JunctionId> seen_;
  std::size_t lost_ = 0;
  std::map<ProposalId, Wall::time_point> open_;
  std::vector<double> command_ms_;
  std::map<std::string, std::uint64_t> refused_;
  std::uint64_t said_ = 0;
};

double rss_mib() {
  std::ifstream in("/proc/self/status");
  std::string line;
  while (std::getline(in, line)) {
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
  }
  return 0;
}

struct Options {
  std::size_t sites = 500;
  std::size_t buffered = 10'000;
  double seconds = 20;
  std::string json;
};

// S1 lives in a process of its own, so that its flood takes no time from the others.
constexpr std::size_t kMany = 0;
constexpr std::size_t kOne = 1;

pid_t start_load(Centre& centre, const LoadOptions& options) {
  int to_load[2];
  int from_load[2];
  if (::pipe(to_load) != 0 || ::pipe(from_load) != 0) return -1;
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(to_load[1]);
    ::close(from_load[0]);
    run_load(options, to_load[0], from_load[1]);
    ::_exit(0);
  }
  ::close(to_load[0]);
  ::close(from_load[1]);
  centre.talk(from_load[0], to_load[1]);
  return child;
}

int run(Centre& centre, const Options& options) {
  const auto fail = [&](const char* what) {
    std::cerr << "bench rsmp: " << what << " (" << centre.connected() << " of " << options.sites
              << " sites connected, " << centre.seen() << " seen)\n";
    for (const auto& [name, n] : centre.counters()) std::cerr << "  " << name << " " << n << "\n";
    return 1;
  };
  const auto all = [&] { return centre.seen() == options.sites; };
  Figures f;
  if (!centre.until(60, all)) return fail("not all sites came up");
  // The start-up of the controllers, and the first flood of statuses.
  centre.until(20, [] { return false; });

  const auto acks =
      centre.ask(kMany, "measure " + std::to_string(options.seconds), options.seconds + 30);
  if (!acks) return fail("no answer about acknowledgements");
  std::string word;
  double count = 0;
  double value = 0;
  std::istringstream(*acks) >> word >> count >> value;
  f.add("sites_count", static_cast<double>(options.sites), "count");
  f.add("acks_count", count, "count");
  if (count > 0) f.add("ack_p99_ms", value, "ms");
  const auto burst = centre.ask(kMany, "measure_together " + std::to_string(options.seconds),
                                options.seconds + 30);
  if (!burst) return fail("no answer about acknowledgements of a burst");
  std::istringstream(*burst) >> word >> count >> value;
  if (count > 0) f.add("ack_burst_p99_ms", value, "ms");

  centre.forget();
  const auto began = Wall::now();
  if (!centre.ask(kMany, "drop", 10)) return fail("no answer about the drop");
  // S1 is not among them.
  if (!centre.until(120, [&] { return centre.lost() >= options.sites - 1 && all(); })) {
    return fail("not all sites came back");
  }
  f.add("reconnect_storm_s", since(began), "s");
  centre.until(20, [] { return false; });

  // S1 is the site that floods; the others are commanded in turn, a thousand times a second.
  std::size_t next = 1;
  auto last = Wall::now();
  const auto command_others = [&] {
    if (since(last) < 0.001) return;
    last = Wall::now();
    next = next % options.sites + 1;
    if (next != 1) centre.command(next);
  };
  const auto quiet_began = Wall::now();
  centre.until(5, [&] {
    command_others();
    return since(quiet_began) > 2;
  });
  const auto quiet = centre.take_command_ms();
  if (!quiet.empty()) f.add("quiet_command_p99_ms", percentile(quiet, 0.99), "ms");
  const auto flushed =
      centre.ask(kOne, "buffer " + std::to_string(options.buffered), 180, command_others);
  if (!flushed) return fail("the buffer was not taken");
  std::istringstream(*flushed) >> word >> count >> value;
  f.add("buffered_messages_count", count, "count");
  f.add("buffer_flush_s", value, "s");
  const auto others = centre.take_command_ms();
  f.add("others_commands_count", static_cast<double>(others.size()), "count");
  if (!others.empty()) f.add("others_command_p99_ms", percentile(others, 0.99), "ms");
  f.add("rss_mib", rss_mib(), "mib");

  const auto flood = centre.ask(kMany, "flood 10", 60);
  if (!flood) return fail("no answer about the flood");
  std::istringstream(*flood) >> word >> value;
  f.add("messages_per_s", value, "per_s");
  for (const auto& [rule, n] : centre.refused()) {
    std::cerr << "bench rsmp: guard or site refused " << n << " commands by " << rule << "\n";
  }
  const bool written = f.print(options.json);
  return written && f.has("ack_p99_ms") && f.has("others_command_p99_ms") ? 0 : 1;
}

}  // namespace
}  // namespace dispecer::bench

int main(int argc, char** argv) {
  using namespace dispecer::bench;
  Options options;
  CLI::App app{"Load on the RSMP supervisor", "bench rsmp"};
  app.add_option("--sites", options.sites, "Virtual sites")->check(CLI::Range(2, 5000));
  app.add_option("--buffered", options.buffered, "Seconds that one site lives without its line")
      ->check(CLI::Range(10, 100000));
  app.add_option("--seconds", options.seconds, "Steady load")->check(CLI::Range(1.0, 3600.0));
  app.add_option("--json", options.json, "Write the figures here too");
  CLI11_PARSE(app, argc, argv);
  ::signal(SIGPIPE, SIG_IGN);

  Centre centre(options.sites);
  const auto port = centre.start();
  if (!port) {
    std::cerr << "bench rsmp: " << port.error().message() << "\n";
    return 2;
  }
  const auto many = start_load(centre, {*port, 2, options.sites - 1, 0});
  const auto one = start_load(centre, {*port, 1, 1, options.buffered + 60});
  const int code = run(centre, options);
  for (const auto child : {many, one}) {
    if (child <= 0) continue;
    ::kill(child, SIGTERM);
    ::waitpid(child, nullptr, 0);
  }
  return code;
}
