#include "sim/street/parking_life.h"

#include <algorithm>

namespace dispecer::sim {
namespace {

// How drivers pay: most within three minutes and for one to four hours; some never do.
constexpr double kNeverPays = 0.10;
constexpr double kPaysWithin_s = 180;
constexpr double kShortest_s = 3600;
constexpr double kLongest_s = 4 * 3600;
constexpr double kBayLength_m = 5.5;
constexpr double kBayWidth_m = 2.5;

}  // namespace

ParkingLife::ParkingLife(const city::City& city, std::uint64_t seed) : city_(city), seed_(seed) {}

LonLat ParkingLife::place(const ParkingArea& area, std::uint32_t bay) const {
  const LocalPlane plane(area.position);
  if (area.kind == ParkingKind::on_street) {
    for (const auto& link : city_.network.links) {
      if (link.id != area.link) continue;
      std::vector<Local> line;
      for (const auto& p : link.shape) line.push_back(plane.to_local(p));
      return plane.to_lon_lat(point_at(line, area.along.value + kBayLength_m * bay));
    }
  }
  constexpr std::uint32_t kRow = 20;
  return plane.to_lon_lat({kBayWidth_m * (bay % kRow), 2 * kBayLength_m * (bay / kRow)});
}

bool ParkingLife::arrive(const std::string& vehicle, const ParkingId& id, UtcTime now) {
  const auto area = std::find_if(city_.parking.begin(), city_.parking.end(),
                                 [&](const ParkingArea& a) { return a.id == id; });
  if (area == city_.parking.end() || where_.contains(vehicle)) return false;
  std::uint32_t bay = 0;
  while (bay < area->capacity && stays_.contains({id, bay})) ++bay;
  if (bay == area->capacity) return false;
  Stay stay;
  stay.vehicle = {vehicle, plate_of(vehicle, seed_), id, bay, place(*area, bay), now, {}};
  if (chance(vehicle + "/pays", seed_) >= kNeverPays) {
    stay.pays_at = now + from_seconds(kPaysWithin_s * chance(vehicle + "/when", seed_));
    const double length =
        kShortest_s + (kLongest_s - kShortest_s) * chance(vehicle + "/length", seed_);
    stay.paid_until = *stay.pays_at + from_seconds(length);
  }
  stays_[{id, bay}] = std::move(stay);
  where_[vehicle] = {id, bay};
  return true;
}

void ParkingLife::leave(const std::string& vehicle) {
  const auto it = where_.find(vehicle);
  if (it == where_.end()) return;
  stays_.erase(it->second);
  where_.erase(it);
}

const std::map<ParkingId, std::vector<ParkedVehicle>>& ParkingLife::at(UtcTime now) {
  for (auto& [id, list] : out_) list.clear();
  for (const auto& area : city_.parking) out_[area.id];
  for (auto& [where, stay] : stays_) {
    if (stay.pays_at && now >= *stay.pays_at) stay.vehicle.paid_until = stay.paid_until;
    out_[where.first].push_back(stay.vehicle);
  }
  return out_;
}

}  // namespace dispecer::sim
