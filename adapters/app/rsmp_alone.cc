#include "adapters/app/rsmp_alone.h"

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json.hpp>
#include <fstream>
#include <iostream>
#include <sstream>

#include "adapters/app/endpoint.h"
#include "adapters/app/rsmp_journal.h"
#include "adapters/app/rsmp_site_file.h"
#include "adapters/clock/domain_clock.h"
#include "adapters/rsmp/listener.h"
#include "adapters/rsmp/message/tlc.h"
#include "controller/guard/guard.h"

namespace dispecer {
namespace {

namespace json = boost::json;

struct Options {
  std::string listen;
  std::string core;
  std::string sxl = "1.2.1";
  std::string config;
  bool walk = false;
  double ack_timeout_s = 30;
  double watchdog_s = 60;
  double walk_within_s = 600;
  double patience_s = in_seconds(rsmp::WalkSettings{}.patience);
  rsmp::TlsFiles tls;
};

constexpr auto kStep = std::chrono::milliseconds(10);
constexpr auto kStopPatience = std::chrono::seconds(2);
constexpr Duration kProposalLife = from_seconds(5);
constexpr Duration kOverride = from_seconds(600);

json::array lines(const std::vector<rsmp::WalkSummary::Line>& list) {
  json::array out;
  for (const auto& line : list) out.push_back(json::object{{"what", line.what}, {"why", line.why}});
  return out;
}

json::array words(const std::set<std::string>& list) {
  json::array out;
  for (const std::string& word : list) out.emplace_back(word);
  return out;
}

std::string text_of(const rsmp::WalkSummary& s) {
  json::object o;
  o["finished"] = s.finished;
  o["good"] = s.good();
  o["commands_sent"] = s.commands_sent;
  o["commands_confirmed"] = s.confirmed;
  o["commands_accepted_without_visible_effect"] = s.accepted;
  o["command_codes"] = words(s.codes_sent);
  o["answered_unknown"] = lines(s.unknown);
  o["refused"] = lines(s.refused);
  o["failed"] = lines(s.failed);
  o["statuses_asked"] = s.statuses_asked;
  o["statuses_answered"] = s.statuses_answered;
  o["status_codes"] = words(s.codes_asked);
  o["subscribed"] = s.subscribed;
  o["updated"] = s.updated;
  o["values_outside_the_list"] = lines(s.outside_list);
  o["not_acks"] = lines(s.not_acks);
  o["planned_not_acks"] = lines(s.planned_not_acks);
  o["links_lost"] = s.links_lost;
  return json::serialize(o);
}

class Alone {
 public:
  Alone(LoneSite lone, const Options& options, const Endpoint& endpoint)
      : lone_(std::move(lone)),
        options_(options),
        journal_(std::cout, clock::wall, {lone_.site.code1, lone_.site.code2}),
        supervisor_({lone_.site},
                    [this](const std::string& name) -> std::optional<std::string> {
                      // A change of codes to the same ones: all that a walk may do.
                      if (name == "code1") return lone_.site.code1;
                      return name == "code2" ? std::optional(lone_.site.code2) : std::nullopt;
                    }),
        listener_(io_, supervisor_, listener_config(options, endpoint), now,
                  [this](rsmp::News& news) { take(news); }),
        tick_(io_),
        signals_(io_, SIGINT, SIGTERM),
        state_(guard::watch(wire().signals)) {
    supervisor_.listen([this](const rsmp::Overheard& heard) { hear(heard); });
    if (options.walk) {
      lone_.walk.patience = from_seconds(options.patience_s);
      lone_.walk.request = "walk-" + std::to_string(clock::wall().us / 1000);
      walk_.emplace(
          supervisor_.site_of(wire().id())->config(), lone_.walk,
          [this](const std::string& id, const FieldWrite& write) { return propose(id, write); },
          [this](rsmp::Query query) { return ask(std::move(query)); },
          [this] { supervisor_.subscribe(lone_.site.admission.site_id, now()); });
    }
  }

  int run() {
    if (const auto started = listener_.start(); !started) {
      std::cerr << "dispecer-rsmp: " << started.error().message() << "\n";
      return 2;
    }
    json::object at{{"port", listener_.port()}, {"site", lone_.site.admission.site_id}};
    journal_.note("listening", json::serialize(at));
    listener_.accept();
    began_ = now().mono;
    signals_.async_wait([this](boost::system::error_code code, int) {
      if (!code) stop();
    });
    arm();
    io_.run();
    hand_back();
    if (!walk_) return 0;
    journal_.note("summary", text_of(walk_->summary()));
    return walk_->summary().good() ? 0 : 1;
  }

