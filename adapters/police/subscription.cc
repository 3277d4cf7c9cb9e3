#include "adapters/police/subscription.h"

#include <sodium.h>

#include <algorithm>

namespace dispecer::police {
namespace {

bool authorised(const http::Request& request, const std::string& token) {
  constexpr std::string_view kScheme = "Bearer ";
  const auto header = http::find_header(request.headers, "Authorization");
  if (!header.starts_with(kScheme) || header.size() != kScheme.size() + token.size()) return false;
  return sodium_memcmp(header.data() + kScheme.size(), token.data(), token.size()) == 0;
}

}  // namespace

struct Subscription::State {
  SubscriptionOptions options;
  Events events;
  std::vector<std::shared_ptr<http::WebSocket>> receivers;
  std::map<std::string, std::uint64_t> counters;

  std::optional<http::Response> refuse(const http::Request& request) {
    if (http::path_of(request.target) != options.path) return http::refuse(404, "no such path");
    if (authorised(request, options.token)) return std::nullopt;
    ++counters["police.wire.unauthorised"];
    return http::refuse(401, "unauthorised");
  }
  void forget_closed() {
    const auto gone = std::erase_if(receivers, [](const auto& r) { return !r->open(); });
    if (gone > 0) counters["police.wire.closed"] += gone;
  }
};

Result<std::unique_ptr<Subscription>> Subscription::listen(boost::asio::io_context& io,
                                                           SubscriptionOptions options,
                                                           Events events) {
  if (options.token.empty())
    return Error{"no_token", "a receiver of leads must show a token", options.path};
  std::unique_ptr<Subscription> s(new Subscription);
  const auto server_options = options.server;
  s->state_ = std::make_shared<State>(State{std::move(options), std::move(events), {}, {}});
  auto server = http::Server::listen(
      io, server_options, [state = s->state_](const http::Request& request) -> http::Response {
        if (auto refusal = state->refuse(request)) return *refusal;
        if (request.method != "POST") return http::refuse(405, "POST a receipt");
        state->events.message(request.body);
        return http::reply("{}");
      });
  if (!server) return server.error();
  s->server_ = std::move(*server);
  s->server_->on_websocket(
      [state = s->state_](const http::Request& request) { return state->refuse(request); },
      [state = s->state_](const std::shared_ptr<http::WebSocket>& socket, const http::Request&) {
        ++state->counters["police.wire.connected"];
        // The callbacks hold the state weakly: the state holds the socket.
        const std::weak_ptr<State> weak = state;
        socket->on_message([weak](const std::string& text) {
          if (const auto self = weak.lock()) self->events.message(text);
        });
        socket->on_close([weak](const Error&) {
          if (const auto self = weak.lock()) self->forget_closed();
        });
        state->receivers.push_back(socket);
        state->events.up();
      });
  return s;
}

bool Subscription::ready() const {
  return std::any_of(state_->receivers.begin(), state_->receivers.end(),
                     [](const auto& r) { return r->open(); });
}

void Subscription::send(const std::string& message) {
  for (const auto& receiver : state_->receivers) {
    if (receiver->open() && !receiver->send(message)) ++state_->counters["police.wire.not_taken"];
  }
}

std::uint16_t Subscription::port() const {
  return server_->port();
}

const std::map<std::string, std::uint64_t>& Subscription::counters() const {
  return state_->counters;
}

}  // namespace dispecer::police
