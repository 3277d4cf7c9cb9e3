// Receivers connect to us: WebSocket at `path` for leads and receipts, POST to `path` for receipts
// alone. Each shows the token as bearer. TLS, or loopback only.
#pragma once

#include <memory>
#include <vector>

#include "adapters/http/server.h"
#include "adapters/police/delivery.h"

namespace dispecer::police {

struct SubscriptionOptions {
  http::ServerOptions server;
  std::string path = "/leads";
  std::string token;  // never empty
};

class Subscription : public Channel {
 public:
  struct Events {
    std::function<void(const std::string& text)> message;
    std::function<void()> up;  // a receiver came
  };
  // Causes as http::Server::listen, and no_token.
  static Result<std::unique_ptr<Subscription>> listen(boost::asio::io_context& io,
                                                      SubscriptionOptions options, Events events);
  [[nodiscard]] bool ready() const override;
  void send(const std::string& message) override;
  [[nodiscard]] std::uint16_t port() const;
  // police.wire.connected, .closed, .unauthorised, .not_taken (a receiver too slow to take a lead).
  [[nodiscard]] const std::map<std::string, std::uint64_t>& counters() const;

 private:
  struct State;
  Subscription() = default;
  std::shared_ptr<State> state_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace dispecer::police
