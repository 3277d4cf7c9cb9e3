// Why a controller raises an alarm by itself: read from its condition, no memory of its own.
#pragma once

#include <string>
#include <vector>

#include "adapters/rsmp/message/message.h"
#include "sim/rsmp_site/status.h"

namespace dispecer::sim {

struct AlarmCause {
  bool active = false;
  std::vector<rsmp::ReturnValue> values;  // of the signal list, for the moment it becomes active
};

// Alarms that the controllers can raise by themselves, as component and code: synchronisation
// (A0005), safety (A0006), communication (A0007), loss of mains where there is a battery (A0009),
// dead lock (A0008) and lamps (A0201, A0202) of each signal group, logic error (A0302) of each
// detector logic. A controller of patterns has no dead lock: nobody demands anything there.
std::vector<std::pair<std::string, std::string>> own_alarms(const Cabinet& cabinet,
                                                            const SiteSettings& settings);
// Of one of those; inactive for any other.
AlarmCause cause_of(const Cabinet& cabinet, const SiteSettings& settings,
                    const std::string& component, const std::string& code);

}  // namespace dispecer::sim
