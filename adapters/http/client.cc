#include "adapters/http/client.h"

#include <sys/socket.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <map>
#include <optional>
#include <set>

#include "adapters/http/stream.h"

namespace dispecer::http {
namespace {

namespace bh = beast::http;

struct Connection {
  explicit Connection(AnyStream s) : stream(std::move(s)) {}
  AnyStream stream;
  beast::flat_buffer buffer;
};

// A healthy idle connection has nothing to read; a peer that let go shows as end of file.
bool still_open(Connection& connection) {
  char byte = 0;
  const auto n =
      ::recv(connection.stream.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) && connection.buffer.size() == 0;
}

std::string key_of(const Origin& o) {
  return (o.secure ? "s/" : "p/") + o.host + "/" + o.port;
}

}  // namespace

struct Client::Impl : std::enable_shared_from_this<Client::Impl> {
  struct Exchange;

  Impl(net::io_context& context, ClientOptions o) : io(context), options(std::move(o)) {}

  Result<net::ssl::context*> trust() {
    if (!tls) {
      auto made = client_context(options.tls);
      if (!made) return made.error();
      tls = std::move(*made);
    }
    return tls.get();
  }

  net::io_context& io;
  ClientOptions options;
  std::unique_ptr<net::ssl::context> tls;
  std::map<std::string, std::vector<std::shared_ptr<Connection>>> idle;
  std::map<std::string, std::uint32_t> active_of;
  std::set<std::shared_ptr<Exchange>> active;
  bool gone = false;
};

// One request under way. Ends exactly once, in finish().
struct Client::Impl::Exchange : std::enable_shared_from_this<Exchange> {
  Exchange(std::shared_ptr<Impl> c, Origin o, Answer a)
      : client(std::move(c)),
        origin(std::move(o)),
        answer(std::move(a)),
        resolver(client->io),
        timer(client->io) {}

  void start() {
    timer.expires_after(client->options.timeout);
    timer.async_wait([self = shared_from_this()](const ErrorCode& ec) {
      if (!ec)
        self->finish(
            Error{"timeout", std::string("no answer in time: ") + self->doing, self->where()});
    });
    auto& waiting = client->idle[key_of(origin)];
    while (!waiting.empty() && !connection) {
      auto candidate = std::move(waiting.back());
      waiting.pop_back();
      if (still_open(*candidate)) connection = std::move(candidate);
    }
    reused = connection != nullptr;
    if (reused) {
      // Never answer from within send().
      net::post(client->io, [self = shared_from_this()] { self->write(); });
    } else {
      connect();
    }
  }

  void connect() {
    doing = "connect";
    ErrorCode not_literal;
    const auto address = net::ip::make_address(origin.host, not_literal);
    if (!not_literal) {
      const auto port = static_cast<std::uint16_t>(std::stoul(origin.port));
      open(std::vector<Tcp::endpoint>{{address, port}});
      return;
    }
    doing = "look up";
    resolver.async_resolve(
        origin.host, origin.port,
        [self = shared_from_this()](const ErrorCode& ec, const Tcp::resolver::results_type& found) {
          if (self->done) return;
          if (ec) return self->fail(ec);
          self->open(std::vector<Tcp::endpoint>(found.begin(), found.end()));
        });
  }

  void open(std::vector<Tcp::endpoint> endpoints) {
    doing = "connect";
    if (origin.secure) {
      auto context = client->trust();
      if (!context) {
        net::post(client->io,
                  [self = shared_from_this(), e = context.error()] { self->finish(e); });
        return;
      }
      connection = std::make_shared<Connection>(AnyStream(Tcp::socket(client->io), **context));
      expect_host(*connection->stream.tls(), origin.host);
    } else {
      connection = std::make_shared<Connection>(AnyStream(Tcp::socket(client->io)));
    }
    auto held = std::make_shared<std::vector<Tcp::endpoint>>(std::move(endpoints));
    net::async_connect(connection->stream.socket(), *held,
                       [self = shared_from_this(), held, c = connection](const ErrorCode& ec,
                                                                         const Tcp::endpoint&) {
                         if (self->done) return;
                         if (ec) return self->fail(ec);
                         ErrorCode ignored;
                         c->stream.socket().set_option(Tcp::no_delay(true), ignored);
                         self->secure();
                       });
  }

  void secure() {
    auto* tls_stream = connection->stream.tls();
    if (tls_stream == nullptr) return write();
    doing = "tls handshake";
    tls_stream->async_handshake(net::ssl::stream_base::client,
                                [self = shared_from_this(), c = connection](const ErrorCode& ec) {
                                  if (self->done) return;
                                  if (!ec) return self->write();
                                  auto error = name_error(ec, self->doing, self->where());
                                  if (error.cause == "unreachable") error.cause = "tls";
                                  self->finish(error);
                                });
  }

