// Counting cameras over parking areas. Each address serves
//   GET /counts                 what the centre's dialect "camera" reads
//   (adapters/parking_counts/record.h) GET /images/<parking>.png   the still picture that was
//   counted: bays, vehicles, name, time
//
// Error model: every 10 s a new picture; of the standing vehicles 1 % are overlooked in it, and of
// the free bays 0.3 % are taken for occupied (shadows, wet ground).
//
// Faults, beside those of HttpDevice: stuck (the same picture again and again), inverted (occupied
// read as free), over_capacity, negative, no_time, wrong_clock (an hour ahead), dirty (a third of
// the vehicles overlooked).
// Settings of a row: parking or area (id; without them the row's id), period_s (10).
#pragma once

#include <memory>
#include <set>

#include "sim/devices/device.h"
#include "sim/devices/http_device/http_device.h"

namespace dispecer::sim {

class ParkingCameraDevice final : public Device {
 public:
  // Errors: those of HttpDevice, and unknown_parking.
  static Result<std::unique_ptr<ParkingCameraDevice>> make(const DeviceContext& context);

  void tick(const StreetView& view, UtcTime now) override;
  bool set_fault(std::string_view row, std::string_view name, bool on) override;
  [[nodiscard]] std::map<std::string, std::uint64_t> counters() const override;
  [[nodiscard]] std::uint16_t port_of(std::string_view row) const { return http_->port_of(row); }

 private:
  struct Camera {
    std::string row;
    ParkingArea area;
    Duration period;
    UtcTime taken;            // of the last picture
    std::vector<bool> seen;   // per bay, as the camera sees it
    std::vector<bool> truth;  // per bay
    std::set<std::string, std::less<>> faults;
  };
  explicit ParkingCameraDevice(const DeviceContext& context) : seed_(context.seed) {}
  void look(Camera& camera, const StreetView& view, UtcTime now) const;
  [[nodiscard]] http::Response answer(const http::Request& request, const Endpoint& at) const;
  [[nodiscard]] static std::string picture(const Camera& camera);

  std::uint64_t seed_;
  std::uint64_t pictures_ = 0;
  std::vector<Camera> cameras_;
  std::unique_ptr<HttpDevice> http_;
};

}  // namespace dispecer::sim
