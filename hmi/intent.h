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
// The corridor is called after who asks and when.
inline IntentAction open_corridor(const CorridorForm& form, const PersonId& who, UtcTime now) {
  OpenCorridor out;
  out.corridor = RequestId(who.str() + "/" + std::to_string(now.us / 1'000'000));
  out.vehicle = VehicleId(form.vehicle);
  out.kind = form.kind;
  out.from = form.from;
  out.to = form.to;
  out.until = now + std::chrono::minutes(form.minutes);
  return out;
}
inline IntentAction save_book_entry(const BookEntry& entry) {
  return SaveBookEntry{entry};
}
inline IntentAction end_book_entry(const BookEntryId& entry) {
  return EndBookEntry{entry};
}
inline IntentAction end_corridor(const RequestId& corridor) {
  return EndCorridor{corridor};
}

}  // namespace dispecer::hmi
