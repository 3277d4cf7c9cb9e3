// A connection to Redis through hiredis: synchronous, with time-outs, used from one thread. Redis
// is never on the path of the one-second loop.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fusion/model/result.h"

struct redisContext;

namespace dispecer::store {

struct StreamEntry {
  std::string id;
  std::map<std::string, std::string> fields;
};

// Errors: "redis_gone" (no connection, or it broke), "redis_refused" (Redis answered with an
// error).
class Redis {
 public:
  // `socket` is the path of Redis's unix socket.
  explicit Redis(std::string socket);
  ~Redis();
  Redis(const Redis&) = delete;
  Redis& operator=(const Redis&) = delete;

  Result<> ping();
  Result<std::string> add(const std::string& stream,
                          const std::map<std::string, std::string>& fields);
  Result<> make_group(const std::string& stream, const std::string& group);
  // Entries of the group that this consumer has not acknowledged; `pending` = those it was given
  // before.
  Result<std::vector<StreamEntry>> read_group(const std::string& stream, const std::string& group,
                                              const std::string& consumer, bool pending,
                                              int block_ms);
  Result<> acknowledge(const std::string& stream, const std::string& group, const std::string& id,
                       bool remove);
  Result<> set_hash(const std::string& key, const std::map<std::string, std::string>& fields);
  Result<std::map<std::string, std::string>> get_hash(const std::string& key);
  Result<long long> stream_length(const std::string& stream);

 private:
  struct Reply;
  Result<Reply> command(const std::vector<std::string>& words);
  Result<> connect();
  std::string socket_;
  redisContext* context_ = nullptr;
};

}  // namespace dispecer::store
