#include "adapters/http/websocket_client.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/field.hpp>

#include "adapters/http/backoff.h"
#include "adapters/http/websocket_session.h"

namespace dispecer::http {

struct WebSocketClient::Impl : std::enable_shared_from_this<WebSocketClient::Impl> {
  Impl(net::io_context& owner, std::string u, WebSocketClientOptions o, Events e)
      : io(owner),
        url(std::move(u)),
        options(std::move(o)),
        events(std::move(e)),
        resolver(owner),
        deadline(owner),
        retry(owner),
        backoff(options.first_retry, options.max_retry, std::hash<std::string>{}(url)) {}

  void attempt() {
    const auto number = ++attempt_number;
    auto parsed = parse_url(url);
    if (!parsed) return lost(parsed.error());
    origin = *parsed;
    if (origin.secure && !context) {
      auto made = client_context(options.tls);
      if (!made) return lost(made.error());
      context = std::move(*made);
    }
    deadline.expires_after(options.connect_timeout);
    deadline.async_wait([weak = weak_from_this(), number](const ErrorCode& ec) {
      const auto self = weak.lock();
      if (ec || !self || self->attempt_number != number || self->session) return;
      self->lost(Error{"timeout", "no connection in time", self->origin.host_header()});
    });
    resolver.async_resolve(origin.host, origin.port,
                           [self = shared_from_this(), number](
                               const ErrorCode& ec, const Tcp::resolver::results_type& found) {
                             if (!self->current(number)) return;
                             if (ec) return self->fail(ec, "look up");
                             self->open(found, number);
                           });
  }

  void open(const Tcp::resolver::results_type& found, std::uint64_t number) {
    auto stream = origin.secure ? AnyStream(Tcp::socket(io), *context) : AnyStream(Tcp::socket(io));
    if (origin.secure) expect_host(*stream.tls(), origin.host);
    opening = std::make_shared<std::unique_ptr<WebSocketStream>>(
        std::make_unique<WebSocketStream>(std::move(stream)));
    net::async_connect((*opening)->next_layer().socket(), found,
                       [self = shared_from_this(), held = opening, number](const ErrorCode& ec,
                                                                           const Tcp::endpoint&) {
                         if (!self->current(number)) return;
                         if (ec) return self->fail(ec, "connect");
                         ErrorCode ignored;
                         (*held)->next_layer().socket().set_option(Tcp::no_delay(true), ignored);
                         self->secure(number);
                       });
  }

  void secure(std::uint64_t number) {
    auto* tls_stream = (*opening)->next_layer().tls();
    if (tls_stream == nullptr) return upgrade(number);
    tls_stream->async_handshake(
        net::ssl::stream_base::client,
        [self = shared_from_this(), held = opening, number](const ErrorCode& ec) {
          if (!self->current(number)) return;
          if (ec) {
            auto error = name_error(ec, "tls handshake", self->origin.host_header());
            if (error.cause == "unreachable") error.cause = "tls";
            return self->lost(error);
          }
          self->upgrade(number);
        });
  }

  void upgrade(std::uint64_t number) {
    auto& ws = **opening;
    prepare(ws, options.limits);
    ws.set_option(beast::websocket::stream_base::decorator(
        [headers = options.headers](beast::websocket::request_type& request) {
          request.set(beast::http::field::user_agent, "dispecer");
          for (const auto& h : headers) request.set(h.name, h.value);
        }));
    ws.async_handshake(origin.host_header(), origin.target,
                       [self = shared_from_this(), held = opening, number](const ErrorCode& ec) {
                         if (!self->current(number)) return;
                         if (ec) return self->fail(ec, "upgrade");
                         self->opened(std::move(*held));
                       });
  }

  void opened(std::unique_ptr<WebSocketStream> stream) {
    deadline.cancel();
    opening.reset();
    backoff.reset();
    session =
        std::make_shared<WebSocketSession>(std::move(stream), options.limits, origin.host_header());
    session->on_message([weak = weak_from_this()](std::string text) {
      const auto self = weak.lock();
      if (self && self->running && self->events.message) self->events.message(std::move(text));
    });
    session->on_close([weak = weak_from_this()](const Error& why) {
      const auto self = weak.lock();
      if (self && self->running) self->lost(why);
    });
    const auto held = session;
    if (events.up) events.up();
    if (running) held->start();
  }

  void fail(const ErrorCode& ec, const char* doing) {
    lost(name_error(ec, doing, origin.host_header()));
  }

  void lost(const Error& why) {
    ++attempt_number;  // whatever was under way is nobody's any more
    clean();
    if (!running) return;
    retry.expires_after(backoff.next());
    retry.async_wait([weak = weak_from_this()](const ErrorCode& ec) {
      const auto self = weak.lock();
      if (!ec && self && self->running) self->attempt();
    });
    if (events.down) events.down(why);
  }

  void clean() {
    deadline.cancel();
    resolver.cancel();
    if (opening && *opening) (*opening)->next_layer().hang_up();
    opening.reset();
    if (session) session->hang_up();
    session.reset();
  }

  [[nodiscard]] bool current(std::uint64_t number) const {
    return running && attempt_number == number;
  }

  net::io_context& io;
  std::string url;
  WebSocketClientOptions options;
  Events events;
  Tcp::resolver resolver;
  net::steady_timer deadline;
  net::steady_timer retry;
  Backoff backoff;
  Origin origin;
  std::unique_ptr<net::ssl::context> context;
  std::shared_ptr<std::unique_ptr<WebSocketStream>> opening;
  std::shared_ptr<WebSocketSession> session;
  std::uint64_t attempt_number = 0;
  bool running = false;
};

WebSocketClient::WebSocketClient(net::io_context& io, std::string url,
                                 WebSocketClientOptions options, Events events)
    : impl_(std::make_shared<Impl>(io, std::move(url), std::move(options), std::move(events))) {}

WebSocketClient::~WebSocketClient() {
  stop();
}

void WebSocketClient::start() {
  if (impl_->running) return;
  impl_->running = true;
  // Events never come from within the call.
  net::post(impl_->io, [weak = std::weak_ptr(impl_)] {
    const auto self = weak.lock();
    if (self && self->running && !self->session && !self->opening) self->attempt();
  });
}

void WebSocketClient::stop() {
  if (!impl_->running) return;
  impl_->running = false;
  ++impl_->attempt_number;
  impl_->retry.cancel();
  impl_->clean();
}

bool WebSocketClient::send(std::string text) {
  return impl_->session && impl_->session->send(std::move(text));
}

bool WebSocketClient::open() const {
  return impl_->session && impl_->session->open();
}

}  // namespace dispecer::http