 private:
  static rsmp::Now now() { return {clock::monotonic(), clock::wall()}; }
  static rsmp::ListenerConfig listener_config(const Options& options, const Endpoint& endpoint) {
    rsmp::ListenerConfig config;
    config.address = endpoint.host;
    config.port = endpoint.port;
    if (!options.tls.certificate.empty()) config.tls = options.tls;
    return config;
  }
  [[nodiscard]] const rsmp::JunctionWire& wire() const { return lone_.site.junctions.front(); }
  [[nodiscard]] guard::Situation situation() const {
    return {now().utc, 0, lone_.test_only ? WorldKind::bench : WorldKind::street};
  }

  void stop() {
    if (std::exchange(stopping_, true)) return;
    tick_.cancel();
    signals_.cancel();
    io_.stop();
  }

  void arm() {
    tick_.expires_after(kStep);
    tick_.async_wait([this](boost::system::error_code code) {
      if (code || stopping_) return;
      if (walk_) {
        walk_->timer(now().mono);
        flush();
        const bool late = in_seconds(now().mono - began_) > options_.walk_within_s;
        if (walk_->done() || late) {
          stop();
          return;
        }
      }
      arm();
    });
  }

  // What the supervisor was told outside of the listener's own turns goes out now.
  void flush() { listener_.flush(); }

  void hear(const rsmp::Overheard& heard) {
    journal_.write(heard);
    if (walk_) walk_->overheard(heard);
  }

  Result<std::string> ask(rsmp::Query query) {
    return supervisor_.ask(lone_.site.admission.site_id, std::move(query), now());
  }

  Result<> judge(const Proposal& proposal) {
    const auto approved = guard::Guard::check(proposal, wire().signals, state_, situation());
    if (!approved) {
      json::object refusal{{"proposal", proposal.id.str()},
                           {"rule", approved.error().cause},
                           {"text", approved.error().message()}};
      journal_.note("refused", json::serialize(refusal));
      return approved.error();
    }
    if (auto sent = listener_.submit(*approved); !sent) return sent;
    guard::note_sent(state_, *approved, now().utc);
    return Ok{};
  }

  [[nodiscard]] Proposal proposal_of(const std::string& id, FieldWrite write) const {
    Proposal p;
    p.id = ProposalId(id);
    p.junction = wire().id();
    p.write = std::move(write);
    p.decided = p.based_on = now().utc;
    p.expires = p.decided + kProposalLife;
    p.until = p.decided + kOverride;
    return p;
  }

  Result<> propose(const std::string& id, FieldWrite write) {
    if (auto* clock = std::get_if<ClockOrder>(&write)) clock->time = now().utc;
    Proposal p = proposal_of(id, std::move(write));
    // Whoever starts a walk is the person who confirms each of its steps.
    p.actor = {PersonId("dispecer-rsmp --walk"), Role::maintainer, {}};
    p.operator_confirmed = true;
    p.reason.rule = "walk";
    return judge(p);
  }

  void give_back(const FieldWrite& write, const Actor& actor, bool confirmed) {
    Proposal p = proposal_of("rsmp-" + std::to_string(++own_), write);
    p.until.reset();
    p.actor = actor;
    p.operator_confirmed = confirmed;
    p.reason.rule = std::string(rsmp::kGiveBackRule);
    if (auto judged = judge(p); !judged) return;  // told in the journal; asked for again
  }

  void take(rsmp::News& news) {
    if (!news.lost.empty()) {
      guard::note_disconnect(state_);
      if (walk_) walk_->disconnected();
    }
    for (const rsmp::Sighting& sighting : news.sightings) {
      if (sighting.seen.link != CommLink::connected) continue;
      guard::observe(state_, sighting.seen, sighting.fresh ? now().utc : state_.received);
    }
    if (!news.clean.empty()) state_.inputs_clean = true;
    for (const rsmp::Joined& joined : news.joined) {
      if (walk_) walk_->connected(joined.core, joined.sxl, now().mono);
    }
    for (const OrderReport& report : news.reports) {
      json::object o{{"proposal", report.proposal.str()},
                     {"state", std::string(to_name(report.state))},
                     {"rule", report.rule},
                     {"text", report.text}};
      journal_.note("order", json::serialize(o));
      if (walk_) walk_->report(report);
    }
    for (const AlarmEvent& event : news.alarms) {
      json::object o{{"kind", event.kind},
                     {"subject", event.subject},
                     {"active", event.active},
                     {"text", event.text}};
      journal_.note("alarm", json::serialize(o));
    }
    const Actor self{PersonId("adapters/rsmp"), Role::automaton, {}};
    for (std::size_t i = 0; i < news.releases.size(); ++i) {
      boost::asio::post(io_, [this, self] { give_back(ReleaseOrder{}, self, false); });
    }
    for (const rsmp::ReturnDue& due : news.returns) {
      boost::asio::post(io_, [this, due] { give_back(due.write, due.actor, due.confirmed); });
    }
  }

