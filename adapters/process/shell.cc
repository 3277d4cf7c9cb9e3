#include "adapters/process/shell.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "adapters/bus/seal.h"
#include "adapters/bus/zmq_bus.h"
#include "adapters/process/deployment.h"
#include "adapters/process/journal_header.h"
#include "adapters/process/journal_room.h"
#include "adapters/store/durable.h"

namespace dispecer::process {
namespace {

constexpr std::uint32_t kAlarmRepeat = 10;   // s
constexpr std::uint64_t kJournalMiB = 4096;  // of one process, all its starts together

std::uint64_t resident_bytes() {
  std::ifstream in("/proc/self/statm");
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  in >> total >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

// Counts the starts of a process in this state folder, so that sequences and journals never repeat.
Result<std::uint32_t> next_boot(const std::string& file) {
  std::uint32_t boot = 0;
  std::ifstream(file) >> boot;
  ++boot;
  const auto draft = file + ".new";
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const auto text = std::to_string(boot) + "\n";
  const bool good = fd >= 0 &&
                    ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                    ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!good || ::rename(draft.c_str(), file.c_str()) != 0)
    return Error{"state_write", "cannot be written", file};
  return boot;
}

}  // namespace

struct Shell::State {
  ShellOptions options;
  CLI::App app;
  std::string city_dir;
  std::string world_name = "street";
  std::string run_dir;
  std::string state_dir;
  bool no_journal = false;

  boost::asio::io_context io{1};
  std::unique_ptr<bus::ZmqBus> bus;
  std::unique_ptr<bus::Query> query;
  std::unique_ptr<store::Durable> durable;
  std::optional<bus::SealGate> gate;
  std::optional<bus::WorldKey> key;          // of this world: proposals
  std::optional<bus::WorldKey> durable_key;  // of this installation: what outlives a world
  std::optional<bus::Journal> journal;
  Deployment deployment;
  World world;
  std::uint32_t boot = 0;
  city::City city;
  clock::DomainClock clock;
  UtcTime input_time;
  std::map<std::uint32_t, std::uint64_t> sequences;
  std::vector<std::function<void(const ClockTick&)>> ticks;
  std::vector<std::function<void()>> stops;
  std::map<std::string, std::uint64_t> counters;
  std::map<std::pair<std::string, std::string>, AlarmEvent> alarms;
  std::vector<std::shared_ptr<boost::asio::steady_timer>> timers;
  std::uint32_t health_rounds = 0;
  bool journal_sick = false;
  bool journal_full = false;
  std::uint64_t journal_most = 0;  // bytes
  bool readiness_held = false;
  bool is_ready = false;
  std::string note;
  int exit_code = 0;

