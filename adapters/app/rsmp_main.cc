// dispecer-rsmp: the supervisor of the signal controllers. Statuses come in and go out as what was
// observed; proposals come in, are judged by the guard on what this process itself has seen, and
// only then reach a wire.
#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "adapters/app/endpoint.h"
#include "adapters/app/rsmp_alone.h"
#include "adapters/app/rsmp_kept.h"
#include "adapters/process/shell.h"
#include "adapters/rsmp/alarm_wishes.h"
#include "adapters/rsmp/config.h"
#include "adapters/rsmp/listener.h"
#include "controller/guard/guard.h"

namespace dispecer {
namespace {

constexpr auto kStopPatience = std::chrono::seconds(2);

struct Options {
  int port = -1;
  std::string address = "127.0.0.1";
  rsmp::TlsFiles tls;
  bool latency_log = false;
};

// No port is assigned to RSMP; this one is customary.
constexpr std::uint16_t kCustomaryPort = 12111;

class Program {
 public:
  Program(process::Shell& shell, std::vector<rsmp::SiteConfig> sites, const Options& options)
      : shell_(shell),
        supervisor_(std::move(sites), secrets()),
        listener_(
            shell.io(), supervisor_, listener_config(shell, options), [this] { return now(); },
            [this](rsmp::News& news) { take(news); }) {
    for (const auto& [id, signals] : shell.city().signals) {
      if (supervisor_.site_of(id) == nullptr) continue;
      fields_[id] = {&signals, guard::watch(signals)};
    }
    if (options.latency_log) {
      latency_.open(shell.run_dir() + "/latency_rsmp.csv");
      latency_ << "proposal,cause_to_write_us\n";
    }
  }

  Result<> start() {
    read_back();
    if (auto listening = listener_.start(); !listening) return listening;
    std::ofstream(shell_.run_dir() + "/rsmp.port") << listener_.port() << "\n";
    shell_.on_tick([this](const ClockTick&) { on_tick(); });
    shell_.on<topic::Proposals>(
        [this](const bus::Envelope&, const Proposal& proposal) { on_proposal(proposal); });
    shell_.on<topic::Alarms>([this](const bus::Envelope&, const AlarmList& list) {
      for (AlarmOrder& order : wishes_.update(list)) forward(std::move(order));
    });
    shell_.every(std::chrono::milliseconds(1000), [this] {
      static_cast<void>(keep(supervisor_.kept()));
      tell_health();
    });
    shell_.on_stop([this] { hand_back(); });
    return Ok{};
  }

 private:
  struct Field {
    const JunctionSignals* signals = nullptr;
    guard::FieldState state;
  };

  // TLS files come from the command line or, key by key, from the deployment.
  static rsmp::ListenerConfig listener_config(const process::Shell& shell, const Options& options) {
    rsmp::ListenerConfig config;
    config.address = options.address;
    config.port = port_of(shell, options);
    const auto pick = [&](const std::string& own, const char* key) {
      return own.empty() ? shell.deploy(std::string("rsmp.tls_") + key) : own;
    };
    rsmp::TlsFiles files{pick(options.tls.certificate, "certificate"), pick(options.tls.key, "key"),
                         pick(options.tls.ca, "ca")};
    if (!files.certificate.empty()) config.tls = std::move(files);
    return config;
  }

  static std::uint16_t port_of(const process::Shell& shell, const Options& options) {
    if (options.port >= 0) return static_cast<std::uint16_t>(options.port);
    const auto endpoint = parse_endpoint(shell.resolve("@rsmp"));
    return endpoint ? endpoint->port : kCustomaryPort;
  }

  rsmp::Secrets secrets() {
    return [this](const std::string& name) -> std::optional<std::string> {
      const std::string value = shell_.secret(name);
      return value.empty() ? std::nullopt : std::optional(value);
    };
  }

  [[nodiscard]] rsmp::Now now() const { return {shell_.mono(), shell_.now()}; }
  [[nodiscard]] guard::Situation situation() const {
    return {shell_.now(), shell_.epoch(), shell_.world().kind};
  }

  void on_tick() {
    if (!accepting_) {
      accepting_ = true;
      supervisor_.restore(kept_, shell_.now());
      listener_.accept();
    }
    for (auto& [id, field] : fields_) note_demand(id, field);
  }

  // Whoever was seen to wait waits until the group has had green.
  void note_demand(const JunctionId& id, Field& field) {
    std::vector<bool> demand = supervisor_.demand(id);
    if (demand.size() != field.state.groups.size()) return;
    for (std::size_t g = 0; g < demand.size(); ++g) {
      const auto& record = field.state.groups[g];
      demand[g] = !is_green(record.aspect) && (demand[g] || record.demand);
    }
    guard::set_demand(field.state, demand, shell_.now());
  }

  void report(const Proposal& proposal, OrderState state, const std::string& rule,
              const std::string& text) {
    shell_.publish<topic::Orders>({proposal.id, proposal.junction, shell_.now(), state, rule, text},
                                  shell_.now());
  }

