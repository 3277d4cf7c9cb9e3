// Variable message signs over HTTP and JSON: PUT <url> {"message": key} sets, GET <url> reads back
// {"shows": key, "healthy": bool}. Only what the guard approved is ever sent, and an order is done
// only when the sign was seen to show it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/http/tls.h"
#include "controller/plan/approved_command.h"
#include "fusion/model/observation.h"

namespace boost::asio {
class io_context;
}

namespace dispecer::signs {

struct Sign {
  SignId id;
  std::string url;
  std::string token;  // sent as bearer; "" = none
};

struct Options {
  Duration timeout{std::chrono::seconds{2}};
  http::TlsTrust tls{};
};

struct Events {
  std::function<void(SignReport)> report;  // after each look; a sign that gives no answer is told
                                           // as dark and not healthy
  std::function<void(OrderReport)> order;  // sent, then one of confirmed, deviated, expired
  std::function<UtcTime()> now;            // domain time
};

class Signs {
 public:
  Signs(boost::asio::io_context& io, std::vector<Sign> signs, Options options, Events events);
  ~Signs();
  Signs(const Signs&) = delete;
  Signs& operator=(const Signs&) = delete;

  // Sends a sign order. An order for a sign that is not ours, or that is no sign order, is reported
  // as expired (rule "unknown_sign"). A newer order for the same sign makes the older one's reading
  // back void: it is reported as expired (rule "superseded").
  void set(const ApprovedCommand& command);
  // Looks at every sign.
  void poll();

  // Each look in one of signs.seen, .status, .bad_json, .bad_shape and the causes of http::Client;
  // each order in signs.order.confirmed, .deviated, .expired.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& counters() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// {"shows": key, "healthy": bool}. Causes: bad_json, bad_shape.
Result<SignReport> parse_report(std::string_view body, const SignId& sign, UtcTime t);

}  // namespace dispecer::signs
