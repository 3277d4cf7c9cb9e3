// The bus as its users see it. Two implementations: ZeroMQ between processes, in memory for tests,
// benches and replay.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "adapters/bus/codec.h"
#include "adapters/bus/envelope.h"
#include "adapters/bus/topics.h"

namespace dispecer::bus {

using Counters = std::map<std::string, std::uint64_t>;

class Bus {
 public:
  using Handler = std::function<void(const Message&)>;

  virtual ~Bus() = default;
  // Sends one message of the topic; never blocks. A message that a full queue dropped is counted.
  virtual void send(const Topic& topic, const Message& message) = 0;
  virtual void subscribe(const Topic& topic, Handler handler) = 0;
  [[nodiscard]] const Counters& counters() const { return counters_; }

 protected:
  Counters counters_;
};

// Handlers run at once, in order of subscription.
class MemoryBus : public Bus {
 public:
  void send(const Topic& topic, const Message& message) override;
  void subscribe(const Topic& topic, Handler handler) override;

 private:
  std::map<std::uint32_t, std::vector<Handler>> handlers_;
};

}  // namespace dispecer::bus