  void on_proposal(const Proposal& proposal) {
    if (std::holds_alternative<SignOrder>(proposal.write)) return;  // for the signs' process
    const auto field = fields_.find(proposal.junction);
    if (field == fields_.end()) {
      shell_.count("guard.refused.unknown_junction");
      report(proposal, OrderState::refused, "unknown_junction", "no RSMP site serves it");
      return;
    }
    const auto approved =
        guard::Guard::check(proposal, *field->second.signals, field->second.state, situation());
    if (!approved) {
      shell_.count("guard.refused." + approved.error().cause);
      report(proposal, OrderState::refused, approved.error().cause, approved.error().message());
      return;
    }
    // What will have to be taken back is on the disk before it is set.
    const bool stays = rsmp::taking_back(proposal.write).has_value() ||
                       std::holds_alternative<BandsOrder>(proposal.write);
    if (stays && !keep(supervisor_.kept(&proposal))) {
      report(proposal, OrderState::refused, "not_kept",
             "what is set could not be kept on the disk");
      return;
    }
    shell_.count("guard.approved");
    if (listener_.submit(*approved)) {
      guard::note_sent(field->second.state, *approved, shell_.now());
    }
  }

  [[nodiscard]] std::string kept_file() const { return shell_.state_dir() + "/rsmp.kept"; }

  bool keep(rsmp::Kept kept) {
    if (!accepting_ || kept == kept_) return true;  // nothing can be set before it is read back
    if (const auto written = write_kept(kept_file(), kept); !written) {
      shell_.count("rsmp.kept_not_written");
      shell_.degrade(written.error().message());
      return false;
    }
    shell_.degrade("");
    kept_ = std::move(kept);
    return true;
  }

  // Before the first site may connect; ends are judged at the first tick, when it is known what
  // time it is.
  void read_back() {
    auto kept = read_kept(kept_file());
    if (!kept) {
      shell_.count("rsmp.kept_unreadable");
      shell_.degrade(kept.error().message());
      return;
    }
    kept_ = *std::move(kept);
  }

  // A person acknowledged or shelved an alarm of a controller: it is told.
  void forward(AlarmOrder order) {
    const auto junction = supervisor_.junction_of(order.subject);
    if (!junction) return;
    Proposal proposal;
    proposal.id = ProposalId("rsmp-alarm-" + std::to_string(shell_.boot()) + "-" +
                             std::to_string(++releases_));
    proposal.junction = *junction;
    proposal.write = std::move(order);
    proposal.decided = proposal.based_on = shell_.now();
    proposal.expires = shell_.now() + from_seconds(10);
    proposal.epoch = shell_.epoch();
    proposal.actor = {PersonId("adapters/rsmp"), Role::automaton, {}};
    proposal.operator_confirmed = true;  // by the intent that fusion accepted
    proposal.reason.rule = "alarm_list";
    on_proposal(proposal);
  }

  void release(const JunctionId& junction) {
    give_back({junction, ReleaseOrder{}, {PersonId("adapters/rsmp"), Role::automaton, {}}, false});
  }

  // A write that takes back what is still set: judged like any other.
  void give_back(const rsmp::ReturnDue& due) {
    Proposal proposal;
    proposal.id =
        ProposalId("rsmp-" + std::to_string(shell_.boot()) + "-" + std::to_string(++releases_));
    proposal.junction = due.junction;
    proposal.write = due.write;
    proposal.decided = proposal.based_on = shell_.now();
    proposal.expires = shell_.now() + from_seconds(10);
    proposal.epoch = shell_.epoch();
    proposal.actor = due.actor;
    proposal.operator_confirmed = due.confirmed;
    proposal.reason.rule = std::string(rsmp::kGiveBackRule);
    on_proposal(proposal);
  }

  void take(rsmp::News& news) {
    for (const JunctionId& junction : news.lost) guard::note_disconnect(fields_[junction].state);
    for (const rsmp::Sighting& sighting : news.sightings) {
      auto& state = fields_[sighting.seen.junction].state;
      if (sighting.seen.link == CommLink::connected) {
        // A repeat tells nothing new: the age goes on from the last report of the lamps.
        guard::observe(state, sighting.seen, sighting.fresh ? shell_.now() : state.received);
      }
      shell_.publish<topic::Signals>(
          sighting.seen, sighting.seen.t,
          sighting.seen.link == CommLink::connected ? Quality::live : Quality::stale);
    }
    for (const DetectorBatch& batch : news.batches) {
      shell_.publish<topic::Detectors>(batch, batch.to);
    }
    for (const PriorityPoint& point : news.points) {
      shell_.publish<topic::PriorityPoints>(point, point.t);
    }
    for (const rsmp::Clean& clean : news.clean) fields_[clean.junction].state.inputs_clean = true;
    for (const OrderReport& order : news.reports) {
      shell_.publish<topic::Orders>(order, order.t);
    }
    for (const AlarmEvent& event : news.alarms) shell_.alarm(event);
    for (const rsmp::SentCommand& sent : news.sent) note_latency(sent);
    for (const rsmp::ParameterBackup& backup : news.backups) keep(backup);
    // Not from within the listener's own call.
    for (const rsmp::ReleaseWanted& wanted : news.releases) {
      boost::asio::post(shell_.io(), [this, junction = wanted.junction] { release(junction); });
    }
    for (const rsmp::ReturnDue& due : news.returns) {
      boost::asio::post(shell_.io(), [this, due] { give_back(due); });
    }
  }

