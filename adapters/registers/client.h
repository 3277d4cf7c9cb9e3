// Asks the permit and payment register. Always gives an answer: where the register is silent, slow
// or says something we cannot read, `answered` is false and only the list of vehicles that are
// exempt at all times, fetched beforehand, still speaks. PERSONAL.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "adapters/http/tls.h"
#include "fusion/model/plate.h"

namespace boost::asio {
class io_context;
}

namespace dispecer::registers {

struct ClientOptions {
  std::string url;    // without the last part ("/rights", "/exempt")
  std::string token;  // sent as bearer; "" = none
  Duration timeout{std::chrono::seconds{2}};
  std::size_t max_waiting = 1000;  // further questions are answered "not answered" at once
  http::TlsTrust tls{};
};

class Client {
 public:
  using Answer = std::function<void(RightsAnswer)>;
  using Now = std::function<UtcTime()>;  // domain time

  Client(boost::asio::io_context& io, ClientOptions options, Now now);
  ~Client();  // questions under way are answered "not answered" before this returns
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // The answer comes from the io_context, never from within the call.
  void ask(const RightsQuestion& question, Answer answer);
  // Fetches the list for hard times anew; to be called at start and every few minutes.
  void refresh_exempt();

  // False after the last question was not answered.
  [[nodiscard]] bool up() const;
  // registers.asked, and each question ends in one of registers.answered, .timeout, .refused and
  // the other causes of http::Client, .status, .bad_json, .bad_shape, .unknown_kind, .queue_full,
  // .waited_out; registers.exempt.ok / .failed.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& counters() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace dispecer::registers
