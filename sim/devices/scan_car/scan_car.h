// A scan car: drives along all parking areas in turn and reads what stands there, three vehicles a
// second, lap after lap. A lap takes 7 min or more, so that each vehicle is read again after the
// grace. Position error: sd 4 m on either axis and told as 4 m; readings as plate_reader/ocr.h; 3 %
// of the vehicles are missed (hidden by another one).
//
// Faults: dead, offline (reads are kept and pushed later), wrong_clock (5 s ahead), garbage.
// Settings of the row: device (own name; the row's id), lap_s (420), noise_m (4).
#pragma once

#include <set>

#include "fusion/model/result.h"
#include "sim/devices/device.h"
#include "sim/devices/plate_reader/push_line.h"

namespace dispecer::sim {

class ScanCarDevice final : public Device {
 public:
  // Error bad_setting.
  static Result<std::unique_ptr<ScanCarDevice>> make(const DeviceContext& context);

  void tick(const StreetView& view, UtcTime now) override;
  bool set_fault(std::string_view row, std::string_view name, bool on) override;
  [[nodiscard]] std::map<std::string, std::uint64_t> counters() const override;

 private:
  struct Car {
    std::string row;
    std::unique_ptr<PushLine> line;
    std::set<std::string, std::less<>> faults;
    double lap_s = 420;
    double noise_m = 4;
    std::uint64_t lap = 0;
    UtcTime lap_began;
    ParkingId area;                    // where it is; empty = between two laps
    std::optional<std::uint32_t> bay;  // last one read there
    UtcTime arrives;                   // at `area`
    std::uint64_t reads = 0;
  };
  void drive(Car& car, const StreetView& view, UtcTime now);
  void read(Car& car, const StreetView& view, const ParkedVehicle& vehicle, UtcTime now);

  std::uint64_t seed_ = 1;
  std::vector<Car> cars_;
};

}  // namespace dispecer::sim
