// One SensorThings service: asks it, reads, hands samples on. Rows of devices.toml that share an
// address are one source, so that a dead service is one alarm.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/air_quality/reader.h"
#include "adapters/city/city.h"
#include "adapters/http/poller.h"
#include "fusion/model/health.h"

namespace dispecer::air_quality {

struct Surroundings {
  std::function<UtcTime()> now;  // domain time
  std::function<void(const AirSample&, MonoTime received)> publish;
  std::function<void(const AlarmEvent&)> alarm;
};

// Settings of a row: station (our id; without it the row's id), thing (name or @iot.id of the
// service's Thing; without it the Thing is called like our station), and those of
// adapters/http/device_poll.h: period_s (30), dead_after_s (180), header.<name>.
class Source {
 public:
  // `rows`: one or more, all with the same address.
  Source(boost::asio::io_context& io, http::Client& client, std::vector<city::DeviceRow> rows,
         const std::string& secret, const city::City& city, Surroundings around);
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  void start() { poller_.start(); }
  void set_rate(double rate);  // domain seconds per wall second
  [[nodiscard]] std::map<std::string, std::uint64_t> counters() const;

 private:
  bool take(const http::Response& response);

  std::string subject_;
  Surroundings around_;
  Reader reader_;
  Duration period_;
  http::Poller poller_;
};

}  // namespace dispecer::air_quality
