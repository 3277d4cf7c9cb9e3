// HTTP and WebSocket server on an io_context. Without TLS it listens on loopback only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "adapters/http/message.h"
#include "adapters/http/tls.h"
#include "adapters/http/websocket.h"
#include "fusion/model/result.h"

namespace boost::asio {
class io_context;
}

namespace dispecer::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;          // 0 = any free one, see Server::port()
  std::optional<TlsIdentity> tls;  // needed for any address that is not loopback
  std::uint64_t max_body_bytes = 4 << 20;
  std::uint32_t max_header_bytes = 16 << 10;
  std::uint32_t max_connections = 64;                     // further callers are hung up on
  Duration request_timeout{std::chrono::seconds{10}};     // to receive one whole request
  Duration keep_alive_timeout{std::chrono::seconds{30}};  // between two requests
  WebSocketLimits websocket;
};

class Server {
 public:
  using Handler = std::function<Response(const Request&)>;
  // For answers that come later. Call `answer` once, from the io_context's thread.
  using Answer = std::function<void(Response)>;
  using LaterHandler = std::function<void(const Request&, Answer answer)>;
  // Decides on an upgrade: an answer refuses it, nothing lets it through.
  using Admit = std::function<std::optional<Response>(const Request&)>;
  using Opened = std::function<void(std::shared_ptr<WebSocket>, const Request&)>;

  // Causes of errors: tls_required (not loopback), tls (bad certificate files), bad_address,
  // address_in_use.
  static Result<std::unique_ptr<Server>> listen(boost::asio::io_context& io, ServerOptions options,
                                                Handler handler);
  static Result<std::unique_ptr<Server>> listen_later(boost::asio::io_context& io,
                                                      ServerOptions options, LaterHandler handler);
  ~Server();  // closes every connection
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Without this, upgrades are answered 404.
  void on_websocket(Admit admit, Opened opened);

  [[nodiscard]] std::uint16_t port() const;
  void close();

  // requests, bad_http, too_large, timeout, tls, too_many, websockets
  [[nodiscard]] const std::map<std::string, std::uint64_t>& counters() const;

 private:
  struct Impl;
  explicit Server(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace dispecer::http