  void write_journal(bus::RecordKind kind, const std::string& bytes) {
    if (!journal || journal_full) return;
    if (journal->size() > journal_most) {
      // A journal that went on with holes could not be replayed: it ends here, and says so.
      (void)journal->append(bus::RecordKind::gap, "full");
      journal_full = true;
      ++counters["journal.full"];
      return;
    }
    const auto r = journal->append(kind, bytes);
    if (!r) ++counters["journal." + r.error().cause];
    if (r.ok() == journal_sick) journal_sick = !r.ok();
  }
};

Shell::Shell(ShellOptions options) : state_(std::make_unique<State>()) {
  state_->options = std::move(options);
  auto& app = state_->app;
  app.name("dispecer-" + state_->options.name);
  app.description(state_->options.about);
  auto* city = app.add_option("--city", state_->city_dir, "Folder of the city");
  if (state_->options.needs_city) city->required();
  app.add_option("--world", state_->world_name, "Name of this world (one per start of the centre)");
  app.add_option("--run-dir", state_->run_dir, "Folder of sockets and readiness, mode 0700")
      ->required();
  app.add_option("--state-dir", state_->state_dir, "Folder of what is kept")->required();
  app.add_flag("--no-journal", state_->no_journal, "Keep no replay journal");
}

Shell::~Shell() = default;

CLI::App& Shell::app() {
  return state_->app;
}

std::optional<int> Shell::start(int argc, char** argv) {
  auto& s = *state_;
  // A peer that went away is an error code, never a reason to die.
  ::signal(SIGPIPE, SIG_IGN);
  try {
    s.app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return s.app.exit(e);
  }
  const auto fail = [&](const Error& e) {
    std::cerr << "dispecer-" << s.options.name << ": " << e.message() << "\n";
    return 2;
  };
  namespace fs = std::filesystem;
  std::error_code ignored;
  for (const auto& dir :
       {s.run_dir, s.run_dir + "/ready", s.run_dir + "/bus", s.state_dir, s.state_dir + "/boot",
        s.state_dir + "/journal", s.state_dir + "/durable", s.state_dir + "/accepted"}) {
    fs::create_directories(dir, ignored);
    fs::permissions(dir, fs::perms::owner_all, ignored);
  }
  fs::remove(s.run_dir + "/ready/" + s.options.name, ignored);
  if (auto d = Deployment::load(s.state_dir + "/deploy.toml", s.state_dir + "/secrets"); d) {
    s.deployment = std::move(*d);
  } else {
    return fail(d.error());
  }
  const auto kind = from_name<WorldKind>(s.world_name.substr(0, s.world_name.find('-')));
  if (!kind || *kind == WorldKind::unknown) {
    return fail({"bad_world",
                 "found '" + s.world_name +
                     "', expected street, bench, training or replay, then '-' and a name",
                 "--world"});
  }
  s.world = {*kind, s.world_name};
  auto key = bus::WorldKey::load_or_create(s.run_dir + "/world.key");
  if (!key) return fail(key.error());
  s.key = *key;
  auto durable_key = bus::WorldKey::load_or_create(s.state_dir + "/durable.key");
  if (!durable_key) return fail(durable_key.error());
  s.durable_key = *durable_key;
  s.gate.emplace(*key, s.world.name);
  if (s.options.needs_city) {
    auto city = city::read_city(s.city_dir, s.state_dir + "/accepted");
    if (!city) return fail(city.error());
    s.city = std::move(*city);
  }
  auto boot = next_boot(s.state_dir + "/boot/" + s.options.name);
  if (!boot) return fail(boot.error());
  s.boot = *boot;
  try {
    s.bus = std::make_unique<bus::ZmqBus>(s.io, s.run_dir + "/bus", s.options.name);
    s.query = std::make_unique<bus::Query>(s.io, s.run_dir + "/bus", s.options.name);
  } catch (const std::exception& e) {
    return fail({"bus_bind", e.what(), s.run_dir});
  }
  if (s.options.durable) {
    s.durable = std::make_unique<store::Durable>(
        s.io,
        store::DurableOptions{s.state_dir + "/durable",
                              s.run_dir + "/redis.sock",
                              "dispecer:" + (s.city.name.empty() ? "city" : s.city.name) + ":",
                              s.options.name,
                              {std::string(stream::Leads::row.name)}});
  }
  if (s.options.journals && !s.no_journal) {
    const auto told = deploy("journal.max_mib");
    s.journal_most =
        (told.empty() ? kJournalMiB : static_cast<std::uint64_t>(std::atoll(told.c_str()))) << 20;
    const auto deleted =
        make_journal_room(s.state_dir + "/journal", s.options.name, s.journal_most);
    if (deleted != 0) s.counters["journal.deleted"] = deleted;
    const auto file =
        s.state_dir + "/journal/" + s.options.name + "-" + std::to_string(s.boot) + ".journal";
    auto journal = bus::Journal::open(file, false);
    if (!journal) return fail(journal.error());
    s.journal = std::move(*journal);
    s.write_journal(bus::RecordKind::header,
                    bus::encode(JournalHeader{s.options.name, s.boot, s.world, build_id(),
                                              s.city.hash, s.city_dir}));
  }
  if (!s.options.clock_writer) {
    on<topic::Clock>([this](const bus::Envelope&, const ClockTick& tick) {
      auto& st = *state_;
      if (!st.clock.tick(tick, clock::monotonic())) {
        ++st.counters["clock.ignored"];
        return;
      }
      for (const auto& handler : st.ticks) handler(tick);
    });
  }
  for (const auto& event : s.city.quarantined) alarm(event);
  return std::nullopt;
}

int Shell::run() {
  auto& s = *state_;
  boost::asio::signal_set signals(s.io, SIGINT, SIGTERM);
  signals.async_wait([this](const auto& error, int) {
    if (!error) stop(0);
  });
  every(std::chrono::milliseconds(1000), [this] {
    auto& st = *state_;
    if (st.journal && !st.journal->flush()) ++st.counters["journal.flush_failed"];
    if (st.is_ready)
      std::ofstream(st.run_dir + "/ready/" + st.options.name) << clock::monotonic().us << "\n";
    if (st.journal_sick) degrade("the replay journal cannot be written");
    if (st.journal_full)
      degrade("the replay journal is full and has ended; a restart begins a new one");
    ProcessHealth health;
    health.process = st.options.name;
    health.pid = static_cast<std::uint32_t>(::getpid());
    health.state = !st.is_ready      ? ProcessState::starting
                   : st.note.empty() ? ProcessState::ready
                                     : ProcessState::degraded;
    health.note = st.note;
    health.rss_bytes = resident_bytes();
    for (const auto& [name, value] : counters()) health.counters.push_back({name, value});
    publish<topic::Health>(health, now());
    // Who subscribes late, or was away, learns what is wrong all the same.
    if (++st.health_rounds % kAlarmRepeat == 0) {
      for (const auto& [key, event] : st.alarms) {
        if (event.active) publish<topic::AlarmEvents>(event, event.t);
      }
    }
    st.bus->drain();
  });
  if (s.durable) s.durable->start();
  if (!s.readiness_held) ready();
  s.io.run();
  for (const auto& handler : s.stops) handler();
  if (s.journal) (void)s.journal->flush();
  return s.exit_code;
}

void Shell::stop(int code) {
  state_->exit_code = code;
  state_->io.stop();
}

void Shell::ready() {
  state_->is_ready = true;
  std::ofstream(state_->run_dir + "/ready/" + state_->options.name)
      << clock::monotonic().us << "\n";
}

void Shell::hold_ready() {
  state_->readiness_held = true;
}
void Shell::degrade(const std::string& note) {
  state_->note = note;
}

void Shell::on_tick(std::function<void(const ClockTick&)> handler) {
  state_->ticks.push_back(std::move(handler));
}
void Shell::on_stop(std::function<void()> handler) {
  state_->stops.push_back(std::move(handler));
}

void Shell::every(std::chrono::milliseconds period, std::function<void()> handler) {
  auto timer = std::make_shared<boost::asio::steady_timer>(state_->io);
  state_->timers.push_back(timer);
  auto again = std::make_shared<std::function<void()>>();
  // The timer list keeps the timer; the weak pointer keeps the closure from owning itself.
  *again = [timer, period, handler = std::move(handler), weak = std::weak_ptr(again)] {
    timer->expires_after(period);
    timer->async_wait([handler, self = weak.lock()](const auto& error) {
      if (error || !self) return;
      handler();
      (*self)();
    });
  };
  (*again)();
}

void Shell::subscribe(const bus::Topic& topic, bus::Bus::Handler handler) {
  auto& s = *state_;
  if (topic.writer == "*") {
    for (const auto* process : kProcesses) s.bus->connect_to(process);
  }
  s.bus->subscribe(topic, [this, &topic, handler = std::move(handler)](const bus::Message& m) {
    auto& st = *state_;
    if (m.envelope.world != st.world.name) {
      ++st.counters["bus.other_world." + std::string(topic.name)];
      return;
    }
    if (topic.sealed) {
      if (const auto admitted = st.gate->admit(m); !admitted) {
        ++st.counters["bus." + admitted.error().cause + "." + std::string(topic.name)];
        return;
      }
    }
    st.input_time = now();
    if (topic.number == topic::Clock::row.number) st.input_time = m.envelope.t_measured;
    if (topic.journalled) {
      st.write_journal(bus::RecordKind::input, pack_message(m, st.input_time));
    }
    handler(m);
  });
}

void Shell::publish_bytes(const bus::Topic& topic, const std::string& payload, UtcTime t_measured,
                          Quality quality) {
  auto& s = *state_;
  bus::Message m;
  m.envelope = {s.world.name,   topic.number,  1,
                s.options.name, s.boot,        ++s.sequences[topic.number],
                t_measured,     clock::wall(), quality};
  m.raw_envelope = bus::encode(m.envelope);
  m.payload = payload;
  if (topic.sealed) m.seal = s.key->seal(s.world.name, m.raw_envelope, m.payload);
  s.bus->send(topic, m);
  if (topic.journalled && topic.writer != "*")
    s.write_journal(bus::RecordKind::output, pack_message(m, s.input_time));
  if (s.options.clock_writer && topic.number == topic::Clock::row.number) {
    if (const auto tick = bus::decode<ClockTick>(payload);
        tick && s.clock.tick(*tick, clock::monotonic())) {
      for (const auto& handler : s.ticks) handler(*tick);
    }
  }
}

void Shell::read_durable(const bus::Stream& stream, bool remove,
                         std::function<bool(const std::string&)> handler) {
  ensure(state_->durable != nullptr, "ShellOptions::durable is off");
  state_->durable->read(
      std::string(stream.name), remove,
      [this, &stream, handler = std::move(handler)](const store::DurableRecord& record) {
        auto& st = *state_;
        constexpr std::size_t kSeal = 32;
        const auto& data = record.data;
        if (data.size() < kSeal ||
            !st.durable_key->verify("durable", record.key, data.substr(kSeal),
                                    data.substr(0, kSeal))) {
          count("durable.forged");
          return true;
        }
        // Nothing that expires or counts time can be judged before the first tick.
        if (!st.clock.running()) return false;
        st.input_time = now();
        const auto payload = data.substr(kSeal);
        if (stream.personal) {
          st.write_journal(bus::RecordKind::gap, std::string(stream.name));
        } else {
          st.write_journal(bus::RecordKind::input,
                           bus::encode(JournalMessage{{}, payload, st.input_time, stream.number}));
        }
        return handler(payload);
      });
}

Result<> Shell::write_durable(const bus::Stream& stream, const std::string& key,
                              const std::string& payload) {
  ensure(state_->durable != nullptr, "ShellOptions::durable is off");
  return state_->durable->write(
      std::string(stream.name),
      {key, state_->durable_key->seal("durable", key, payload) + payload});
}

bool Shell::redis_up() const {
  return state_->durable && state_->durable->redis_up();
}
bus::Query& Shell::queries() {
  return *state_->query;
}
boost::asio::io_context& Shell::io() {
  return state_->io;
}
UtcTime Shell::now() const {
  return state_->clock.at(clock::monotonic());
}
UtcTime Shell::input_time() const {
  return state_->input_time;
}
std::uint32_t Shell::epoch() const {
  return state_->clock.last().epoch;
}
double Shell::clock_rate() const {
  return state_->clock.last().rate;
}
MonoTime Shell::mono() const {
  return clock::monotonic();
}
const World& Shell::world() const {
  return state_->world;
}
std::uint32_t Shell::boot() const {
  return state_->boot;
}
const city::City& Shell::city() const {
  return state_->city;
}
const std::string& Shell::run_dir() const {
  return state_->run_dir;
}
const std::string& Shell::state_dir() const {
  return state_->state_dir;
}
std::string Shell::deploy(const std::string& key) const {
  return state_->deployment.value(key);
}
std::string Shell::secret(const std::string& name) const {
  return state_->deployment.secret(name);
}
std::string Shell::resolve(const std::string& address) const {
  return state_->deployment.resolve(address);
}

void Shell::checkpoint(const std::string& bytes) {
  state_->write_journal(bus::RecordKind::checkpoint, bytes);
}

void Shell::count(const std::string& name, std::uint64_t n) {
  state_->counters[name] += n;
}

void Shell::set_counters(const std::string& prefix, const bus::Counters& counters) {
  for (const auto& [name, value] : counters) state_->counters[prefix + name] = value;
}

bus::Counters Shell::counters() const {
  bus::Counters all = state_->counters;
  for (const auto& [name, value] : state_->bus->counters()) all[name] = value;
  if (state_->durable) all.merge(state_->durable->counters());
  return all;
}

void Shell::count_notes(const bus::Topic& topic, const bus::DecodeNotes& notes) {
  if (notes.unknown_fields != 0)
    count("bus.unknown_field." + std::string(topic.name), notes.unknown_fields);
  if (notes.unknown_enums != 0)
    count("bus.unknown_enum." + std::string(topic.name), notes.unknown_enums);
}

void Shell::alarm(const AlarmEvent& event) {
  auto& known = state_->alarms[{event.kind, event.subject}];
  if (known.kind == event.kind && known.active == event.active) return;
  if (known.kind.empty() && !event.active) return;
  known = event;
  publish<topic::AlarmEvents>(event, event.t);
}

}  // namespace dispecer::process
