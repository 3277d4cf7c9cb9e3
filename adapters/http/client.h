// HTTP client on an io_context: one request, one answer or one named error. Connections are kept
// alive and used again. Everything runs on the thread of the io_context.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "adapters/http/message.h"
#include "adapters/http/tls.h"
#include "fusion/model/result.h"

namespace boost::asio {
class io_context;
}

namespace dispecer::http {

struct ClientOptions {
  Duration timeout{std::chrono::seconds{5}};  // of the whole exchange, name look-up included
  std::uint64_t max_body_bytes = 8 << 20;
  std::uint32_t max_header_bytes = 16 << 10;
  std::uint32_t max_connections_per_origin = 8;  // further requests end in "too_many"
  TlsTrust tls;
};

// Causes of errors: bad_url, unresolved, refused, unreachable, timeout, tls, closed, bad_http,
// too_large, too_many, cancelled. Any status, also 404 or 500, is an answer and no error. Redirects
// are not followed. A GET that meets a connection the server has just let go is sent once more.
class Client {
 public:
  using Answer = std::function<void(Result<Response>)>;

  explicit Client(boost::asio::io_context& io, ClientOptions options = {});
  ~Client();  // what is under way ends in "cancelled", before this returns
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // `url` is http(s)://host[:port]/path?query. The answer comes from the io_context, never from
  // within the call. `request.target` is taken from the url.
  void send(const std::string& url, Request request, Answer answer);
  void get(const std::string& url, Headers headers, Answer answer);
  void post(const std::string& url, const std::string& content_type, std::string body,
            Headers headers, Answer answer);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace dispecer::http
