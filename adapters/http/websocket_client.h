// A WebSocket that is kept open: connects, and connects again with bounded back-off until stopped.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "adapters/http/client.h"
#include "adapters/http/websocket.h"

namespace dispecer::http {

struct WebSocketClientOptions {
  Headers headers;  // of the upgrade request (authorisation)
  TlsTrust tls;
  WebSocketLimits limits;
  Duration connect_timeout{std::chrono::seconds{5}};
  Duration first_retry{std::chrono::milliseconds{250}};
  Duration max_retry{std::chrono::seconds{15}};
};

class WebSocketClient {
 public:
  struct Events {
    std::function<void()> up;
    std::function<void(std::string text)> message;
    // Each failed attempt and each loss. Causes as in Client, and "refused_upgrade".
    std::function<void(const Error& why)> down;
  };

  // `url` is ws(s)://host[:port]/path.
  WebSocketClient(boost::asio::io_context& io, std::string url, WebSocketClientOptions options,
                  Events events);
  ~WebSocketClient();  // no event comes after this
  WebSocketClient(const WebSocketClient&) = delete;
  WebSocketClient& operator=(const WebSocketClient&) = delete;

  void start();
  void stop();
  bool send(std::string text);  // false when not open or the queue is full
  [[nodiscard]] bool open() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace dispecer::http
