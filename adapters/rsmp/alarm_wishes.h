// What people did about alarms of the field, as the centre's alarm list shows it, turned into
// orders to the controllers: acknowledged is acknowledged there, shelved is suspended there.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "controller/plan/field_write.h"
#include "fusion/model/health.h"

namespace dispecer::rsmp {

class AlarmWishes {
 public:
  // Orders for what changed since the last list. What a first list holds is taken as done.
  std::vector<AlarmOrder> update(const AlarmList& list);

 private:
  std::map<std::string, dispecer::AlarmState> known_;  // by alarm id
  bool seen_ = false;
};

}  // namespace dispecer::rsmp
