#include "sim/devices/parking_camera/parking_camera.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "sim/devices/parking_camera/png.h"

namespace dispecer::sim {
namespace {

namespace json = boost::json;

constexpr double kOverlooked = 0.01;
constexpr double kOverlookedDirty = 1.0 / 3;
constexpr double kImagined = 0.003;
constexpr std::array kFaults{"stuck",   "inverted",    "over_capacity", "negative",
                             "no_time", "wrong_clock", "dirty"};

std::string setting(const city::DeviceRow& row, const std::string& key) {
  const auto found = row.settings.find(key);
  return found == row.settings.end() ? "" : found->second;
}

std::string parking_of(const city::DeviceRow& row) {
  for (const char* key : {"parking", "area"}) {
    if (const auto named = setting(row, key); !named.empty()) return named;
  }
  return row.id;
}

}  // namespace

Result<std::unique_ptr<ParkingCameraDevice>> ParkingCameraDevice::make(
    const DeviceContext& context) {
  std::unique_ptr<ParkingCameraDevice> device(new ParkingCameraDevice(context));
  for (const auto& row : context.rows) {
    const ParkingId id(parking_of(row));
    const auto& areas = context.city->parking;
    const auto area =
        std::find_if(areas.begin(), areas.end(), [&](const auto& a) { return a.id == id; });
    if (area == areas.end())
      return Error{"unknown_parking", "the city has no parking area " + id.str(), row.id};
    Camera camera;
    camera.row = row.id;
    camera.area = *area;
    const double period = std::strtod(setting(row, "period_s").c_str(), nullptr);
    camera.period = from_seconds(period > 0 ? period : 10);
    camera.seen.assign(area->capacity, false);
    camera.truth = camera.seen;
    device->cameras_.push_back(std::move(camera));
  }
  auto http = HttpDevice::open(
      context, [d = device.get()](const http::Request& request, const Endpoint& at) {
        return d->answer(request, at);
      });
  if (!http) return http.error();
  device->http_ = std::move(*http);
  return device;
}

void ParkingCameraDevice::tick(const StreetView& view, UtcTime now) {
  for (auto& camera : cameras_) {
    // A backward jump of the clock is a new day for the camera.
    if (now >= camera.taken && now - camera.taken < camera.period) continue;
    if (camera.faults.contains("stuck") && camera.taken.us != 0) continue;
    look(camera, view, now);
    ++pictures_;
  }
}

void ParkingCameraDevice::look(Camera& camera, const StreetView& view, UtcTime now) const {
  camera.taken = now;
  std::fill(camera.truth.begin(), camera.truth.end(), false);
  const auto found = view.parked.find(camera.area.id);
  if (found != view.parked.end()) {
    for (const auto& vehicle : found->second) {
      if (vehicle.bay < camera.truth.size()) camera.truth[vehicle.bay] = true;
    }
  }
  const double overlooked = camera.faults.contains("dirty") ? kOverlookedDirty : kOverlooked;
  for (std::size_t bay = 0; bay < camera.truth.size(); ++bay) {
    const double luck = chance(
        camera.row + "/" + std::to_string(bay) + "@" + std::to_string(now.us / 1'000'000), seed_);
    camera.seen[bay] = camera.truth[bay] ? luck >= overlooked : luck < kImagined;
  }
}

http::Response ParkingCameraDevice::answer(const http::Request& request, const Endpoint& at) const {
  if (request.method != "GET") return http::refuse(405, "only GET");
  const auto rows = http_->rows_at(at);
  const auto here = [&](const Camera& camera) {
    return std::any_of(rows.begin(), rows.end(),
                       [&](const auto& row) { return row.id == camera.row; });
  };
  const std::string path = http::path_of(request.target);
  if (path.starts_with("/images/") && path.ends_with(".png")) {
    const std::string id = path.substr(8, path.size() - 12);
    for (const auto& camera : cameras_) {
      if (here(camera) && camera.area.id.str() == id)
        return versioned(request, picture(camera), "image/png");
    }
    return http::refuse(404, "no such camera");
  }
  if (!path.ends_with("/counts")) return http::refuse(404, "ask /counts or /images/<parking>.png");

  json::array counts;
  for (const auto& camera : cameras_) {
    if (!here(camera) || camera.taken.us == 0) continue;
    const auto capacity = static_cast<std::int64_t>(camera.seen.size());
    std::int64_t occupied = std::count(camera.seen.begin(), camera.seen.end(), true);
    std::int64_t free = capacity - occupied;
    if (camera.faults.contains("inverted")) std::swap(occupied, free);
    if (camera.faults.contains("over_capacity")) free = capacity * 59 + 1;
    if (camera.faults.contains("negative")) occupied = -occupied - 1;
    json::object record{{"parking", camera.area.id.str()},
                        {"occupied", occupied},
                        {"free", free},
                        {"capacity", capacity},
                        {"image", "/images/" + camera.area.id.str() + ".png"}};
    if (!camera.faults.contains("no_time")) {
      const Duration ahead{camera.faults.contains("wrong_clock") ? std::chrono::hours{1}
                                                                 : std::chrono::hours{0}};
      record["time"] = to_iso(camera.taken + ahead);
    }
    counts.push_back(std::move(record));
  }
  json::object document{{"device", rows.empty() ? "" : rows.front().id}, {"counts", counts}};
  return versioned(request, json::serialize(document), "application/json");
}

std::string ParkingCameraDevice::picture(const Camera& camera) {
  constexpr std::uint32_t kColumns = 20;
  constexpr std::uint32_t kBayWidth = 16;
  constexpr std::uint32_t kBayHeight = 28;
  constexpr std::uint32_t kHead = 26;
  constexpr Colour kAsphalt{72, 74, 78};
  constexpr Colour kPaint{225, 225, 220};
  constexpr std::array kCars{Colour{196, 40, 40}, Colour{40, 80, 170},   Colour{235, 235, 235},
                             Colour{20, 20, 24},  Colour{150, 152, 156}, Colour{60, 110, 70}};
  const auto bays = static_cast<std::uint32_t>(camera.truth.size());
  const std::uint32_t rows = std::max(1U, (bays + kColumns - 1) / kColumns);
  Picture p(kColumns * kBayWidth + 8, std::min(4000U, kHead + rows * (kBayHeight + 12)), kAsphalt);
  p.fill(0, 0, p.width(), kHead - 4, {16, 16, 18});
  p.write(4, 4, camera.area.id.str(), 2, kPaint);
  p.write(4, 15, to_iso(camera.taken).substr(0, 19), 1, kPaint);
  for (std::uint32_t bay = 0; bay < bays; ++bay) {
    const auto x = std::int64_t{4} + bay % kColumns * kBayWidth;
    const auto y = std::int64_t{kHead} + bay / kColumns * (kBayHeight + 12);
    p.fill(x, y, x + 1, y + kBayHeight, kPaint);
    p.fill(x + kBayWidth - 1, y, x + kBayWidth, y + kBayHeight, kPaint);
    if (!camera.truth[bay]) continue;
    const double pick = chance(camera.row + std::to_string(bay), bay);
    const auto& body = kCars[static_cast<std::size_t>(pick * kCars.size())];
    p.fill(x + 3, y + 3, x + kBayWidth - 3, y + kBayHeight - 3, body);
    p.fill(x + 4, y + 8, x + kBayWidth - 4, y + 12, {130, 160, 185});  // windscreen
  }
  return p.png();
}

bool ParkingCameraDevice::set_fault(std::string_view row, std::string_view name, bool on) {
  if (HttpDevice::knows(name)) return http_->set_fault(row, name, on);
  if (std::find(kFaults.begin(), kFaults.end(), name) == kFaults.end()) return false;
  bool found = false;
  for (auto& camera : cameras_) {
    if (!row.empty() && camera.row != row) continue;
    found = true;
    if (on) {
      camera.faults.emplace(name);
    } else if (const auto at = camera.faults.find(name); at != camera.faults.end()) {
      camera.faults.erase(at);
    }
  }
  return found;
}

std::map<std::string, std::uint64_t> ParkingCameraDevice::counters() const {
  std::map<std::string, std::uint64_t> all;
  for (const auto& [name, n] : http_->counters()) all["parking_camera." + name] = n;
  all["parking_camera.pictures"] = pictures_;
  return all;
}

}  // namespace dispecer::sim
