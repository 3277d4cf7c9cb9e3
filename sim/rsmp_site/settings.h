// What a virtual RSMP site is called and how it speaks.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "adapters/city/city.h"
#include "adapters/rsmp/message/core_version.h"
#include "fusion/model/time.h"

namespace dispecer::sim {

struct SiteSettings {
  std::string site_id;
  std::string main_component;
  std::string nts_id;
  std::string sxl = "1.2.1";
  std::vector<rsmp::Core> cores;  // offered, ascending; never empty
  std::string code1;              // security codes; a command with an empty one is refused
  std::string code2;
  std::vector<std::string> group_components;                 // in the order of S0001
  std::map<std::uint32_t, std::string> detector_components;  // by detector logic number
  Duration watchdog_interval = std::chrono::seconds{60};     // monotonic time
  Duration ack_timeout = std::chrono::seconds{30};
  std::set<std::string> buffered;  // status codes that are kept while the line is down
  std::size_t buffer = 10'000;     // messages
};

// Of the mappings of one controller. Settings of its row that are read: sxl (default 1.2.1), core
// (comma separated; default all), nts_id, code1 (name of the level-1 secret), watchdog_s,
// ack_timeout_s, buffered (status codes, comma separated); the row's secret is the level-2 code.
// Causes: unknown_controller (nothing is mapped to the row), bad_core, bad_number.
Result<SiteSettings> site_settings(const city::City& city, const city::DeviceRow& row,
                                   const std::function<std::string(const std::string&)>& secret);

}  // namespace dispecer::sim
