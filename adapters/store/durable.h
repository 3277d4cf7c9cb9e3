// Durable streams. The writer appends to its own fsynced journal, which is the source of truth, and
// a worker thread carries each record to a Redis Stream; with Redis gone records wait. The reader
// takes them from its consumer group, hands each to the process once in effect (idempotency key,
// remembered in an fsynced journal) and acknowledges.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "fusion/model/result.h"

namespace boost::asio {
class io_context;
}

namespace dispecer::store {

struct DurableOptions {
  std::string folder;              // of the fsynced journals, mode 0700
  std::string socket;              // of Redis
  std::string prefix;              // of Redis keys: "dispecer:<city>:"
  std::string process;             // own name: consumer group and journal names
  std::set<std::string> personal;  // streams whose records leave our disk as soon as Redis has them
};

// One record of a stream. `key` is the idempotency key, `data` an encoded, sealed message.
struct DurableRecord {
  std::string key;
  std::string data;
};

class Durable {
 public:
  // Handles one record; true = its effect is kept and it may be acknowledged, false = to be given
  // again later.
  using Handler = std::function<bool(const DurableRecord&)>;

  Durable(boost::asio::io_context& io, DurableOptions options);
  ~Durable();

  // Streams whose records are deleted from Redis as soon as the one reading group acknowledged
  // them.
  void read(const std::string& stream, bool remove_when_read, Handler handler);
  // Kept when it returns Ok. Causes as Journal::append. A key that was written before is not
  // written again.
  Result<> write(const std::string& stream, const DurableRecord& record);
  void start();

  [[nodiscard]] bool redis_up() const;
  [[nodiscard]] std::map<std::string, std::uint64_t> counters() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dispecer::store
