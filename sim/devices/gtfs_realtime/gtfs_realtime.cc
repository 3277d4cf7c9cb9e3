#include "sim/devices/gtfs_realtime/gtfs_realtime.h"

#include <array>
#include <cmath>
#include <cstdlib>

namespace dispecer::sim {
namespace {

using gtfs_realtime::Feed;
using gtfs_realtime::FeedVehicle;

constexpr double kCorrelation = 0.7;
constexpr double kSpeedSd = 0.3;
constexpr std::array kFaults{"frozen",       "wrong_trip",   "unknown_trip",  "wrong_clock",
                             "no_timestamp", "milliseconds", "duplicate_ids", "silent"};

double number(const DeviceContext& context, const std::string& key, double fallback) {
  if (context.rows.empty()) return fallback;
  const auto found = context.rows.front().settings.find(key);
  return found == context.rows.front().settings.end() ? fallback
                                                      : std::strtod(found->second.c_str(), nullptr);
}

std::uint64_t whole_seconds(UtcTime t) {
  return static_cast<std::uint64_t>(t.us / 1'000'000);
}

}  // namespace

GtfsRealtimeDevice::GtfsRealtimeDevice(const DeviceContext& context)
    : plane_(context.city->centre),
      seed_(context.seed),
      noise_m_(number(context, "noise_m", 4)),
      late_share_(number(context, "late_share", 0.2)) {
  bytes_ = gtfs_realtime::encode(Feed{"2.0", 0, 0, {}});
}

Result<std::unique_ptr<GtfsRealtimeDevice>> GtfsRealtimeDevice::make(const DeviceContext& context) {
  std::unique_ptr<GtfsRealtimeDevice> device(new GtfsRealtimeDevice(context));
  auto http =
      HttpDevice::open(context, [d = device.get()](const http::Request& request, const Endpoint&) {
        if (request.method != "GET") return http::refuse(405, "only GET");
        return versioned(request, d->bytes_, "application/x-protobuf");
      });
  if (!http) return http.error();
  device->http_ = std::move(*http);
  return device;
}

FeedVehicle GtfsRealtimeDevice::measure(const StreetVehicle& bus, Receiver& receiver, UtcTime now) {
  const std::string key = bus.id + "@" + std::to_string(whole_seconds(now));
  // Stationary sd stays noise_m from the first fix on.
  const double memory = receiver.seen ? kCorrelation : 0;
  const double fresh = noise_m_ * std::sqrt(1 - memory * memory);
  receiver.east = memory * receiver.east + fresh * gauss(key + "e", seed_);
  receiver.north = memory * receiver.north + fresh * gauss(key + "n", seed_);
  receiver.seen = true;
  Local place = plane_.to_local(bus.position);
  place.x += receiver.east;
  place.y += receiver.north;
  const LonLat shown = plane_.to_lon_lat(place);

  FeedVehicle v;
  v.id = bus.id;
  v.has_position = true;
  v.lat = shown.lat;
  v.lon = shown.lon;
  v.timestamp = whole_seconds(now);
  const double speed = std::max(0.0, bus.speed_mps + kSpeedSd * gauss(key + "s", seed_));
  v.speed = bus.at_stop ? 0 : speed;
  if (*v.speed >= 0.5) v.bearing = bus.bearing_deg;
  if (!bus.trip.empty() || !bus.line.empty()) {
    v.trip.emplace();
    if (!bus.trip.empty()) v.trip->trip_id = bus.trip.str();
    if (!bus.line.empty()) v.trip->route_id = bus.line.str();
    if (!bus.start_date.empty()) v.trip->start_date = bus.start_date;
    v.trip->relationship = 0;
  }
  if (!bus.next_stop.empty()) {
    v.stop_id = bus.next_stop.str();
    v.stop_sequence = bus.stop_sequence;
    v.status = bus.at_stop ? 1 : 2;
  }
  if (bus.places > 0) v.load_percent = (100 * bus.passengers + bus.places / 2) / bus.places;
  return v;
}

void GtfsRealtimeDevice::tick(const StreetView& view, UtcTime now) {
  Feed feed{"2.0", 0, whole_seconds(now), {}};
  std::set<std::string> present;
  for (const auto& bus : view.vehicles) {
    if (bus.kind != RoadUser::bus && bus.kind != RoadUser::trolleybus) continue;
    present.insert(bus.id);
    auto& receiver = receivers_[bus.id];
    FeedVehicle shown = measure(bus, receiver, now);
    if (chance("late " + bus.id, seed_) < late_share_) {
      const bool first = !receiver.has_held;
      std::swap(shown, receiver.held);
      receiver.has_held = true;
      if (first) continue;
    }
    ++positions_;
    feed.entities.push_back({"v_" + bus.id, false, false, false, std::move(shown)});
  }
  std::erase_if(receivers_, [&](const auto& item) { return !present.contains(item.first); });
  if (faults_.contains("frozen")) return;
  spoil(feed);
  bytes_ = gtfs_realtime::encode(feed);
  ++version_;
}

void GtfsRealtimeDevice::spoil(Feed& feed) const {
  if (faults_.contains("silent")) feed.entities.clear();
  if (faults_.contains("wrong_trip") && !feed.entities.empty()) {
    const auto first = feed.entities.front().vehicle->trip;
    for (std::size_t i = 0; i + 1 < feed.entities.size(); ++i)
      feed.entities[i].vehicle->trip = feed.entities[i + 1].vehicle->trip;
    feed.entities.back().vehicle->trip = first;
  }
  for (auto& entity : feed.entities) {
    auto& v = *entity.vehicle;
    if (faults_.contains("unknown_trip") && v.trip)
      v.trip->trip_id = v.trip->trip_id.value_or("") + "?";
    if (faults_.contains("wrong_clock")) *v.timestamp += 3600;
    if (faults_.contains("milliseconds")) *v.timestamp *= 1000;
    if (faults_.contains("no_timestamp")) v.timestamp.reset();
    if (faults_.contains("duplicate_ids")) v.id = feed.entities.front().vehicle->id;
  }
  if (faults_.contains("wrong_clock")) *feed.timestamp += 3600;
  if (faults_.contains("milliseconds")) *feed.timestamp *= 1000;
}

bool GtfsRealtimeDevice::set_fault(std::string_view row, std::string_view name, bool on) {
  if (HttpDevice::knows(name)) return http_->set_fault(row, name, on);
  if (std::find(kFaults.begin(), kFaults.end(), name) == kFaults.end()) return false;
  bool ours = row.empty();
  for (const auto& r : http_->rows()) ours = ours || r.id == row;
  if (!ours) return false;
  if (on) {
    faults_.emplace(name);
  } else if (const auto at = faults_.find(name); at != faults_.end()) {
    faults_.erase(at);
  }
  return true;
}

std::map<std::string, std::uint64_t> GtfsRealtimeDevice::counters() const {
  std::map<std::string, std::uint64_t> all;
  for (const auto& [name, n] : http_->counters()) all["gtfs_realtime." + name] = n;
  all["gtfs_realtime.positions"] = positions_;
  all["gtfs_realtime.feeds"] = version_;
  return all;
}

std::uint16_t GtfsRealtimeDevice::port() const {
  return http_->rows().empty() ? std::uint16_t{0} : http_->port_of(http_->rows().front().id);
}

}  // namespace dispecer::sim
