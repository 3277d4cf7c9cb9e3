// Variable message signs; speak the dialect of adapters/signs/signs.h at /signs/<id> of their
// address. Dark until told.
//
// Faults, beside those of HttpDevice: stuck (takes orders, goes on showing the same), dark (shows
// nothing and says that it is sick), other (shows something else than it was told).
#pragma once

#include <memory>
#include <set>

#include "sim/devices/device.h"
#include "sim/devices/http_device/http_device.h"

namespace dispecer::sim {

class SignDevice final : public Device {
 public:
  static Result<std::unique_ptr<SignDevice>> make(const DeviceContext& context);

  void tick(const StreetView& view, UtcTime now) override;
  bool set_fault(std::string_view row, std::string_view name, bool on) override;
  [[nodiscard]] std::map<std::string, std::uint64_t> counters() const override;
  [[nodiscard]] std::uint16_t port_of(std::string_view row) const;
  [[nodiscard]] std::string shows(const std::string& row) const;

 private:
  struct Face {
    std::string told;
    std::string path;  // of its own in the address, "" = /signs/<id>
    std::set<std::string, std::less<>> faults;
  };
  static std::string face(const Face& f);
  http::Response answer(const http::Request& request);

  std::map<std::string, Face> faces_;  // by row
  std::map<std::string, std::uint64_t> counters_;
  std::unique_ptr<HttpDevice> http_;
};

}  // namespace dispecer::sim
