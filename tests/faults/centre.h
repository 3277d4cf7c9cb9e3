// The whole centre as a user starts it, watched from outside: its own folders, its own processes,
// and a seat on the bus as the console has one.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/bus/seal.h"
#include "adapters/bus/zmq_bus.h"
#include "adapters/city/city.h"
#include "adapters/store/durable.h"

namespace dispecer::faults {

struct CentreOptions {
  std::string city;                // folder
  std::string state;               // folder, kept between starts
  std::vector<std::string> words;  // further options of dispecer-launch
};

class Centre {
 public:
  explicit Centre(CentreOptions options);
  ~Centre();

  // Runs the test's event loop until `done` or `limit` of wall time has passed; false = time ran
  // out or the launcher ended.
  bool run_until(std::chrono::seconds limit, const std::function<bool()>& done);
  void run_for(std::chrono::milliseconds time);
  // Ends the launcher as Ctrl-C does; its exit code, or -1 where it did not end within 30 s.
  int stop();
  [[nodiscard]] bool launcher_alive();

  [[nodiscard]] std::optional<pid_t> pid(const std::string& process) const;
  // SIGKILL, then waits until the launcher has started it anew and it is ready. The seconds that
  // took, absent = never.
  std::optional<double> kill_and_wait(const std::string& process, std::chrono::seconds limit);

  template <class T>
  void on(std::function<void(const bus::Envelope&, const typename T::Payload&)> handler) {
    bus_->subscribe(T::row, [this, handler = std::move(handler)](const bus::Message& m) {
      auto payload = bus::decode<typename T::Payload>(m.payload);
      if (payload) {
        handler(m.envelope, *payload);
      } else {
        ++undecodable_;
      }
    });
  }
  void listen_to_all();  // health and alarm events of every process
  // Writes an intent durably, as the console does.
  Result<> intend(const Intent& intent);
  void on_result(std::function<void(const IntentResult&)> handler);
  Result<std::string> ask(const std::string& process, const std::string& name,
                          const std::string& question);

  [[nodiscard]] const std::string& run_dir() const { return run_dir_; }
  [[nodiscard]] const std::string& world() const { return world_; }
  [[nodiscard]] bus::ZmqBus& bus() { return *bus_; }
  [[nodiscard]] std::uint64_t undecodable() const { return undecodable_; }
  void start_streams();

 private:
  struct Loop;
  CentreOptions options_;
  std::string run_dir_;
  std::string world_;
  pid_t launcher_ = 0;
  std::unique_ptr<Loop> loop_;
  std::unique_ptr<bus::ZmqBus> bus_;
  std::unique_ptr<store::Durable> durable_;
  std::optional<bus::WorldKey> durable_key_;
  std::uint64_t undecodable_ = 0;
};

// Folder of the built programs and of the built demonstration city, from the environment of the
// test.
std::string bin_dir();
std::string demo_city();

}  // namespace dispecer::faults