  // One file per controller and checksum; what was kept before stays.
  void keep(const rsmp::ParameterBackup& backup) {
    const auto plain = [](std::string text) {
      for (char& c : text) {
        if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
      }
      return text.substr(0, 80);
    };
    const std::filesystem::path folder = shell_.state_dir() + "/controllers";
    std::error_code code;
    std::filesystem::create_directories(folder, code);
    const auto file = folder / (plain(backup.site) + "-" + plain(backup.checksum) + ".config");
    if (std::filesystem::exists(file, code)) return;
    std::ofstream out(file.string() + ".part", std::ios::binary);
    out << "version: " << backup.version << "\ntimestamp: " << backup.timestamp << "\n\n"
        << backup.config << "\n";
    out.close();
    if (out) std::filesystem::rename(file.string() + ".part", file, code);
    shell_.count(out && !code ? "rsmp.parameter_copies" : "rsmp.parameter_copies_failed");
  }

  // From the receipt of the bus position that caused a stage order to its bytes in the socket.
  void note_latency(const rsmp::SentCommand& sent) {
    if (!sent.stage || !sent.cause_received) return;
    const std::int64_t us = (clock::wall() - *sent.cause_received).count();
    for (const int limit : {1, 2, 5, 10, 20, 50, 100}) {
      if (us <= limit * 1000) {
        shell_.count("rsmp.cause_to_write.le_" + std::to_string(limit) + "ms");
        break;
      }
      if (limit == 100) shell_.count("rsmp.cause_to_write.above_100ms");
    }
    if (latency_.is_open()) latency_ << sent.proposal.str() << "," << us << "\n" << std::flush;
  }

  void tell_health() {
    shell_.set_counters("", supervisor_.counters());
    shell_.set_counters("", listener_.counters());
    const std::size_t connected = supervisor_.connected_sites();
    shell_.set_counters(
        "", {{"rsmp.sites_connected", connected}, {"rsmp.orders_open", supervisor_.open_orders()}});
  }

  // Nothing stays set when we go. The loop has ended, so it is run here until the sites answered.
  void hand_back() {
    const auto end = std::chrono::steady_clock::now() + kStopPatience;
    for (const JunctionId& junction : supervisor_.holding()) release(junction);
    for (const rsmp::ReturnDue& due : supervisor_.open_overrides()) give_back(due);
    shell_.io().restart();
    const auto open = [&] {
      return !supervisor_.holding().empty() || supervisor_.open_orders() > 0;
    };
    while (open() && std::chrono::steady_clock::now() < end) {
      if (shell_.io().run_one_for(std::chrono::milliseconds(100)) == 0) shell_.io().restart();
    }
    static_cast<void>(keep(supervisor_.kept()));
    listener_.stop();
  }

  process::Shell& shell_;
  rsmp::Supervisor supervisor_;
  rsmp::Listener listener_;
  std::map<JunctionId, Field> fields_;

  rsmp::Kept kept_;  // as it stands on the disk
  rsmp::AlarmWishes wishes_;
  std::uint64_t releases_ = 0;
  bool accepting_ = false;
  std::ofstream latency_;
};

}  // namespace
}  // namespace dispecer

int main(int argc, char** argv) {
  using namespace dispecer;
  if (wants_alone(argc, argv)) return run_alone(argc, argv);
  process::Shell shell(
      {.name = "rsmp",
       .about = "Supervisor of the signal controllers (RSMP); with --listen HOST:PORT alone"});
  Options options;
  shell.app()
      .add_option("--port", options.port, "Port to listen on; 0 = any free one")
      ->check(CLI::Range(0, 65535));
  shell.app()
      .add_option("--address", options.address, "Address to listen on")
      ->capture_default_str();
  shell.app().add_option("--tls-certificate", options.tls.certificate,
                         "PEM chain: TLS 1.3 with client certificates");
  shell.app().add_option("--tls-key", options.tls.key, "PEM");
  shell.app().add_option("--tls-ca", options.tls.ca, "PEM of who signs the sites' certificates");
  shell.app().add_flag("--latency-log", options.latency_log,
                       "Write latency_rsmp.csv to the run folder");
  if (auto code = shell.start(argc, argv)) return *code;
  auto sites = rsmp::site_configs(shell.city(), [&](const std::string& name) {
    const std::string value = shell.secret(name);
    return value.empty() ? std::nullopt : std::optional(value);
  });
  if (!sites) {
    std::cerr << "dispecer-rsmp: " << sites.error().message() << "\n";
    return 2;
  }
  Program program(shell, *std::move(sites), options);
  if (const auto started = program.start(); !started) {
    std::cerr << "dispecer-rsmp: " << started.error().message() << "\n";
    return 2;
  }
  return shell.run();
}