  void write() {
    if (done) return;
    doing = "write";
    bh::async_write(connection->stream, message,
                    [self = shared_from_this(), c = connection](const ErrorCode& ec, std::size_t) {
                      if (self->done) return;
                      if (ec) return self->fail_or_repeat(ec);
                      self->read();
                    });
  }

  void read() {
    doing = "read";
    parser.emplace();
    parser->body_limit(client->options.max_body_bytes);
    parser->header_limit(client->options.max_header_bytes);
    if (message.method() == bh::verb::head) parser->skip(true);
    bh::async_read(connection->stream, connection->buffer, *parser,
                   [self = shared_from_this(), c = connection](const ErrorCode& ec, std::size_t) {
                     if (self->done) return;
                     if (ec) return self->fail_or_repeat(ec);
                     self->succeed();
                   });
  }

  void succeed() {
    Response response;
    response.received = steady_now();
    auto got = parser->release();
    response.status = got.result_int();
    for (const auto& f : got)
      response.headers.push_back({std::string(f.name_string()), std::string(f.value())});
    response.body = std::move(got.body());
    if (got.keep_alive()) client->idle[key_of(origin)].push_back(std::move(connection));
    finish(std::move(response));
  }

  // A reused connection may have been let go by the peer at the very moment we wrote.
  void fail_or_repeat(const ErrorCode& ec) {
    const bool untouched = !parser || !parser->got_some();
    const bool harmless = message.method() == bh::verb::get || message.method() == bh::verb::head;
    if (reused && untouched && harmless && name_error(ec, doing, "").cause == "closed") {
      reused = false;
      connection->stream.hang_up();
      parser.reset();
      return connect();
    }
    fail(ec);
  }

  void fail(const ErrorCode& ec) { finish(name_error(ec, doing, where())); }
  [[nodiscard]] std::string where() const { return origin.host_header(); }

  void finish(Result<Response> result) {
    if (done) return;
    done = true;
    timer.cancel();
    resolver.cancel();
    if (connection) connection->stream.hang_up();
    const auto self = shared_from_this();
    --client->active_of[key_of(origin)];
    client->active.erase(self);
    const auto call = std::move(answer);
    if (call) call(std::move(result));
  }

  std::shared_ptr<Impl> client;
  Origin origin;
  Answer answer;
  Tcp::resolver resolver;
  net::steady_timer timer;
  bh::request<bh::string_body> message;
  std::optional<bh::response_parser<bh::string_body>> parser;
  std::shared_ptr<Connection> connection;
  const char* doing = "start";
  bool reused = false;
  bool done = false;
};

Client::Client(net::io_context& io, ClientOptions options)
    : impl_(std::make_shared<Impl>(io, std::move(options))) {}

Client::~Client() {
  impl_->gone = true;
  while (!impl_->active.empty()) {
    const auto exchange = *impl_->active.begin();
    exchange->finish(Error{"cancelled", "the client was closed", exchange->where()});
  }
  impl_->idle.clear();
}

void Client::send(const std::string& url, Request request, Answer answer) {
  const auto refuse_later = [&](Error e) {
    net::post(impl_->io, [answer, e = std::move(e), client = impl_] {
      answer(client->gone ? Error{"cancelled", "the client was closed", e.where} : e);
    });
  };
  auto origin = parse_url(url);
  if (!origin) return refuse_later(origin.error());
  const auto verb = bh::string_to_verb(request.method);
  if (verb == bh::verb::unknown)
    return refuse_later(Error{"bad_url", "unknown method '" + request.method + "'", url});
  for (const auto& h : request.headers) {
    if ((h.name + h.value).find_first_of("\r\n") != std::string::npos)
      return refuse_later(Error{"bad_url", "line break in header", h.name});
  }
  auto& active = impl_->active_of[key_of(*origin)];
  if (active >= impl_->options.max_connections_per_origin)
    return refuse_later(Error{"too_many", "too many requests under way", origin->host_header()});
  ++active;
  auto exchange = std::make_shared<Impl::Exchange>(impl_, std::move(*origin), std::move(answer));
  auto& message = exchange->message;
  message.method(verb);
  message.target(exchange->origin.target);
  message.version(11);
  message.set(bh::field::host, exchange->origin.host_header());
  message.set(bh::field::user_agent, "dispecer");
  for (const auto& h : request.headers) message.set(h.name, h.value);
  message.body() = std::move(request.body);
  message.prepare_payload();
  impl_->active.insert(exchange);
  exchange->start();
}

void Client::get(const std::string& url, Headers headers, Answer answer) {
  send(url, Request{"GET", "", std::move(headers), "", ""}, std::move(answer));
}

void Client::post(const std::string& url, const std::string& content_type, std::string body,
                  Headers headers, Answer answer) {
  headers.push_back({"Content-Type", content_type});
  send(url, Request{"POST", "", std::move(headers), std::move(body), ""}, std::move(answer));
}

}  // namespace dispecer::http
