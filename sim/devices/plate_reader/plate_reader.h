// The plate readers at the gates: each passage becomes a read with the errors of ocr.h and is
// pushed to the centre.
//
// Faults: dead (nothing is pushed), wrong_clock (5 s ahead), garbage (half a message), unreadable
// (a blind camera), duplicate (each read twice).
#pragma once

#include <set>

#include "fusion/model/result.h"
#include "sim/devices/device.h"
#include "sim/devices/plate_reader/push_line.h"

namespace dispecer::sim {

class PlateReaderDevice final : public Device {
 public:
  // Error unknown_gate: a row whose reader stands at no gate of the city and names none.
  static Result<std::unique_ptr<PlateReaderDevice>> make(const DeviceContext& context);

  void tick(const StreetView& view, UtcTime now) override;
  bool set_fault(std::string_view row, std::string_view name, bool on) override;
  [[nodiscard]] std::map<std::string, std::uint64_t> counters() const override;

 private:
  struct Reader {
    std::string row;
    std::set<std::string, std::less<>> faults;
    std::unique_ptr<PushLine> line;
    std::uint64_t reads = 0;
  };
  explicit PlateReaderDevice(std::uint64_t seed) : seed_(seed) {}

  std::uint64_t seed_;
  std::map<GateId, Reader> readers_;
};

}  // namespace dispecer::sim
