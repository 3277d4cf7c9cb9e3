#include "adapters/gtfs_realtime/message/message.h"

#include "adapters/gtfs_realtime/message/feed.pb.h"

namespace dispecer::gtfs_realtime {
namespace {

FeedTrip from_wire(const wire::Trip& w) {
  FeedTrip t;
  if (w.has_trip_id()) t.trip_id = w.trip_id();
  if (w.has_route_id()) t.route_id = w.route_id();
  if (w.has_start_date()) t.start_date = w.start_date();
  if (w.has_start_time()) t.start_time = w.start_time();
  if (w.has_direction_id()) t.direction = w.direction_id();
  if (w.has_schedule_relationship()) t.relationship = w.schedule_relationship();
  return t;
}

FeedVehicle from_wire(const wire::Vehicle& w) {
  FeedVehicle v;
  if (w.has_trip()) v.trip = from_wire(w.trip());
  if (w.has_vehicle() && w.vehicle().has_id()) v.id = w.vehicle().id();
  if (w.has_vehicle() && w.vehicle().has_label()) v.label = w.vehicle().label();
  v.has_position = w.has_position();
  const auto& p = w.position();
  if (p.has_latitude()) v.lat = static_cast<double>(p.latitude());
  if (p.has_longitude()) v.lon = static_cast<double>(p.longitude());
  if (p.has_bearing()) v.bearing = static_cast<double>(p.bearing());
  if (p.has_speed()) v.speed = static_cast<double>(p.speed());
  if (w.has_current_stop_sequence()) v.stop_sequence = w.current_stop_sequence();
  if (w.has_stop_id()) v.stop_id = w.stop_id();
  if (w.has_current_status()) v.status = w.current_status();
  if (w.has_timestamp()) v.timestamp = w.timestamp();
  if (w.has_occupancy_status()) v.occupancy = w.occupancy_status();
  if (w.has_occupancy_percentage()) v.load_percent = w.occupancy_percentage();
  return v;
}

void to_wire(const FeedTrip& t, wire::Trip& w) {
  if (t.trip_id) w.set_trip_id(*t.trip_id);
  if (t.route_id) w.set_route_id(*t.route_id);
  if (t.start_date) w.set_start_date(*t.start_date);
  if (t.start_time) w.set_start_time(*t.start_time);
  if (t.direction) w.set_direction_id(*t.direction);
  if (t.relationship) w.set_schedule_relationship(*t.relationship);
}

void to_wire(const FeedVehicle& v, wire::Vehicle& w) {
  if (v.trip) to_wire(*v.trip, *w.mutable_trip());
  if (v.id) w.mutable_vehicle()->set_id(*v.id);
  if (v.label) w.mutable_vehicle()->set_label(*v.label);
  if (v.has_position) w.mutable_position();
  if (v.lat) w.mutable_position()->set_latitude(static_cast<float>(*v.lat));
  if (v.lon) w.mutable_position()->set_longitude(static_cast<float>(*v.lon));
  if (v.bearing) w.mutable_position()->set_bearing(static_cast<float>(*v.bearing));
  if (v.speed) w.mutable_position()->set_speed(static_cast<float>(*v.speed));
  if (v.stop_sequence) w.set_current_stop_sequence(*v.stop_sequence);
  if (v.stop_id) w.set_stop_id(*v.stop_id);
  if (v.status) w.set_current_status(*v.status);
  if (v.timestamp) w.set_timestamp(*v.timestamp);
  if (v.occupancy) w.set_occupancy_status(*v.occupancy);
  if (v.load_percent) w.set_occupancy_percentage(*v.load_percent);
}

}  // namespace

Result<Feed> decode(std::string_view bytes) {
  wire::Feed w;
  if (bytes.size() > (1U << 30) || !w.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return Error{"bad_protobuf",
                 std::to_string(bytes.size()) + " bytes that are no GTFS-Realtime message", ""};
  if (!w.has_header()) return Error{"no_header", "a feed without its header", ""};
  Feed feed;
  feed.version = w.header().gtfs_realtime_version();
  if (w.header().has_incrementality()) feed.incrementality = w.header().incrementality();
  if (w.header().has_timestamp()) feed.timestamp = w.header().timestamp();
  feed.entities.reserve(static_cast<std::size_t>(w.entity_size()));
  for (const auto& e : w.entity()) {
    FeedEntity entity{e.id(), e.is_deleted(), e.has_trip_update(), e.has_alert(), {}};
    if (e.has_vehicle()) entity.vehicle = from_wire(e.vehicle());
    feed.entities.push_back(std::move(entity));
  }
  return feed;
}

std::string encode(const Feed& feed) {
  wire::Feed w;
  auto& header = *w.mutable_header();
  header.set_gtfs_realtime_version(feed.version);
  if (feed.incrementality) header.set_incrementality(*feed.incrementality);
  if (feed.timestamp) header.set_timestamp(*feed.timestamp);
  for (const auto& entity : feed.entities) {
    auto& e = *w.add_entity();
    e.set_id(entity.id);
    if (entity.deleted) e.set_is_deleted(true);
    if (entity.vehicle) to_wire(*entity.vehicle, *e.mutable_vehicle());
  }
  return w.SerializeAsString();
}

}  // namespace dispecer::gtfs_realtime
