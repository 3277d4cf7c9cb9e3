#include "adapters/anpr/receiver.h"

#include "adapters/http/bearer.h"

namespace dispecer::anpr {
namespace {

constexpr std::size_t kMostReads = 500;
constexpr double kMaxAhead = 60;  // s; a read further in the future is no read

}  // namespace

Receiver::Receiver(std::vector<Reader> readers, OnRead on_read) : on_read_(std::move(on_read)) {
  for (auto& reader : readers) {
    const auto id = reader.id.str();
    lines_[id].reader = std::move(reader);
  }
}

http::Response Receiver::handle(const http::Request& request, UtcTime now) {
  const auto refuse = [&](unsigned status, const std::string& cause) {
    ++counters_["anpr." + cause];
    return http::refuse(status, cause);
  };
  if (request.method != "POST") return refuse(405, "bad_method");
  auto batch = parse_push(request.body, kMostReads);
  if (!batch) return refuse(400, batch.error().cause);
  const auto it = lines_.find(batch->device);
  if (it == lines_.end()) return refuse(404, "unknown_device");
  Line& line = it->second;
  if (!line.reader.open && !http::bearer_matches(request, line.reader.token))
    return refuse(401, "unauthorised");
  ++counters_["anpr.requests"];
  line.heard = now;
  line.clock.note(batch->sent, now);
  std::uint64_t accepted = 0;
  std::uint64_t duplicate = 0;
  for (auto& read : batch->reads) {
    if (in_seconds(read.t - now) > kMaxAhead) {
      ++batch->refused["from_the_future"];
    } else if (!line.seen.add(read.event)) {
      ++duplicate;
    } else {
      ++accepted;
      on_read_({read_id(batch->device, read.event), line.reader.id, line.reader.gate, read.t,
                read.plate, read.country, read.confidence, read.image, line.clock.error(),
                std::nullopt});
    }
  }
  counters_["anpr.accepted"] += accepted;
  counters_["anpr.duplicate"] += duplicate;
  std::uint64_t refused = 0;
  for (const auto& [cause, n] : batch->refused) {
    counters_["anpr." + cause] += n;
    refused += n;
  }
  return http::reply("{\"accepted\":" + std::to_string(accepted) + ",\"duplicate\":" +
                     std::to_string(duplicate) + ",\"refused\":" + std::to_string(refused) + "}");
}

std::vector<ReaderId> Receiver::silent(UtcTime now, Seconds limit) {
  std::vector<ReaderId> quiet;
  for (auto& [id, line] : lines_) {
    if (!line.heard || *line.heard > now) line.heard = now;
    if (in_seconds(now - *line.heard) > limit.value) quiet.push_back(line.reader.id);
  }
  return quiet;
}

}  // namespace dispecer::anpr
