// Air quality stations behind one OGC SensorThings 1.1 service per address. Served, with everything
// expanded whatever $expand asks for; $top is honoured:
//   GET /v1.1/Datastreams                      all series of the stations at this address
//   GET /v1.1/Datastreams(<id>)/Observations   one series, newest first
//
// Emissions model (invented, of plausible size): NO2 is a background with a morning and an evening
// hump, plus what the vehicles within 200 m add, weighted 1 / (1 + d / 30 m), lorries and diesel
// buses heavier, smoothed over 5 min; PM10 and PM2.5 follow in part; O3 falls where NO2 rises and
// peaks in the afternoon. Reading error 3 % and 0.5 ug/m3. One value per averaging period.
//
// Faults, beside those of HttpDevice: stuck_high (480 ug/m3), negative, flat (the last value again
// and again), wrong_clock (an hour ahead), no_unit.
// Settings of a row: station (id; without it the row's id), averaging_s (60).
#pragma once

#include <deque>
#include <memory>
#include <set>

#include "sim/devices/device.h"
#include "sim/devices/http_device/http_device.h"

namespace dispecer::sim {

class AirStationDevice final : public Device {
 public:
  // Errors: those of HttpDevice, and unknown_station.
  static Result<std::unique_ptr<AirStationDevice>> make(const DeviceContext& context);

  void tick(const StreetView& view, UtcTime now) override;
  bool set_fault(std::string_view row, std::string_view name, bool on) override;
  [[nodiscard]] std::map<std::string, std::uint64_t> counters() const override;
  [[nodiscard]] std::uint16_t port_of(std::string_view row) const { return http_->port_of(row); }

 private:
  struct Observation {
    UtcTime begin;
    UtcTime end;
    double value = 0;  // ug/m3
  };
  struct Series {
    std::uint32_t id = 0;
    Pollutant pollutant = Pollutant::unknown;
    std::deque<Observation> observations;  // newest last
  };
  struct Station {
    std::string row;
    AirStation fact;
    Duration averaging;
    std::vector<Series> series;
    double traffic = 0;  // smoothed load, equivalent cars at the kerb
    UtcTime last_tick;
    UtcTime period_begin;
    double sum = 0;  // of the load in this period
    std::uint32_t ticks = 0;
    std::set<std::string, std::less<>> faults;
  };
  explicit AirStationDevice(const DeviceContext& context)
      : plane_(context.city->centre), seed_(context.seed) {}
  void close_period(Station& station, UtcTime end);
  [[nodiscard]] http::Response answer(const http::Request& request, const Endpoint& at) const;

  LocalPlane plane_;
  std::uint64_t seed_;
  std::uint64_t observations_ = 0;
  std::vector<Station> stations_;
  std::unique_ptr<HttpDevice> http_;
};

}  // namespace dispecer::sim
