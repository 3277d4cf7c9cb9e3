// Inside adapters/http only: one stream type for plain TCP and TLS, so that the protocol code above
// it is compiled once.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/role.hpp>
#include <memory>
#include <variant>

#include "adapters/http/tls.h"
#include "fusion/model/result.h"
#include "fusion/model/time.h"

namespace dispecer::http {

namespace net = boost::asio;
namespace beast = boost::beast;
using Tcp = net::ip::tcp;
using ErrorCode = boost::system::error_code;

class AnyStream {
 public:
  using executor_type = Tcp::socket::executor_type;
  using Tls = net::ssl::stream<Tcp::socket>;

  explicit AnyStream(Tcp::socket socket) : stream_(std::in_place_index<0>, std::move(socket)) {}
  AnyStream(Tcp::socket socket, net::ssl::context& context)
      : stream_(std::in_place_index<1>, std::make_unique<Tls>(std::move(socket), context)) {}

  executor_type get_executor() { return socket().get_executor(); }
  Tcp::socket& socket() {
    return stream_.index() == 0 ? std::get<0>(stream_) : std::get<1>(stream_)->next_layer();
  }
  Tls* tls() { return stream_.index() == 1 ? std::get<1>(stream_).get() : nullptr; }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    if (auto* secure = tls()) return secure->async_read_some(buffers, std::forward<Token>(token));
    return std::get<0>(stream_).async_read_some(buffers, std::forward<Token>(token));
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    if (auto* secure = tls()) return secure->async_write_some(buffers, std::forward<Token>(token));
    return std::get<0>(stream_).async_write_some(buffers, std::forward<Token>(token));
  }

  void hang_up() {
    ErrorCode ignored;
    socket().shutdown(Tcp::socket::shutdown_both, ignored);
    socket().close(ignored);
  }
  friend void beast_close_socket(AnyStream& stream) { stream.hang_up(); }

  // What beast's WebSocket does after the closing handshake.
  template <class Handler>
  friend void async_teardown(beast::role_type, AnyStream& stream, Handler&& handler) {
    stream.hang_up();
    net::post(stream.get_executor(),
              [h = std::forward<Handler>(handler)]() mutable { h(ErrorCode{}); });
  }
  friend void teardown(beast::role_type, AnyStream& stream, ErrorCode& ec) {
    stream.hang_up();
    ec = {};
  }

 private:
  std::variant<Tcp::socket, std::unique_ptr<Tls>> stream_;
};

Result<std::unique_ptr<net::ssl::context>> client_context(const TlsTrust& trust);
Result<std::unique_ptr<net::ssl::context>> server_context(const TlsIdentity& identity);

// Sets the expected host name (checked against the certificate, and sent as SNI).
void expect_host(AnyStream::Tls& stream, const std::string& host);

// Library error -> our cause (see client.h). `doing` = "connect", "tls handshake", "read", ...
Error name_error(const ErrorCode& ec, const char* doing, const std::string& where);

// host and port of an http, https, ws or wss url.
struct Origin {
  bool secure = false;
  std::string host;
  std::string port;
  std::string target;  // path and query, encoded
  auto operator<=>(const Origin&) const = default;
  [[nodiscard]] std::string host_header() const;
};
Result<Origin> parse_url(const std::string& url);

MonoTime steady_now();

}  // namespace dispecer::http
