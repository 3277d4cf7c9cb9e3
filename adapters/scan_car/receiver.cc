#include "adapters/scan_car/receiver.h"

#include <algorithm>

#include "adapters/http/bearer.h"

namespace dispecer::scan_car {
namespace {

constexpr std::size_t kMostReads = 2000;
constexpr double kMaxAhead = 60;  // s

}  // namespace

Receiver::Receiver(std::vector<Car> cars, std::vector<ParkingArea> areas, OnRead on_read)
    : areas_(std::move(areas)), on_read_(std::move(on_read)) {
  for (auto& car : cars) {
    const auto id = car.id.str();
    lines_[id].car = std::move(car);
  }
}

http::Response Receiver::handle(const http::Request& request, UtcTime now) {
  const auto refuse = [&](unsigned status, const std::string& cause) {
    ++counters_["scan_car." + cause];
    return http::refuse(status, cause);
  };
  if (request.method != "POST") return refuse(405, "bad_method");
  const auto batch = anpr::parse_push(request.body, kMostReads);
  if (!batch) return refuse(400, batch.error().cause);
  const auto it = lines_.find(batch->device);
  if (it == lines_.end()) return refuse(404, "unknown_device");
  Line& line = it->second;
  if (!line.car.open && !http::bearer_matches(request, line.car.token))
    return refuse(401, "unauthorised");
  ++counters_["scan_car.requests"];
  line.clock.note(batch->sent, now);
  std::uint64_t accepted = 0;
  for (const auto& read : batch->reads) accepted += take(line, *batch, read, now) ? 1 : 0;
  for (const auto& [cause, n] : batch->refused) counters_["scan_car." + cause] += n;
  return http::reply("{\"accepted\":" + std::to_string(accepted) + "}");
}

bool Receiver::take(Line& line, const anpr::PushedBatch& batch, const anpr::PushedRead& read,
                    UtcTime now) {
  const auto drop = [&](const char* cause) {
    ++counters_["scan_car." + std::string(cause)];
    return false;
  };
  if (!read.lon || !read.lat || !read.position_sd) return drop("bad_position");
  if (in_seconds(read.t - now) > kMaxAhead) return drop("from_the_future");
  if (!line.seen.add(read.event)) return drop("duplicate");
  const LonLat position{*read.lon, *read.lat};
  ParkingId parking = match(areas_, position, *read.position_sd);
  if (parking.empty()) ++counters_["scan_car.unmatched"];
  const bool late = in_seconds(now - read.t) > kLate.value;
  if (late) ++counters_["scan_car.late"];
  ++counters_["scan_car.accepted"];
  on_read_({anpr::read_id(batch.device, read.event), line.car.id, read.t, position,
            Metres{*read.position_sd}, std::move(parking), read.plate, read.country,
            read.confidence, read.image, line.clock.error(), std::nullopt},
           late);
  return true;
}

}  // namespace dispecer::scan_car
