#include "adapters/store/durable.h"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <future>
#include <mutex>
#include <set>
#include <thread>

#include "adapters/bus/journal.h"
#include "adapters/store/redis.h"

namespace dispecer::store {
namespace {

constexpr int kBlockMs = 100;
constexpr auto kRetry = std::chrono::milliseconds(500);
constexpr auto kHandOver = std::chrono::seconds(20);

std::string pack(const DurableRecord& r) {
  return std::to_string(r.key.size()) + ":" + r.key + r.data;
}

DurableRecord unpack(const std::string& bytes) {
  const auto colon = bytes.find(':');
  if (colon == std::string::npos || colon > 9) return {};
  const auto n = static_cast<std::size_t>(std::stoul(bytes.substr(0, colon)));
  if (colon + 1 + n > bytes.size()) return {};
  return {bytes.substr(colon + 1, n), bytes.substr(colon + 1 + n)};
}

}  // namespace

struct Durable::State {
  struct Writer {
    bus::Journal log;    // records in order
    bus::Journal moved;  // one mark per record that Redis has
    std::set<std::string> keys;
    std::vector<DurableRecord> waiting;
  };
  struct Reader {
    Handler handler;
    bool remove = false;
    bus::Journal seen;
    std::set<std::string> keys;
    bool grouped = false;
    bool pending = true;  // first what was given to us before we stopped
  };

  boost::asio::io_context& io;
  DurableOptions options;
  mutable std::mutex mutex;
  std::condition_variable wake;
  std::map<std::string, Writer> writers;
  std::map<std::string, Reader> readers;
  std::map<std::string, std::uint64_t> counters;
  std::atomic<bool> up{false};
  std::atomic<bool> stopping{false};
  std::thread worker;

  State(boost::asio::io_context& i, DurableOptions o) : io(i), options(std::move(o)) {}

  std::string file(const std::string& stream, const char* what) const {
    return options.folder + "/" + options.process + "-" + stream + "." + what;
  }
  void count(const std::string& name, std::uint64_t n = 1) {
    const std::lock_guard lock(mutex);
    counters["durable." + name] += n;
  }

  Result<Writer*> writer(const std::string& stream) {
    const auto it = writers.find(stream);
    if (it != writers.end()) return &it->second;
    std::vector<DurableRecord> all;
    std::set<std::string> moved;
    auto log = bus::Journal::open(file(stream, "log"), true);
    if (!log) return log.error();
    auto mark = bus::Journal::open(file(stream, "moved"), false);
    if (!mark) return mark.error();
    (void)bus::read_journal(file(stream, "moved"), [&](const bus::Record& r) {
      moved.insert(r.bytes);
      return true;
    });
    Writer w{std::move(*log), std::move(*mark), moved, {}};
    (void)bus::read_journal(file(stream, "log"), [&](const bus::Record& r) {
      auto record = unpack(r.bytes);
      if (w.keys.insert(record.key).second) w.waiting.push_back(std::move(record));
      return true;
    });
    return &writers.emplace(stream, std::move(w)).first->second;
  }

  // Carries what waits to Redis. A crash between XADD and the mark repeats the record; readers see
  // its key once.
  bool carry(Redis& redis) {
    std::vector<std::pair<std::string, DurableRecord>> todo;
    {
      const std::lock_guard lock(mutex);
      for (auto& [stream, w] : writers) {
        for (auto& r : w.waiting) todo.emplace_back(stream, r);
      }
    }
    for (auto& [stream, record] : todo) {
      if (!redis.add(options.prefix + stream, {{"key", record.key}, {"data", record.data}}))
        return false;
      const std::lock_guard lock(mutex);
      auto& w = writers.at(stream);
      (void)w.moved.append(bus::RecordKind::mark, record.key);
      (void)w.moved.flush();
      w.waiting.erase(w.waiting.begin());
      ++counters["durable.carried." + stream];
      if (w.waiting.empty() && options.personal.contains(stream)) forget(stream, w);
    }
    return true;
  }

  // Personal records do not stay on this disk once they were carried; their keys do, so that none
  // is written twice.
  void forget(const std::string& stream, Writer& w) {
    const auto name = file(stream, "log");
    if (::unlink(name.c_str()) != 0) return;
    if (auto fresh = bus::Journal::open(name, true)) {
      w.log = std::move(*fresh);
      ++counters["durable.forgotten." + stream];
    }
  }

