#include "adapters/http/server.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <set>

#include "adapters/http/stream.h"
#include "adapters/http/websocket_session.h"

namespace dispecer::http {
namespace {

namespace bh = beast::http;
using Message = bh::request<bh::string_body>;

Request to_request(Message&& message, const std::string& peer) {
  Request request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  for (const auto& f : message)
    request.headers.push_back({std::string(f.name_string()), std::string(f.value())});
  request.body = std::move(message.body());
  request.peer = peer;
  return request;
}

bh::response<bh::string_body> to_message(Response&& response, bool keep_alive, unsigned version) {
  bh::response<bh::string_body> message;
  message.version(version);
  message.result(response.status);
  for (const auto& h : response.headers) {
    if ((h.name + h.value).find_first_of("\r\n") == std::string::npos) message.set(h.name, h.value);
  }
  message.keep_alive(keep_alive);
  message.body() = std::move(response.body);
  message.prepare_payload();
  return message;
}

}  // namespace

struct Server::Impl : std::enable_shared_from_this<Server::Impl> {
  struct Session;

  Impl(net::io_context& context, ServerOptions o, LaterHandler h)
      : io(context), options(std::move(o)), handler(std::move(h)), acceptor(context) {}

  Result<> open() {
    ErrorCode ec;
    const auto address = net::ip::make_address(options.address, ec);
    if (ec) return Error{"bad_address", "not an IP address", options.address};
    if (!address.is_loopback() && !options.tls)
      return Error{"tls_required", "an address that is not loopback needs TLS", options.address};
    if (options.tls) {
      auto made = server_context(*options.tls);
      if (!made) return made.error();
      tls = std::move(*made);
    }
    const Tcp::endpoint endpoint{address, options.port};
    const auto where = options.address + ":" + std::to_string(options.port);
    acceptor.open(endpoint.protocol(), ec);
    if (!ec) acceptor.set_option(net::socket_base::reuse_address(true), ec);
    if (!ec) acceptor.bind(endpoint, ec);
    if (ec == net::error::address_in_use) return Error{"address_in_use", ec.message(), where};
    if (!ec) acceptor.listen(net::socket_base::max_listen_connections, ec);
    if (ec == net::error::address_in_use) return Error{"address_in_use", ec.message(), where};
    if (ec) return Error{"bad_address", ec.message(), where};
    port = acceptor.local_endpoint().port();
    accept();
    return Ok{};
  }

  void accept();
  void close();
  void forget_closed_websockets() {
    std::erase_if(websockets, [](const auto& w) {
      const auto held = w.lock();
      return !held || !held->open();
    });
  }

  net::io_context& io;
  ServerOptions options;
  LaterHandler handler;
  Admit admit;
  Opened opened;
  Tcp::acceptor acceptor;
  std::unique_ptr<net::ssl::context> tls;
  std::set<std::shared_ptr<Session>> sessions;
  std::vector<std::weak_ptr<WebSocketSession>> websockets;
  std::map<std::string, std::uint64_t> counters;
  std::uint16_t port = 0;
  bool closed = false;
};

// One connection, request after request, until it ends or becomes a WebSocket.
struct Server::Impl::Session : std::enable_shared_from_this<Session> {
  Session(std::shared_ptr<Impl> s, AnyStream st, std::string p)
      : server(std::move(s)), stream(std::move(st)), timer(server->io), peer(std::move(p)) {}

  void start() {
    watch(server->options.request_timeout, true);
    auto* secure = stream.tls();
    if (secure == nullptr) return wait();
    secure->async_handshake(net::ssl::stream_base::server,
                            [self = shared_from_this()](const ErrorCode& ec) {
                              if (self->done) return;
                              if (!ec) return self->wait();
                              ++self->server->counters["tls"];
                              self->end();
                            });
  }

  // For the first byte of the next request.
  void wait() {
    parser.emplace();
    parser->body_limit(server->options.max_body_bytes);
    parser->header_limit(server->options.max_header_bytes);
    if (buffer.size() > 0) return read();
    watch(server->options.keep_alive_timeout, false);
    stream.async_read_some(buffer.prepare(4096),
                           [self = shared_from_this()](const ErrorCode& ec, std::size_t n) {
                             if (self->done) return;
                             if (ec) return self->end();
                             self->buffer.commit(n);
                             self->read();
                           });
  }

  void read() {
    watch(server->options.request_timeout, true);
    bh::async_read(stream, buffer, *parser,
                   [self = shared_from_this()](const ErrorCode& ec, std::size_t) {
                     if (self->done) return;
                     self->timer.cancel();
                     if (ec) return self->bad(ec);
                     self->serve();
                   });
  }

  void bad(const ErrorCode& ec) {
    const auto cause = name_error(ec, "request", peer).cause;
    if (cause != "bad_http" && cause != "too_large") return end();
    ++server->counters[cause];
    keep_alive = false;
    answer(cause == "too_large" ? refuse(413, "request too large") : refuse(400, "bad request"));
  }

