// The desks that may ask for emergency corridors over HTTP (adapters/dispatch): rows of kind
// "dispatch" and "station_button" in devices.toml, each with a secret; their rights stand under the
// same id in emergency.toml. What they ask for is durable like every intent.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "adapters/app/listen.h"
#include "adapters/dispatch/receiver.h"

namespace dispecer {

class Desks {
 public:
  explicit Desks(process::Shell& shell);
  // Nothing where the city has no such row. Causes: those of http::Server::listen.
  Result<> listen();
  // What was wrong with rows, once: to be raised with the first tick.
  std::vector<AlarmEvent> take_alarms() { return std::exchange(alarms_, {}); }
  [[nodiscard]] std::map<std::string, std::uint64_t> counters() const;

 private:
  void add(const city::DeviceRow& row);
  void bad_row(const city::DeviceRow& row, const std::string& text);

  process::Shell& shell_;
  std::map<Endpoint, std::vector<dispatch::Desk>> sites_;
  std::vector<std::unique_ptr<dispatch::Receiver>> receivers_;
  std::vector<std::unique_ptr<http::Server>> servers_;
  std::vector<AlarmEvent> alarms_;
};

}  // namespace dispecer
