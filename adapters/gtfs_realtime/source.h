// One GTFS-Realtime source: asks its URL each second, reads, and hands positions on at once.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "adapters/city/city.h"
#include "adapters/gtfs_realtime/reader.h"
#include "adapters/http/poller.h"
#include "fusion/model/health.h"

namespace dispecer::gtfs_realtime {

// What a source needs of its process.
struct Surroundings {
  std::function<UtcTime()> now;  // domain time
  // `received`: when the bytes arrived, steady clock.
  std::function<void(const VehiclePosition&, MonoTime received)> publish;
  std::function<void(const AlarmEvent&)> alarm;
};

// Settings of the row: loads ("0 0.15 0.35 0.6 0.9 1 1": share of the places for each occupancy
// status of this producer), stale_s (90), and those of adapters/http/device_poll.h: period_s (1),
// dead_after_s (10), header.<name>. Alarms: "dead_source" and "stale_source", subject = row id.
class Source {
 public:
  Source(boost::asio::io_context& io, http::Client& client, const city::DeviceRow& row,
         const std::string& secret, const Timetable& timetable, LonLat south_west,
         LonLat north_east, Surroundings around);

  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  void start() { poller_.start(); }
  // Domain seconds per wall second: the period is domain time.
  void set_rate(double rate);
  [[nodiscard]] std::map<std::string, std::uint64_t> counters() const;

 private:
  bool take(const http::Response& response);
  void set_alarm(bool& state, bool active, const char* kind, const std::string& text);

  std::string id_;
  Surroundings around_;
  Reader reader_;
  Duration period_;
  bool dead_ = false;
  bool stale_ = false;
  http::Poller poller_;
};

}  // namespace dispecer::gtfs_realtime
