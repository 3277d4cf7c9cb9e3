#include "sim/devices/scan_car/scan_car.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>

#include "sim/devices/plate_reader/ocr.h"

namespace dispecer::sim {
namespace {

constexpr std::size_t kReadsPerSecond = 3;
constexpr Duration kBetweenAreas = std::chrono::seconds(20);
constexpr double kMissed = 0.03;
constexpr double kClockFault = 5;  // s

bool number(const city::DeviceRow& row, const char* key, double& value) {
  const auto it = row.settings.find(key);
  if (it == row.settings.end()) return true;
  const auto* end = it->second.data() + it->second.size();
  const auto parsed = std::from_chars(it->second.data(), end, value);
  return parsed.ec == std::errc{} && parsed.ptr == end && value >= 0;
}

// Two independent normal numbers (Box and Muller 1958).
std::pair<double, double> gauss_pair(const std::string& text, std::uint64_t seed) {
  const double r = std::sqrt(-2 * std::log(1 - chance(text + "/r", seed)));
  const double a = 2 * std::numbers::pi * chance(text + "/a", seed);
  return {r * std::cos(a), r * std::sin(a)};
}

}  // namespace

Result<std::unique_ptr<ScanCarDevice>> ScanCarDevice::make(const DeviceContext& context) {
  auto device = std::make_unique<ScanCarDevice>();
  device->seed_ = context.seed;
  for (const auto& row : context.rows) {
    Car car;
    car.row = row.id;
    if (!number(row, "lap_s", car.lap_s) || !number(row, "noise_m", car.noise_m))
      return Error{"bad_setting", "lap_s and noise_m are numbers, 0 or more", row.id};
    const auto own = row.settings.find("device");
    car.line = std::make_unique<PushLine>(
        *context.io, PushLineOptions{own != row.settings.end() ? own->second : row.id,
                                     push_url(row.address, "/scan_car"),
                                     context.secret ? context.secret(row.secret) : ""});
    device->cars_.push_back(std::move(car));
  }
  return device;
}

void ScanCarDevice::tick(const StreetView& view, UtcTime now) {
  for (auto& car : cars_) {
    if (car.faults.contains("dead")) continue;
    drive(car, view, now);
    car.line->work(now, car.faults.contains("wrong_clock") ? kClockFault : 0);
  }
}

void ScanCarDevice::drive(Car& car, const StreetView& view, UtcTime now) {
  if (view.parked.empty()) return;
  if (car.area.empty() || now < car.lap_began) {
    const bool rests =
        car.lap > 0 && now >= car.lap_began && in_seconds(now - car.lap_began) < car.lap_s;
    if (rests) return;
    ++car.lap;
    car.lap_began = now;
    car.area = view.parked.begin()->first;
    car.bay.reset();
    car.arrives = now;
  }
  if (now < car.arrives) return;
  const auto here = view.parked.find(car.area);
  std::size_t budget = kReadsPerSecond;
  if (here != view.parked.end()) {
    for (const auto& vehicle : here->second) {
      if (car.bay && vehicle.bay <= *car.bay) continue;
      if (budget == 0) return;
      --budget;
      car.bay = vehicle.bay;
      read(car, view, vehicle, now);
    }
  }
  const auto next = view.parked.upper_bound(car.area);
  car.area = next != view.parked.end() ? next->first : ParkingId();
  car.bay.reset();
  car.arrives = now + kBetweenAreas;
}

void ScanCarDevice::read(Car& car, const StreetView& view, const ParkedVehicle& vehicle,
                         UtcTime now) {
  const auto occasion = std::to_string(view.epoch) + "-" + std::to_string(car.lap);
  const auto what = vehicle.id + "/" + occasion;
  if (vehicle.plate.empty() || chance(what + "/missed", seed_) < kMissed) return;
  const auto seen = read_plate(vehicle.id, vehicle.plate, occasion, seed_);
  const auto [east, north] = gauss_pair(what, seed_);
  const auto position =
      LocalPlane(vehicle.position).to_lon_lat({east * car.noise_m, north * car.noise_m});
  PushRead read;
  read.id = occasion + "-" + std::to_string(++car.reads) + "-" + std::to_string(now.us);
  read.t = now;
  read.plate = seen.plate;
  read.country = seen.country;
  read.confidence = seen.confidence;
  read.image = car.row + "/" + read.id + ".jpg";
  read.somewhere = true;
  read.lon = position.lon;
  read.lat = position.lat;
  read.sd = std::max(car.noise_m, 0.5);
  car.line->add(std::move(read));
}

bool ScanCarDevice::set_fault(std::string_view row, std::string_view name, bool on) {
  static const std::set<std::string, std::less<>> kKnown{"dead", "offline", "wrong_clock",
                                                         "garbage"};
  if (!kKnown.contains(name)) return false;
  bool found = false;
  for (auto& car : cars_) {
    if (!row.empty() && row != car.row) continue;
    found = true;
    if (on) {
      car.faults.emplace(name);
    } else {
      car.faults.erase(std::string(name));
    }
    car.line->set_offline(car.faults.contains("offline"));
    car.line->set_garbage(car.faults.contains("garbage"));
  }
  return found;
}

std::map<std::string, std::uint64_t> ScanCarDevice::counters() const {
  std::map<std::string, std::uint64_t> all;
  for (const auto& car : cars_) {
    all["scan_car.reads"] += car.reads;
    all["scan_car.laps"] += car.lap;
    for (const auto& [name, n] : car.line->counters()) all["scan_car." + name] += n;
  }
  return all;
}

}  // namespace dispecer::sim
