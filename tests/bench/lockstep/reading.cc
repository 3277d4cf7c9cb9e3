#include "tests/bench/lockstep/reading.h"

#include <cstdio>

#include "adapters/gtfs/service_day.h"

namespace dispecer::bench {
namespace {

std::uint32_t service_date(const Timetable& timetable) {
  for (const auto& s : timetable.services) {
    if (!s.days.empty()) return s.days[s.days.size() / 2];
  }
  return 20260302;
}

}  // namespace

Result<BenchDay> bench_day(const Timetable& timetable, const city::City& city) {
  const auto date = service_date(timetable);
  const auto zone = city.timezone.empty() ? std::string("UTC") : city.timezone;
  char text[32];
  std::snprintf(text, sizeof text, "%04u-%02u-%02uT12:00:00Z", date / 10000, date / 100 % 100,
                date % 100);
  const auto noon = parse_iso(text);
  if (!noon) return noon.error();
  const auto days =
      gtfs::local_day_starts(zone, *noon - from_seconds(86400), *noon + from_seconds(86400));
  if (!days) return days.error();
  for (const auto& d : *days) {
    if (d.date == date) return BenchDay{date, d.start, zone};
  }
  return Error{"bad_date", "no such service day", zone};
}

DetectorSample sample_of(const DetectorId& id, const sim::DetectorReading& reading) {
  DetectorSample sample;
  sample.detector = id;
  sample.count = reading.count;
  sample.occupancy = {reading.occupancy};
  sample.occupied = reading.occupied;
  if (reading.speed_mps) sample.speed = MetresPerSecond{*reading.speed_mps};
  return sample;
}

std::vector<DetectorBatch> batches_of(const Network& network,
                                      const std::map<DetectorId, DetectorSample>& samples,
                                      UtcTime now) {
  std::map<JunctionId, DetectorBatch> batches;
  for (const auto& d : network.detectors) {
    const auto it = samples.find(d.id);
    if (it == samples.end()) continue;
    auto& batch = batches[d.junction];
    batch.junction = d.junction;
    batch.from = now - from_seconds(1);
    batch.to = now;
    batch.samples.push_back(it->second);
  }
  std::vector<DetectorBatch> out;
  for (auto& [id, batch] : batches) out.push_back(std::move(batch));
  return out;
}

VehiclePosition position_of(const sim::StreetVehicle& bus, UtcTime now) {
  VehiclePosition p;
  p.vehicle = VehicleId(bus.id);
  p.t = now;
  p.position = bus.position;
  p.bearing = Bearing{bus.bearing_deg};
  p.speed = MetresPerSecond{bus.speed_mps};
  p.trip = bus.trip;
  p.line = bus.line;
  p.start_date = bus.start_date;
  p.stop_sequence = bus.stop_sequence;
  p.stop_status = bus.at_stop ? StopStatus::stopped : StopStatus::in_transit;
  return p;
}

}  // namespace dispecer::bench