  // Nothing stays set when we go.
  void hand_back() {
    const Actor self{PersonId("adapters/rsmp"), Role::automaton, {}};
    if (!supervisor_.holding().empty()) give_back(ReleaseOrder{}, self, false);
    for (const rsmp::ReturnDue& due : supervisor_.open_overrides()) {
      give_back(due.write, due.actor, due.confirmed);
    }
    const auto end = std::chrono::steady_clock::now() + kStopPatience;
    io_.restart();
    while (!supervisor_.holding().empty() && std::chrono::steady_clock::now() < end) {
      if (io_.run_one_for(std::chrono::milliseconds(100)) == 0) io_.restart();
    }
    listener_.stop();
  }

  LoneSite lone_;
  Options options_;
  RsmpJournal journal_;
  boost::asio::io_context io_;
  rsmp::Supervisor supervisor_;
  rsmp::Listener listener_;
  boost::asio::steady_timer tick_;
  boost::asio::signal_set signals_;
  guard::FieldState state_;
  std::optional<rsmp::Walk> walk_;
  MonoTime began_;
  std::uint64_t own_ = 0;
  bool stopping_ = false;
};

Result<std::string> read_text(const std::string& path) {
  std::ifstream in(path);
  if (!in) return Error{"no_file", "cannot be read", path};
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Result<LoneSite> load(const Options& options, const Endpoint& endpoint) {
  std::string text(reference_site());
  if (!options.config.empty()) {
    auto file = read_text(options.config);
    if (!file) return file.error();
    text = *std::move(file);
  }
  auto lone = read_lone_site(text);
  if (!lone) return lone;
  if (lone->test_only && !is_loopback(endpoint)) {
    return Error{"test_only",
                 "a site of tests is served on a loopback address only, found " + options.listen,
                 "--listen"};
  }
  rsmp::Admission& admission = lone->site.admission;
  admission.sxl = options.sxl;
  admission.ack_timeout = from_seconds(options.ack_timeout_s);
  admission.watchdog_interval = from_seconds(options.watchdog_s);
  for (const std::string_view item : rsmp::split(options.core, ',')) {
    const auto core = rsmp::parse_core(item);
    if (!core) {
      return Error{"bad_core", "'" + std::string(item) + "' is no core version that we speak",
                   "--core"};
    }
    admission.cores.push_back(*core);
  }
  if (admission.cores.empty()) {
    for (const rsmp::CoreRules& row : rsmp::core_table()) admission.cores.push_back(row.core);
  }
  std::ranges::sort(admission.cores);
  return lone;
}

}  // namespace

bool wants_alone(int argc, char** argv) {
  return std::any_of(argv + 1, argv + argc, [](const char* word) {
    return std::string_view(word).starts_with("--listen");
  });
}

int run_alone(int argc, char** argv) {
  Options options;
  CLI::App app{"Supervisor of one signal controller (RSMP), alone: no bus, no city"};
  app.add_option("--listen", options.listen, "HOST:PORT to listen on; port 0 = any free one")
      ->required();
  app.add_option("--core", options.core, "Core versions, comma separated; default all");
  app.add_option("--sxl", options.sxl, "Version of the signal exchange list")
      ->capture_default_str();
  app.add_option("--config", options.config, "Site file; default the reference site for tests");
  app.add_flag("--walk", options.walk,
               "Issue every command, request and subscribe to every status, then end");
  app.add_option("--ack-timeout", options.ack_timeout_s, "s")->check(CLI::Range(0.1, 3600.0));
  app.add_option("--watchdog", options.watchdog_s, "s")->check(CLI::Range(0.1, 3600.0));
  app.add_option("--walk-within", options.walk_within_s, "s")->check(CLI::Range(1.0, 36000.0));
  app.add_option("--patience", options.patience_s,
                 "s that a step of the walk waits for an answer or a visible effect")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  auto* certificate = app.add_option("--tls-certificate", options.tls.certificate,
                                     "PEM chain: TLS 1.3 with client certificates");
  auto* key = app.add_option("--tls-key", options.tls.key, "PEM")->needs(certificate);
  auto* ca = app.add_option("--tls-ca", options.tls.ca, "PEM of who signs the sites' certificates")
                 ->needs(certificate);
  certificate->needs(key)->needs(ca);
  CLI11_PARSE(app, argc, argv);
  const auto endpoint = parse_endpoint(options.listen);
  if (!endpoint) {
    std::cerr << "dispecer-rsmp: " << endpoint.error().message() << "\n";
    return 2;
  }
  auto lone = load(options, *endpoint);
  if (!lone) {
    std::cerr << "dispecer-rsmp: " << lone.error().message() << "\n";
    return 2;
  }
  return Alone(*std::move(lone), options, *endpoint).run();
}

}  // namespace dispecer
