// The permit and payment register of the simulated city; speaks the dialect of
// adapters/registers/answer.h. It knows the vehicles that live in the street: permits by
// sim::permits_of, payments by what was paid for a bay, fleets of buses and of emergency services.
// A plate that no vehicle bears has no right. Renewed every 60 s.
//
// Faults, beside those of HttpDevice: stale (is not renewed any more), wrong_clock (an hour ahead).
#pragma once

#include <memory>
#include <set>

#include "sim/devices/device.h"
#include "sim/devices/http_device/http_device.h"

namespace dispecer::sim {

class RegistersDevice final : public Device {
 public:
  static Result<std::unique_ptr<RegistersDevice>> make(const DeviceContext& context);

  void tick(const StreetView& view, UtcTime now) override;
  bool set_fault(std::string_view row, std::string_view name, bool on) override;
  [[nodiscard]] std::map<std::string, std::uint64_t> counters() const override;
  [[nodiscard]] std::uint16_t port() const;

 private:
  struct Payment {
    UtcTime from;
    UtcTime until;
  };
  struct Entry {
    std::set<PermitKind> permits;
    std::vector<Payment> payments;
  };
  explicit RegistersDevice(const DeviceContext& context) : seed_(context.seed) {}
  http::Response answer(const http::Request& request);
  http::Response rights(const std::string& body);
  http::Response exempt() const;
  void learn(const StreetView& view);
  Entry& know(const std::string& plate, RoadUser kind);

  std::uint64_t seed_;
  std::map<std::string, Entry> entries_;  // by plate
  UtcTime updated_;
  bool stale_ = false;
  bool wrong_clock_ = false;
  std::string row_;
  std::map<std::string, std::uint64_t> counters_;
  std::unique_ptr<HttpDevice> http_;
};

}  // namespace dispecer::sim