  bool hand_over(Reader& reader, const DurableRecord& record) {
    auto done = std::make_shared<std::promise<bool>>();
    auto result = done->get_future();
    boost::asio::post(io, [&reader, record, done] { done->set_value(reader.handler(record)); });
    while (result.wait_for(std::chrono::milliseconds(20)) != std::future_status::ready) {
      if (stopping) return false;
    }
    return result.get();
  }

  bool take(Redis& redis, const std::string& stream, Reader& reader) {
    const auto key = options.prefix + stream;
    if (!reader.grouped) {
      if (!redis.make_group(key, options.process)) return false;
      reader.grouped = true;
    }
    auto entries =
        redis.read_group(key, options.process, options.process, reader.pending, kBlockMs);
    if (!entries) {
      // A Redis that lost its data has no group either.
      reader.grouped = false;
      reader.pending = true;
      return entries.error().cause == "redis_refused";
    }
    if (entries->empty()) reader.pending = false;
    for (const auto& entry : *entries) {
      const auto k = entry.fields.find("key");
      const auto d = entry.fields.find("data");
      if (k == entry.fields.end() || d == entry.fields.end()) {
        count("bad_entry." + stream);
      } else if (reader.keys.contains(k->second)) {
        count("repeated." + stream);
      } else {
        if (!hand_over(reader, {k->second, d->second})) {
          reader.pending = true;  // it is ours now and comes again
          return true;
        }
        reader.keys.insert(k->second);
        (void)reader.seen.append(bus::RecordKind::keep, k->second);
        count("read." + stream);
      }
      if (!redis.acknowledge(key, options.process, entry.id, reader.remove)) return false;
    }
    return true;
  }

  void work() {
    Redis redis(options.socket);
    while (!stopping) {
      bool good = static_cast<bool>(redis.ping());
      up = good;
      good = good && carry(redis);
      for (auto& [stream, reader] : readers)
        good = good && !stopping && take(redis, stream, reader);
      std::unique_lock lock(mutex);
      wake.wait_for(lock, good ? std::chrono::milliseconds(readers.empty() ? 200 : 10) : kRetry,
                    [&] { return stopping.load(); });
    }
  }
};

Durable::Durable(boost::asio::io_context& io, DurableOptions options)
    : state_(std::make_unique<State>(io, std::move(options))) {
  ::mkdir(state_->options.folder.c_str(), 0700);
}

Durable::~Durable() {
  state_->stopping = true;
  state_->wake.notify_all();
  if (state_->worker.joinable()) state_->worker.join();
}

void Durable::read(const std::string& stream, bool remove_when_read, Handler handler) {
  auto seen = bus::Journal::open(state_->file(stream, "seen"), true);
  ensure(seen.ok(), seen.ok() ? "" : seen.error().message());
  State::Reader reader{std::move(handler), remove_when_read, std::move(*seen), {}};
  (void)bus::read_journal(state_->file(stream, "seen"), [&](const bus::Record& r) {
    reader.keys.insert(r.bytes);
    return true;
  });
  state_->readers.emplace(stream, std::move(reader));
}

Result<> Durable::write(const std::string& stream, const DurableRecord& record) {
  const std::lock_guard lock(state_->mutex);
  auto writer = state_->writer(stream);
  if (!writer) return writer.error();
  if ((*writer)->keys.contains(record.key)) {
    ++state_->counters["durable.written_before." + stream];
    return Ok{};
  }
  if (auto r = (*writer)->log.append(bus::RecordKind::keep, pack(record)); !r) return r;
  (*writer)->keys.insert(record.key);
  (*writer)->waiting.push_back(record);
  ++state_->counters["durable.written." + stream];
  state_->wake.notify_all();
  return Ok{};
}

void Durable::start() {
  state_->worker = std::thread([s = state_.get()] { s->work(); });
}

bool Durable::redis_up() const {
  return state_->up;
}

std::map<std::string, std::uint64_t> Durable::counters() const {
  const std::lock_guard lock(state_->mutex);
  return state_->counters;
}

}  // namespace dispecer::store
