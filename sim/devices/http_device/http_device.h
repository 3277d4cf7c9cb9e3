// The socket side of every virtual device that is asked by HTTP: one server per address, with the
// faults that any such device can have.
//
//   dead       the port is closed
//   lost_link  connections are taken, requests are never answered (a link that went without a FIN)
//   garbage    answers are random bytes
//   hang_up    the connection is closed in place of an answer
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "adapters/http/server.h"
#include "sim/devices/device.h"

namespace dispecer::sim {

// Host and port of "host:port", "host:port/path" or "http://host:port/path". Error bad_address.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;
  auto operator<=>(const Endpoint&) const = default;
};
Result<Endpoint> endpoint_of(const std::string& address);

class HttpDevice {
 public:
  using Handler = std::function<http::Response(const http::Request&, const Endpoint&)>;

  // One server per distinct host and port of the rows. Errors: bad_address, and those of
  // http::Server::listen.
  static Result<std::unique_ptr<HttpDevice>> open(const DeviceContext& context, Handler handler);

  // False where the row or the fault is not known. Faults hold for the whole address of the row.
  bool set_fault(std::string_view row, std::string_view name, bool on);
  static bool knows(std::string_view fault);
  // Rows that are asked at this address, as the device got them.
  [[nodiscard]] std::vector<city::DeviceRow> rows_at(const Endpoint& endpoint) const;
  [[nodiscard]] std::uint16_t port_of(std::string_view row) const;  // 0 = no such row, or closed
  [[nodiscard]] const std::vector<city::DeviceRow>& rows() const { return rows_; }
  [[nodiscard]] std::map<std::string, std::uint64_t> counters() const;

 private:
  struct Site {
    Endpoint wanted;  // port 0 = any
    std::uint16_t port = 0;
    std::unique_ptr<http::Server> server;
    std::set<std::string, std::less<>> faults;
    std::map<std::string, std::uint64_t> past;  // counters of servers that were closed
  };
  HttpDevice(const DeviceContext& context, Handler handler);
  Result<> listen(Site& site);
  void answer(Site& site, const http::Request& request, const http::Server::Answer& reply);

  boost::asio::io_context& io_;
  Handler handler_;
  std::uint64_t seed_;
  std::uint64_t answers_ = 0;
  std::vector<city::DeviceRow> rows_;
  std::map<Endpoint, Site> sites_;
};

// The document, tagged by its content; 304 where the caller has it already.
http::Response versioned(const http::Request& request, std::string body, std::string content_type);

// A normally distributed number (mean 0, sd 1), always the same for the same text and seed.
double gauss(const std::string& text, std::uint64_t seed);

}  // namespace dispecer::sim
