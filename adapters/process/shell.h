// The imperative shell that every process of the centre is built on: options, domain clock, bus,
// queries, durable streams, replay journal, health and alarms, all on one io_context and one
// thread.
//
//   process::Shell shell({.name = "fusion", .about = "..."});
//   shell.app().add_option(...);                       // own options, CLI11
//   if (auto code = shell.start(argc, argv)) return *code;
//   shell.on<topic::Avl>([&](const bus::Envelope&, const VehiclePosition&) { ... });
//   shell.on_tick([&](const ClockTick&) { ... });
//   return shell.run();
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "adapters/bus/bus.h"
#include "adapters/bus/journal.h"
#include "adapters/bus/query.h"
#include "adapters/city/city.h"
#include "adapters/clock/domain_clock.h"

namespace CLI {
class App;
}
namespace boost::asio {
class io_context;
}

namespace dispecer::process {

// Every process that publishes health and alarm events. A topic whose writer is "*" is read from
// all of them.
inline constexpr std::array kProcesses{"street", "clock",      "rsmp",    "feeds",
                                       "plates", "signs",      "police",  "keeper",
                                       "fusion", "controller", "console", "launch"};

struct ShellOptions {
  std::string name;
  std::string about;
  bool needs_city = true;
  bool journals = false;  // keeps a replay journal of its inputs and outputs (deciding processes)
  bool durable = false;   // uses durable streams
  bool clock_writer = false;
};

class Shell {
 public:
  explicit Shell(ShellOptions options);
  ~Shell();
  Shell(const Shell&) = delete;
  Shell& operator=(const Shell&) = delete;

  CLI::App& app();
  // Parses the command line, opens everything. A value = exit at once with that code (help asked
  // for, or an error that was printed to stderr with file, key, found and expected).
  std::optional<int> start(int argc, char** argv);
  // Runs until SIGTERM or SIGINT (then on_stop handlers run) or stop(). Returns the exit code.
  int run();
  void stop(int code = 0);

  template <class T>
  void on(std::function<void(const bus::Envelope&, const typename T::Payload&)> handler) {
    subscribe(T::row, [this, handler = std::move(handler)](const bus::Message& m) {
      bus::DecodeNotes notes;
      auto payload = bus::decode<typename T::Payload>(m.payload, &notes);
      count_notes(T::row, notes);
      if (!payload) {
        count("bus." + payload.error().cause + "." + std::string(T::row.name));
        return;
      }
      handler(m.envelope, *payload);
    });
  }
  template <class T>
  void publish(const typename T::Payload& payload, UtcTime t_measured,
               Quality quality = Quality::live) {
    publish_bytes(T::row, bus::encode(payload), t_measured, quality);
  }
  // Domain ticks, in order; also for the process that writes the clock.
  void on_tick(std::function<void(const ClockTick&)> handler);
  // Wall-clock timer: runs every `period` on the same thread.
  void every(std::chrono::milliseconds period, std::function<void()> handler);
  void on_stop(std::function<void()> handler);

  // Durable streams (needs ShellOptions::durable). The handler returns true when its effect is
  // kept.
  template <class S>
  void on_durable(std::function<bool(const typename S::Payload&)> handler,
                  bool remove_when_read = S::row.personal) {
    read_durable(S::row, remove_when_read,
                 [this, handler = std::move(handler)](const std::string& bytes) {
                   auto payload = bus::decode<typename S::Payload>(bytes);
                   if (!payload) {
                     count("durable." + payload.error().cause + "." + std::string(S::row.name));
                     return true;
                   }
                   return handler(*payload);
                 });
  }
  // Ok = kept on this machine's disk, whatever happens next. `key` is the idempotency key.
  template <class S>
  Result<> durable_publish(const std::string& key, const typename S::Payload& payload) {
    return write_durable(S::row, key, bus::encode(payload));
  }
  [[nodiscard]] bool redis_up() const;

  // Queries to other processes; answers come on this thread. Not stored, so personal data may
  // travel here.
  bus::Query& queries();

  boost::asio::io_context& io();
  [[nodiscard]] UtcTime now() const;  // domain time
  // Domain time given to the message, tick or durable record that is being handled. Deciding
  // processes use this and never now(): it stands in the journal, so that a replay sees the same
  // times.
  [[nodiscard]] UtcTime input_time() const;
  [[nodiscard]] std::uint32_t epoch() const;
  [[nodiscard]] double clock_rate() const;  // domain seconds per wall second
  [[nodiscard]] MonoTime mono() const;
  [[nodiscard]] const World& world() const;
  [[nodiscard]] std::uint32_t boot() const;
  [[nodiscard]] const city::City& city() const;
  [[nodiscard]] const std::string& run_dir() const;    // sockets, readiness; gone with the world
  [[nodiscard]] const std::string& state_dir() const;  // what is kept
  // Value of `key` in the deployment file, e.g. deploy("port.rsmp"); empty where absent.
  [[nodiscard]] std::string deploy(const std::string& key) const;
  // A secret by its name (file of the secrets folder); empty where absent. Never log it.
  [[nodiscard]] std::string secret(const std::string& name) const;
  // Replaces "@name" of a device's address by the deployment's "address.name".
  [[nodiscard]] std::string resolve(const std::string& address) const;

  // State that a core begins with and that its journalled inputs do not tell (what was kept from an
  // earlier start).
  void checkpoint(const std::string& bytes);

  void count(const std::string& name, std::uint64_t n = 1);
  void set_counters(const std::string& prefix, const bus::Counters& counters);
  [[nodiscard]] bus::Counters counters() const;
  void alarm(const AlarmEvent& event);  // published; a repeat of the same state is not sent again
  void ready();                         // run() calls it once, unless hold_ready was called before
  void hold_ready();
  void degrade(const std::string& note);  // "" = no longer

 private:
  struct State;
  void subscribe(const bus::Topic& topic, bus::Bus::Handler handler);
  void publish_bytes(const bus::Topic& topic, const std::string& payload, UtcTime t_measured,
                     Quality quality);
  void read_durable(const bus::Stream& stream, bool remove,
                    std::function<bool(const std::string&)> handler);
  Result<> write_durable(const bus::Stream& stream, const std::string& key,
                         const std::string& payload);
  void count_notes(const bus::Topic& topic, const bus::DecodeNotes& notes);
  std::unique_ptr<State> state_;
};

}  // namespace dispecer::process
