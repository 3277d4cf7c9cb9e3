// We call the receiver: POST of each lead to its URL, with our token as bearer. Its answer (status
// 200 with a receipt in the body) acknowledges.
#pragma once

#include <functional>
#include <memory>

#include "adapters/http/tls.h"
#include "adapters/police/delivery.h"

namespace boost::asio {
class io_context;
}

namespace dispecer::police {

struct PostOptions {
  std::string url;
  std::string token;
  Duration timeout{std::chrono::seconds{5}};
  http::TlsTrust tls{};
};

class Post : public Channel {
 public:
  Post(boost::asio::io_context& io, PostOptions options,
       std::function<void(const std::string& text)> message);
  ~Post() override;
  [[nodiscard]] bool ready() const override { return true; }
  void send(const std::string& message) override;
  // police.wire.answered, .status, and the causes of http::Client.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& counters() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// Plain http is for this machine only. Causes: bad_url, tls_required.
Result<> check_post_url(const std::string& url);

}  // namespace dispecer::police
