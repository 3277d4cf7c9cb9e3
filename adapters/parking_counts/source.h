// One parking source: asks its URL, reads, hands counts on. Rows of devices.toml that share an
// address are one source, so that a dead device is one alarm.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/city/city.h"
#include "adapters/http/poller.h"
#include "adapters/parking_counts/reader.h"
#include "fusion/model/health.h"

namespace dispecer::parking_counts {

struct Surroundings {
  std::function<UtcTime()> now;  // domain time
  std::function<void(const ParkingCount&, MonoTime received)> publish;
  std::function<void(const AlarmEvent&)> alarm;
};

// Settings of a row: dialect ("camera"), parking or area (our id; without them the row's id is the
// area), record.<id of the source> = our id (dialects that name areas by ids of their own), stale_s
// (900), and those of adapters/http/device_poll.h: period_s (10), dead_after_s (60), header.<name>.
class Source {
 public:
  // `rows`: one or more, all with the same address and dialect.
  Source(boost::asio::io_context& io, http::Client& client, std::vector<city::DeviceRow> rows,
         const std::string& secret, const city::City& city, Surroundings around);
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  void start() { poller_.start(); }
  void set_rate(double rate);  // domain seconds per wall second
  [[nodiscard]] std::map<std::string, std::uint64_t> counters() const;

 private:
  bool take(const http::Response& response);

  std::string subject_;  // of alarms
  Surroundings around_;
  Reader reader_;
  Duration period_;
  http::Poller poller_;
};

}  // namespace dispecer::parking_counts