  void serve() {
    ++server->counters["requests"];
    auto message = parser->release();
    keep_alive = message.keep_alive();
    version = message.version();
    head = message.method() == bh::verb::head;
    if (beast::websocket::is_upgrade(message)) return upgrade(std::move(message));
    const auto request = to_request(std::move(message), peer);
    // The answer may come from within the call or later, but only once.
    auto once = std::make_shared<bool>(false);
    server->handler(request, [weak = weak_from_this(), once](Response response) {
      const auto self = weak.lock();
      if (!self || self->done || *once) return;
      *once = true;
      self->answer(std::move(response));
    });
  }

  void upgrade(Message message) {
    auto shown = Message(message);
    const auto request = to_request(std::move(shown), peer);
    if (!server->admit) return answer(refuse(404, "no WebSocket here"));
    if (auto refusal = server->admit(request)) return answer(std::move(*refusal));
    auto socket = std::make_shared<std::unique_ptr<WebSocketStream>>(
        std::make_unique<WebSocketStream>(std::move(stream)));
    auto held = std::make_shared<Message>(std::move(message));
    prepare(**socket, server->options.websocket);
    const auto self = shared_from_this();
    upgrading = socket->get();
    auto& ws = **socket;
    ws.async_accept(*held, [self, socket, held, request](const ErrorCode& ec) {
      self->upgrading = nullptr;
      if (self->done) return;
      const auto owner = self->server;
      self->done = true;
      self->timer.cancel();
      owner->sessions.erase(self);
      if (ec) return;
      ++owner->counters["websockets"];
      auto session = std::make_shared<WebSocketSession>(std::move(*socket),
                                                        owner->options.websocket, self->peer);
      owner->forget_closed_websockets();
      owner->websockets.push_back(session);
      if (owner->opened) owner->opened(session, request);
      session->start();
    });
  }

  void answer(Response response) {
    if (response.status == 0) return end();
    watch(server->options.request_timeout, true);
    reply = to_message(std::move(response), keep_alive, version);
    if (head) reply.body().clear();  // Content-Length stays what it would have been
    bh::async_write(stream, reply, [self = shared_from_this()](const ErrorCode& ec, std::size_t) {
      if (self->done) return;
      self->timer.cancel();
      if (ec || !self->keep_alive) return self->end();
      self->wait();
    });
  }

  void watch(Duration limit, bool counted) {
    timer.expires_after(limit);
    timer.async_wait([weak = weak_from_this(), counted](const ErrorCode& ec) {
      const auto self = weak.lock();
      if (ec || !self || self->done) return;
      if (counted) ++self->server->counters["timeout"];
      self->end();
    });
  }

  void end() {
    if (done) return;
    done = true;
    timer.cancel();
    if (upgrading != nullptr) {
      upgrading->next_layer().hang_up();
    } else {
      stream.hang_up();
    }
    server->sessions.erase(shared_from_this());
  }

  std::shared_ptr<Impl> server;
  AnyStream stream;
  net::steady_timer timer;
  std::string peer;
  beast::flat_buffer buffer;
  std::optional<bh::request_parser<bh::string_body>> parser;
  bh::response<bh::string_body> reply;
  WebSocketStream* upgrading = nullptr;
  unsigned version = 11;
  bool keep_alive = true;
  bool head = false;
  bool done = false;
};

void Server::Impl::accept() {
  acceptor.async_accept([weak = weak_from_this()](const ErrorCode& ec, Tcp::socket socket) {
    const auto self = weak.lock();
    if (!self || self->closed || ec == net::error::operation_aborted) return;
    if (!ec) {
      self->forget_closed_websockets();
      if (self->sessions.size() + self->websockets.size() >= self->options.max_connections) {
        ++self->counters["too_many"];
      } else {
        ErrorCode ignored;
        socket.set_option(Tcp::no_delay(true), ignored);
        const auto peer = socket.remote_endpoint(ignored).address().to_string();
        auto stream =
            self->tls ? AnyStream(std::move(socket), *self->tls) : AnyStream(std::move(socket));
        const auto session = std::make_shared<Session>(self, std::move(stream), peer);
        self->sessions.insert(session);
        session->start();
      }
    }
    self->accept();
  });
}

void Server::Impl::close() {
  if (closed) return;
  closed = true;
  ErrorCode ignored;
  acceptor.close(ignored);
  while (!sessions.empty()) {
    const auto session = *sessions.begin();
    session->end();
  }
  for (const auto& w : websockets) {
    if (const auto held = w.lock()) held->hang_up();
  }
  websockets.clear();
}

Server::Server(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
  close();
}

Result<std::unique_ptr<Server>> Server::listen(net::io_context& io, ServerOptions options,
                                               Handler handler) {
  return listen_later(io, std::move(options),
                      [handler = std::move(handler)](const Request& request, const Answer& answer) {
                        answer(handler(request));
                      });
}

Result<std::unique_ptr<Server>> Server::listen_later(net::io_context& io, ServerOptions options,
                                                     LaterHandler handler) {
  auto impl = std::make_shared<Impl>(io, std::move(options), std::move(handler));
  if (auto opened = impl->open(); !opened) return opened.error();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

void Server::on_websocket(Admit admit, Opened opened) {
  impl_->admit = std::move(admit);
  impl_->opened = std::move(opened);
}

std::uint16_t Server::port() const {
  return impl_->port;
}

void Server::close() {
  impl_->close();
}

const std::map<std::string, std::uint64_t>& Server::counters() const {
  return impl_->counters;
}

}  // namespace dispecer::http
