// Query and answer between processes (ZeroMQ DEALER/ROUTER), with deadline and correlation id;
// never on the one-second loop. Queries are not stored anywhere, so they may carry personal data.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "fusion/model/result.h"

namespace boost::asio {
class io_context;
}

namespace dispecer::bus {

class Query {
 public:
  using Answerer = std::function<Result<std::string>(const std::string& question)>;
  // Causes of the error: "no_answer" (deadline passed), "no_such_query", or the answerer's own.
  using Callback = std::function<void(Result<std::string>)>;

  Query(boost::asio::io_context& io, std::string folder, std::string process);
  ~Query();

  void answer(const std::string& name, Answerer answerer);
  void ask(const std::string& process, const std::string& name, const std::string& question,
           std::chrono::milliseconds deadline, Callback callback);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dispecer::bus
