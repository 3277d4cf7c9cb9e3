#include "adapters/store/redis.h"

#include <hiredis/hiredis.h>
#include <pthread.h>
#include <signal.h>

#include <utility>

namespace dispecer::store {
namespace {
constexpr timeval kConnectTimeout{1, 0};
constexpr timeval kCommandTimeout{3, 0};
}  // namespace

struct Redis::Reply {
  std::unique_ptr<redisReply, void (*)(redisReply*)> raw{nullptr,
                                                         [](redisReply* r) { freeReplyObject(r); }};
};

namespace {

// hiredis writes without MSG_NOSIGNAL: to a server that has just died it would end a process that
// does not ignore SIGPIPE. Held back on this thread only, and taken away where it came.
class PipeSignalHeld {
 public:
  PipeSignalHeld() {
    ::sigemptyset(&pipe_);
    ::sigaddset(&pipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~PipeSignalHeld() {
    if (::sigismember(&before_, SIGPIPE) == 1) return;
    constexpr timespec kNow{0, 0};
    ::sigtimedwait(&pipe_, nullptr, &kNow);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  PipeSignalHeld(const PipeSignalHeld&) = delete;
  PipeSignalHeld& operator=(const PipeSignalHeld&) = delete;

 private:
  sigset_t pipe_;
  sigset_t before_;
};

std::string text(const redisReply* r) {
  return r->str == nullptr ? std::string() : std::string(r->str, r->len);
}

std::vector<StreamEntry> entries(const redisReply* list) {
  std::vector<StreamEntry> result;
  for (std::size_t i = 0; list->type == REDIS_REPLY_ARRAY && i < list->elements; ++i) {
    const auto* item = list->element[i];
    if (item->type != REDIS_REPLY_ARRAY || item->elements != 2) continue;
    StreamEntry entry{text(item->element[0]), {}};
    const auto* fields = item->element[1];
    for (std::size_t f = 0; fields->type == REDIS_REPLY_ARRAY && f + 1 < fields->elements; f += 2) {
      entry.fields[text(fields->element[f])] = text(fields->element[f + 1]);
    }
    result.push_back(std::move(entry));
  }
  return result;
}

}  // namespace

Redis::Redis(std::string socket) : socket_(std::move(socket)) {}

Redis::~Redis() {
  if (context_ != nullptr) redisFree(context_);
}

Result<> Redis::connect() {
  if (context_ != nullptr && context_->err == 0) return Ok{};
  if (context_ != nullptr) redisFree(context_);
  context_ = redisConnectUnixWithTimeout(socket_.c_str(), kConnectTimeout);
  if (context_ == nullptr || context_->err != 0) {
    return Error{"redis_gone", context_ == nullptr ? "no memory" : context_->errstr, socket_};
  }
  redisSetTimeout(context_, kCommandTimeout);
  return Ok{};
}

Result<Redis::Reply> Redis::command(const std::vector<std::string>& words) {
  if (auto r = connect(); !r) return r.error();
  const PipeSignalHeld held;
  std::vector<const char*> argv;
  std::vector<std::size_t> lengths;
  for (const auto& w : words) {
    argv.push_back(w.data());
    lengths.push_back(w.size());
  }
  Reply reply;
  reply.raw.reset(static_cast<redisReply*>(
      redisCommandArgv(context_, static_cast<int>(argv.size()), argv.data(), lengths.data())));
  if (!reply.raw) {
    Error gone{"redis_gone", context_->errstr, socket_};
    redisFree(std::exchange(context_, nullptr));
    return gone;
  }
  if (reply.raw->type == REDIS_REPLY_ERROR)
    return Error{"redis_refused", text(reply.raw.get()), words.front()};
  return reply;
}

Result<> Redis::ping() {
  auto r = command({"PING"});
  return r ? Result<>(Ok{}) : Result<>(r.error());
}

Result<std::string> Redis::add(const std::string& stream,
                               const std::map<std::string, std::string>& fields) {
  std::vector<std::string> words{"XADD", stream, "*"};
  for (const auto& [k, v] : fields) {
    words.push_back(k);
    words.push_back(v);
  }
  auto r = command(words);
  if (!r) return r.error();
  return text(r->raw.get());
}

Result<> Redis::make_group(const std::string& stream, const std::string& group) {
  auto r = command({"XGROUP", "CREATE", stream, group, "0", "MKSTREAM"});
  if (r || r.error().what.starts_with("BUSYGROUP")) return Ok{};
  return r.error();
}

Result<std::vector<StreamEntry>> Redis::read_group(const std::string& stream,
                                                   const std::string& group,
                                                   const std::string& consumer, bool pending,
                                                   int block_ms) {
  auto r = command({"XREADGROUP", "GROUP", group, consumer, "COUNT", "64", "BLOCK",
                    std::to_string(block_ms), "STREAMS", stream, pending ? "0" : ">"});
  if (!r) return r.error();
  const auto* top = r->raw.get();
  if (top->type != REDIS_REPLY_ARRAY || top->elements == 0 || top->element[0]->elements != 2) {
    return std::vector<StreamEntry>{};
  }
  return entries(top->element[0]->element[1]);
}

Result<> Redis::acknowledge(const std::string& stream, const std::string& group,
                            const std::string& id, bool remove) {
  auto r = command({"XACK", stream, group, id});
  if (r && remove) r = command({"XDEL", stream, id});
  return r ? Result<>(Ok{}) : Result<>(r.error());
}

Result<> Redis::set_hash(const std::string& key, const std::map<std::string, std::string>& fields) {
  std::vector<std::string> words{"HSET", key};
  for (const auto& [k, v] : fields) {
    words.push_back(k);
    words.push_back(v);
  }
  auto r = command(words);
  return r ? Result<>(Ok{}) : Result<>(r.error());
}

Result<std::map<std::string, std::string>> Redis::get_hash(const std::string& key) {
  auto r = command({"HGETALL", key});
  if (!r) return r.error();
  std::map<std::string, std::string> fields;
  for (std::size_t f = 0; f + 1 < r->raw->elements; f += 2) {
    fields[text(r->raw->element[f])] = text(r->raw->element[f + 1]);
  }
  return fields;
}

Result<long long> Redis::stream_length(const std::string& stream) {
  auto r = command({"XLEN", stream});
  if (!r) return r.error();
  return r->raw->integer;
}

}  // namespace dispecer::store
