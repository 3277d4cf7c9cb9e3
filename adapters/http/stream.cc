#include "adapters/http/stream.h"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace dispecer::http {

Result<std::unique_ptr<net::ssl::context>> client_context(const TlsTrust& trust) {
  auto context = std::make_unique<net::ssl::context>(net::ssl::context::tls_client);
  ErrorCode ec;
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  context->set_verify_mode(net::ssl::verify_peer, ec);
  if (trust.ca_file.empty()) {
    context->set_default_verify_paths(ec);
  } else {
    context->load_verify_file(trust.ca_file, ec);
  }
  if (ec) return Error{"tls", "cannot read authorities: " + ec.message(), trust.ca_file};
  if (!trust.certificate_file.empty()) {
    context->use_certificate_chain_file(trust.certificate_file, ec);
    if (ec) return Error{"tls", "bad certificate: " + ec.message(), trust.certificate_file};
    context->use_private_key_file(trust.key_file, net::ssl::context::pem, ec);
    if (ec) return Error{"tls", "bad key: " + ec.message(), trust.key_file};
  }
  return context;
}

Result<std::unique_ptr<net::ssl::context>> server_context(const TlsIdentity& identity) {
  auto context = std::make_unique<net::ssl::context>(net::ssl::context::tls_server);
  ErrorCode ec;
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  context->use_certificate_chain_file(identity.certificate_file, ec);
  if (ec) return Error{"tls", "bad certificate: " + ec.message(), identity.certificate_file};
  context->use_private_key_file(identity.key_file, net::ssl::context::pem, ec);
  if (ec) return Error{"tls", "bad key: " + ec.message(), identity.key_file};
  if (!identity.client_ca_file.empty()) {
    context->load_verify_file(identity.client_ca_file, ec);
    if (ec)
      return Error{"tls", "cannot read authorities: " + ec.message(), identity.client_ca_file};
    context->set_verify_mode(net::ssl::verify_peer | net::ssl::verify_fail_if_no_peer_cert, ec);
  }
  return context;
}

void expect_host(AnyStream::Tls& stream, const std::string& host) {
  stream.set_verify_callback(net::ssl::host_name_verification(host));
  ErrorCode not_an_address;
  net::ip::make_address(host, not_an_address);
  if (not_an_address) SSL_set_tlsext_host_name(stream.native_handle(), host.c_str());
}

Error name_error(const ErrorCode& ec, const char* doing, const std::string& where) {
  namespace h = beast::http;
  const auto named = [&](const char* cause) {
    return Error{cause, std::string(doing) + ": " + ec.message(), where};
  };
  if (ec == net::error::connection_refused) return named("refused");
  if (ec == net::error::host_unreachable || ec == net::error::network_unreachable)
    return named("unreachable");
  if (ec == net::error::timed_out || ec == beast::error::timeout) return named("timeout");
  if (ec == h::error::body_limit || ec == h::error::header_limit ||
      ec == h::error::buffer_overflow || ec == beast::websocket::error::message_too_big)
    return named("too_large");
  if (ec == net::error::host_not_found || ec == net::error::host_not_found_try_again ||
      ec == net::error::no_data)
    return named("unresolved");
  if (ec == net::error::operation_aborted) return named("cancelled");
  if (ec == net::error::eof || ec == net::error::connection_reset ||
      ec == net::error::broken_pipe || ec == h::error::end_of_stream ||
      ec == h::error::partial_message || ec == net::ssl::error::stream_truncated ||
      ec == beast::websocket::error::closed || ec == net::error::not_connected)
    return named("closed");
  if (ec.category() == h::make_error_code(h::error::bad_version).category())
    return named("bad_http");
  if (ec == beast::websocket::condition::handshake_failed) return named("refused_upgrade");
  if (ec == beast::websocket::condition::protocol_violation) return named("bad_http");
  if (ec.category() == net::error::get_ssl_category()) return named("tls");
  return named("unreachable");
}

std::string Origin::host_header() const {
  const std::string shown = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (secure ? "443" : "80") ? shown : shown + ":" + port;
}

Result<Origin> parse_url(const std::string& url) {
  const auto fail = [&](const std::string& why) {
    // Anything before '@' may be a secret: it is not repeated.
    const bool secret = url.find('@') != std::string::npos;
    return Error{"bad_url", why + ", expected http(s)://host[:port]/path",
                 secret ? "" : url.substr(0, 200)};
  };
  const auto view = boost::urls::parse_uri(url);
  if (!view) return fail("not a url");
  const std::string scheme = view->scheme();
  Origin origin;
  origin.secure = scheme == "https" || scheme == "wss";
  if (!origin.secure && scheme != "http" && scheme != "ws") return fail("unknown scheme");
  if (view->has_userinfo()) return Error{"bad_url", "user and password do not belong in a url", ""};
  origin.host = view->host_address();
  if (origin.host.empty()) return fail("no host");
  origin.port = std::string(view->port());
  if (origin.port.empty()) origin.port = origin.secure ? "443" : "80";
  if (origin.port.size() > 5 || std::stoul(origin.port) == 0 || std::stoul(origin.port) > 65535)
    return fail("bad port");
  origin.target = std::string(view->encoded_path());
  if (origin.target.empty()) origin.target = "/";
  if (view->has_query()) origin.target += "?" + std::string(view->encoded_query());
  return origin;
}

MonoTime steady_now() {
  return {std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())
              .count()};
}

}  // namespace dispecer::http
