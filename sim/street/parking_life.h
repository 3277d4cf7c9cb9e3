// Who stands in which bay, since when, and paid until when.
#pragma once

#include <map>

#include "sim/devices/device.h"

namespace dispecer::sim {

class ParkingLife {
 public:
  ParkingLife(const city::City& city, std::uint64_t seed);
  // Takes the lowest free bay. False = no such area, or it is full.
  bool arrive(const std::string& vehicle, const ParkingId& area, UtcTime now);
  void leave(const std::string& vehicle);
  // Brings payments up to `now` and returns all that stand, by bay.
  const std::map<ParkingId, std::vector<ParkedVehicle>>& at(UtcTime now);

 private:
  struct Stay {
    ParkedVehicle vehicle;
    std::optional<UtcTime> pays_at;
    UtcTime paid_until;
  };
  [[nodiscard]] LonLat place(const ParkingArea& area, std::uint32_t bay) const;

  const city::City& city_;
  std::uint64_t seed_;
  std::map<std::pair<ParkingId, std::uint32_t>, Stay> stays_;
  std::map<std::string, std::pair<ParkingId, std::uint32_t>> where_;
  std::map<ParkingId, std::vector<ParkedVehicle>> out_;
};

}  // namespace dispecer::sim
