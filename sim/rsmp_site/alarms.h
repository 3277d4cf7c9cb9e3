// Alarms of a site: their state chart, and which of them the controllers' condition raises.
#pragma once

#include "adapters/rsmp/message/message.h"
#include "sim/rsmp_site/status.h"

namespace dispecer::sim {

struct SiteAlarm {
  std::string component;
  std::string code;
  rsmp::AlarmState state;
  std::vector<std::uint32_t> inputs;  // any of them raises it; empty = by the controller itself
  bool operator==(const SiteAlarm&) const = default;
};

class AlarmTable {
 public:
  // Every alarm that the site can raise, inactive: the controllers' own (see own_alarms) and those
  // that inputs stand for.
  AlarmTable(const Cabinet& cabinet, const SiteSettings& settings, UtcTime now);

  // Follows the controllers. Returns what has to be told: alarms that became active or inactive and
  // are not suspended.
  std::vector<rsmp::Alarm> follow(const Cabinet& cabinet, const SiteSettings& settings,
                                  UtcTime clock);
  // An order of the supervisor: what has to be told, empty = nothing changes. Unknown component or
  // code: Error "unknown_alarm".
  Result<std::vector<rsmp::Alarm>> order(const rsmp::Alarm& alarm, UtcTime clock);
  // Every alarm as an Issue, for the establishment of a connection. 3.1.2: active ones only.
  [[nodiscard]] std::vector<rsmp::Alarm> all(rsmp::Core core) const;
  // Bits 4 and 5 of the aggregated status: an active alarm of priority 2, of priority 3.
  [[nodiscard]] bool active(int priority) const;

 private:
  [[nodiscard]] rsmp::Alarm told(const SiteAlarm& alarm, rsmp::AlarmKind kind) const;
  std::vector<SiteAlarm> alarms_;
  std::string nts_id_;
};

// Bits of the aggregated status that a controller sets (1, 3, 4, 5, 6, 7).
std::array<bool, 8> aggregated_bits(const Cabinet& cabinet, const AlarmTable& alarms);

}  // namespace dispecer::sim
