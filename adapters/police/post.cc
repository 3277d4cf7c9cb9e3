#include "adapters/police/post.h"

#include "adapters/http/client.h"

namespace dispecer::police {

struct Post::State {
  PostOptions options;
  std::function<void(const std::string&)> message;
  std::unique_ptr<http::Client> http;
  std::map<std::string, std::uint64_t> counters;
  bool closed = false;
};

Post::Post(boost::asio::io_context& io, PostOptions options,
           std::function<void(const std::string& text)> message)
    : state_(std::make_shared<State>()) {
  http::ClientOptions h;
  h.timeout = options.timeout;
  h.tls = options.tls;
  state_->options = std::move(options);
  state_->message = std::move(message);
  state_->http = std::make_unique<http::Client>(io, h);
}

Post::~Post() {
  state_->closed = true;
  state_->http.reset();
}

void Post::send(const std::string& message) {
  http::Headers headers;
  if (!state_->options.token.empty())
    headers.push_back({"Authorization", "Bearer " + state_->options.token});
  state_->http->post(state_->options.url, "application/json", message, headers,
                     [self = state_](const Result<http::Response>& r) {
                       if (!r) {
                         ++self->counters["police.wire." + r.error().cause];
                       } else if (r->status != 200) {
                         ++self->counters["police.wire.status"];
                       } else {
                         ++self->counters["police.wire.answered"];
                         if (!self->closed) self->message(r->body);
                       }
                     });
}

const std::map<std::string, std::uint64_t>& Post::counters() const {
  return state_->counters;
}

Result<> check_post_url(const std::string& url) {
  if (url.starts_with("https://")) return Ok{};
  if (!url.starts_with("http://")) return Error{"bad_url", "expected https:// or http://", url};
  const auto rest = url.substr(7);
  const auto host = rest.substr(0, rest.find_first_of(":/"));
  if (host == "127.0.0.1" || host == "localhost" || rest.starts_with("[::1]")) return Ok{};
  return Error{"tls_required", "a receiver on another machine needs https", url};
}

}  // namespace dispecer::police
