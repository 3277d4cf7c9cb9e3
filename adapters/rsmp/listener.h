// The supervisor's socket: sites connect here. Plain TCP on the loopback address unless told
// otherwise. Runs on the given io_context and on nothing else.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "adapters/rsmp/supervisor.h"

namespace boost::asio {
class io_context;
}

namespace dispecer::rsmp {

struct ListenerConfig {
  std::string address = "127.0.0.1";
  std::uint16_t port = 12111;  // 0 = any free one
  std::size_t max_connections = 1000;
  std::size_t max_unsent = 16u << 20;  // bytes that a slow peer may make us keep
};

class Listener {
 public:
  // `now` tells both times; `news` gets what came up, after its bytes were handed to the sockets.
  Listener(boost::asio::io_context& io, Supervisor& supervisor, ListenerConfig config,
           std::function<Now()> now, std::function<void(News&)> news);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Takes the port; sites wait at the door until accept(). Causes: bad_address, cannot_listen.
  Result<> start();
  // From here on stamps are written, so domain time must be known.
  void accept();
  [[nodiscard]] std::uint16_t port() const;
  // Approved command to the supervisor, bytes to the socket at once.
  Result<> submit(const ApprovedCommand& command);
  // Counters of the sockets: rsmp.socket.*.
  [[nodiscard]] const Counters& counters() const;
  void stop();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace dispecer::rsmp
