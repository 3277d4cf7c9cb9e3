// The supervisor's socket: sites connect here. Plain TCP on the loopback address unless told
// otherwise. Runs on the given io_context and on nothing else.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "adapters/rsmp/supervisor.h"

namespace boost::asio {
class io_context;
}

namespace dispecer::rsmp {

// PEM files. A listener that has them speaks TLS 1.3 only and lets in nobody without a certificate
// that `ca` signed; the peer is the site that its certificate's common name says.
struct TlsFiles {
  std::string certificate;  // chain, leaf first
  std::string key;
  std::string ca;
};

struct ListenerConfig {
  std::string address = "127.0.0.1";
  std::uint16_t port = 12111;  // 0 = any free one
  std::size_t max_connections = 1000;
  std::size_t max_unsent = 16u << 20;  // bytes that a slow peer may make us keep
  std::optional<TlsFiles> tls = {};    // absent = plain TCP
};

class Listener {
 public:
  // `now` tells both times; `news` gets what came up, after its bytes were handed to the sockets.
  Listener(boost::asio::io_context& io, Supervisor& supervisor, ListenerConfig config,
           std::function<Now()> now, std::function<void(News&)> news);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Takes the port; sites wait at the door until accept(). Causes: bad_address, cannot_listen,
  // bad_tls.
  Result<> start();
  // From here on stamps are written, so domain time must be known.
  void accept();
  [[nodiscard]] std::uint16_t port() const;
  // Approved command to the supervisor, bytes to the socket at once.
  Result<> submit(const ApprovedCommand& command);
  // Sends what the supervisor was made to say outside of the listener's own calls.
  void flush();
  // Counters of the sockets: rsmp.socket.*.
  [[nodiscard]] const Counters& counters() const;
  void stop();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace dispecer::rsmp
