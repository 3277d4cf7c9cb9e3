// What panels may ask for: they fill in the action; the console's view model makes it an intent in
// two steps.
#pragma once

#include "hmi/view_model/console.h"

namespace dispecer::hmi {

inline IntentAction hold_stage(const JunctionId& junction, std::uint32_t stage, UtcTime now,
                               int minutes) {
  return HoldStage{junction, stage, now + std::chrono::minutes(minutes)};
}
inline IntentAction release_junction(const JunctionId& junction, UtcTime now, int minutes) {
  return ReleaseJunction{junction, now + std::chrono::minutes(minutes)};
}
inline IntentAction shelve_alarm(const AlarmId& alarm, UtcTime now, int minutes) {
  return ShelveAlarm{alarm, now + std::chrono::minutes(minutes)};
}

}  // namespace dispecer::hmi
