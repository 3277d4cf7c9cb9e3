// One device by which vehicles announce themselves, by the protocol of its row: "r09" (telegrams of
// a radio receiver, by UDP; telegrams.h has its settings, and "sender" is the receiver's address)
// or "http_json" (another supervisor; supervisor.h).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "adapters/http/server.h"
#include "adapters/priority_points/radio.h"
#include "adapters/priority_points/supervisor.h"
#include "adapters/priority_points/telegrams.h"

namespace dispecer::priority_points {

// Where the row's device is listened to.
struct Listen {
  std::string host;
  std::uint16_t port = 0;
  std::optional<http::TlsIdentity> tls;
  bool loopback = false;
};

// What a source needs of its process.
struct Surroundings {
  std::function<UtcTime()> now;  // domain time
  std::function<void(const PriorityPoint&)> publish;
};

class Source {
 public:
  // Begins to listen. Error causes: unknown_protocol, secret_required (another supervisor that is
  // real or not on this machine, without one), and those of Telegrams, Radio and http::Server.
  static Result<std::unique_ptr<Source>> make(boost::asio::io_context& io,
                                              const city::DeviceRow& row, const std::string& secret,
                                              const city::City& city, const Listen& at,
                                              Surroundings around);
  [[nodiscard]] std::uint16_t port() const;
  // "points.strangers" (datagrams of others than the sender), and those of Telegrams or Supervisor.
  [[nodiscard]] std::map<std::string, std::uint64_t> counters() const;

 private:
  Source() = default;
  Surroundings around_;
  std::unique_ptr<Telegrams> telegrams_;
  std::unique_ptr<Radio> radio_;
  std::unique_ptr<Supervisor> supervisor_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace dispecer::priority_points
