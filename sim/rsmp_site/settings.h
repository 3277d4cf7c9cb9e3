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

// An alarm that an input raises: the controller was programmed so.
struct InputAlarm {
  std::uint32_t input = 0;
  std::string component;
  std::string code;
};

struct SiteSettings {
  std::string line = "supervisor";  // of this connection; each of a controller has its own
  bool secondary = false;           // gets no alarms and does not set the clock (3.2 on)
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
  std::string buffer_file;         // what is kept stands here too and outlives power, "" = not
  bool follow_supervisor = false;  // sets its clock by the supervisor's watchdog
  bool restart_drops_line = false;
  std::vector<InputAlarm> alarms;
  // "inputId 3" -> component of the signal group that gets priority (M0022).
  std::map<std::string, std::string> priority_references;
  std::string parameter_file;  // what S0098 hands out, "" = a listing of the controller's own file
  std::string parameter_version = "1";
  UtcTime parameters_since;

  // Ways of answering that some supervisors expect and the signal list does not ask for.
  bool traffic_data_at_once = false;  // a subscription is answered with the last whole minute
  bool quiet_return = false;          // S0005 and S0020 tell a start-up only after power or restart
  bool repeat_at_once = false;        // a repeated subscription is answered at once as well
};

// Of the mappings of one controller. Settings of its row that are read: sxl (default 1.2.1), core
// (comma separated; default all), nts_id, code1 (name of the level-1 secret), watchdog_s,
// ack_timeout_s, buffered (status codes, comma separated); the row's secret is the level-2 code.
// Causes: unknown_controller (nothing is mapped to the row), bad_core, bad_number.
Result<SiteSettings> site_settings(const city::City& city, const city::DeviceRow& row,
                                   const std::function<std::string(const std::string&)>& secret);

}  // namespace dispecer::sim
