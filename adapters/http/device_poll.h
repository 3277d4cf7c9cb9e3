// How a row of devices.toml becomes a poller, for every adapter that asks its device by HTTP.
// Settings read here: period_s, dead_after_s (both seconds of domain time at rate 1), header.<name>
// (sent with each request; the value "secret:" stands for the row's secret).
#pragma once

#include <cstdlib>
#include <string>

#include "adapters/city/city.h"
#include "adapters/http/poller.h"

namespace dispecer::http {

inline std::string setting(const city::DeviceRow& row, const std::string& key) {
  const auto found = row.settings.find(key);
  return found == row.settings.end() ? "" : found->second;
}

// The setting where it is a number above zero, else the fallback.
inline Duration seconds_of(const city::DeviceRow& row, const std::string& key, double fallback) {
  const double value = std::strtod(setting(row, key).c_str(), nullptr);
  return from_seconds(value > 0 ? value : fallback);
}

struct DevicePoll {
  std::string path;            // asked where the address is only host:port
  std::string counter_prefix;  // "parking"
  double period_s = 1;
  double dead_after_s = 10;
};

inline PollerOptions poller_options(const city::DeviceRow& row, const std::string& secret,
                                    const DevicePoll& poll) {
  PollerOptions options;
  options.url = device_url(row.address, poll.path);
  options.period = seconds_of(row, "period_s", poll.period_s);
  options.dead_after = seconds_of(row, "dead_after_s", poll.dead_after_s);
  options.counter_prefix = poll.counter_prefix;
  for (const auto& [key, value] : row.settings) {
    if (key.starts_with("header."))
      options.headers.push_back({key.substr(7), value == "secret:" ? secret : value});
  }
  return options;
}

}  // namespace dispecer::http
