// The operator's vehicle location service: a GTFS-Realtime feed of all buses on the street, renewed
// each second, served at any path of its address.
//
// Error model: position sd 4 m on either axis, correlated from fix to fix (factor 0.7); speed sd
// 0.3 m/s; one bus in five reports one second late. No bearing below 0.5 m/s. Positions carry whole
// seconds, as the standard wants them.
//
// Faults, beside those of HttpDevice: frozen (the feed stops being renewed), wrong_trip (each bus
// names the trip of the next), unknown_trip, wrong_clock (an hour ahead), no_timestamp,
// milliseconds, duplicate_ids, silent (no bus in the feed).
// Settings of the row: noise_m (4), late_share (0.2).
#pragma once

#include <deque>
#include <memory>
#include <random>
#include <set>

#include "adapters/gtfs_realtime/message/message.h"
#include "sim/devices/device.h"
#include "sim/devices/http_device/http_device.h"

namespace dispecer::sim {

class GtfsRealtimeDevice final : public Device {
 public:
  static Result<std::unique_ptr<GtfsRealtimeDevice>> make(const DeviceContext& context);

  void tick(const StreetView& view, UtcTime now) override;
  bool set_fault(std::string_view row, std::string_view name, bool on) override;
  [[nodiscard]] std::map<std::string, std::uint64_t> counters() const override;
  [[nodiscard]] std::uint16_t port() const;

 private:
  struct Receiver {
    double east = 0;  // present error, m
    double north = 0;
    bool seen = false;
    gtfs_realtime::FeedVehicle held;  // of the second before, for one that reports late
    bool has_held = false;
  };
  explicit GtfsRealtimeDevice(const DeviceContext& context);
  gtfs_realtime::FeedVehicle measure(const StreetVehicle& bus, Receiver& receiver, UtcTime now);
  void spoil(gtfs_realtime::Feed& feed) const;

  LocalPlane plane_;
  std::uint64_t seed_;
  double noise_m_ = 4;
  double late_share_ = 0.2;
  std::map<std::string, Receiver> receivers_;
  std::set<std::string, std::less<>> faults_;
  std::string bytes_;
  std::uint64_t version_ = 0;
  std::uint64_t positions_ = 0;
  std::unique_ptr<HttpDevice> http_;
};

}  // namespace dispecer::sim
