// Alarms of a site: their state chart, and which of them the controllers' condition raises.
#pragma once

#include <functional>

#include "adapters/rsmp/message/message.h"
#include "sim/rsmp_site/status.h"

namespace dispecer::sim {

struct SiteAlarm {
  std::string component;
  std::string code;
  rsmp::AlarmState state;
  bool operator==(const SiteAlarm&) const = default;
};

class AlarmTable {
 public:
  // Every alarm that the site can raise, inactive: safety (A0006) at the main component, detector
  // logic error (A0302) at each detector logic.
  AlarmTable(const SiteSettings& settings, UtcTime now);

  // Follows the controllers. Returns what has to be told: alarms that became active or inactive and
  // are not suspended.
  std::vector<rsmp::Alarm> follow(const Cabinet& cabinet, const SiteSettings& settings,
                                  UtcTime clock);
  // An order of the supervisor: what has to be told, empty = nothing changes. Unknown component or
  // code: Error "unknown_alarm".
  Result<std::vector<rsmp::Alarm>> order(const rsmp::Alarm& alarm, UtcTime clock);
  // Every alarm as an Issue, for the establishment of a connection. 3.1.2: active ones only.
  [[nodiscard]] std::vector<rsmp::Alarm> all(rsmp::Core core) const;

 private:
  [[nodiscard]] rsmp::Alarm told(const SiteAlarm& alarm, rsmp::AlarmKind kind) const;
  std::vector<SiteAlarm> alarms_;
  std::string nts_id_;
};

}  // namespace dispecer::sim
