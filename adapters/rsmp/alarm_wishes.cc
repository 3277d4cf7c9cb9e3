#include "adapters/rsmp/alarm_wishes.h"

#include <string_view>
#include <utility>

namespace dispecer::rsmp {
namespace {

constexpr std::string_view kPrefix = "field.";

}  // namespace

std::vector<AlarmOrder> AlarmWishes::update(const AlarmList& list) {
  std::vector<AlarmOrder> orders;
  std::map<std::string, dispecer::AlarmState> now;
  for (const dispecer::Alarm& alarm : list.alarms) {
    if (!alarm.kind.starts_with(kPrefix)) continue;
    now[alarm.id.str()] = alarm.state;
    const auto before = known_.find(alarm.id.str());
    const dispecer::AlarmState was =
        before == known_.end() ? dispecer::AlarmState::normal : before->second;
    if (!seen_ || was == alarm.state) continue;
    const std::string code = alarm.kind.substr(kPrefix.size());
    const auto order = [&](AlarmAction action) { orders.push_back({action, code, alarm.subject}); };
    if (was == dispecer::AlarmState::shelved) order(AlarmAction::resume);
    if (alarm.state == dispecer::AlarmState::shelved) order(AlarmAction::suspend);
    const bool acknowledged = alarm.state == dispecer::AlarmState::acknowledged;
    if (acknowledged && was != dispecer::AlarmState::shelved) order(AlarmAction::acknowledge);
  }
  // An alarm that left the list while it was shelved must not stay suspended.
  for (const auto& [id, state] : known_) {
    if (state != dispecer::AlarmState::shelved || now.contains(id)) continue;
    const auto slash = id.find('/');
    if (slash == std::string::npos || slash <= kPrefix.size()) continue;
    orders.push_back({AlarmAction::resume, id.substr(kPrefix.size(), slash - kPrefix.size()),
                      id.substr(slash + 1)});
  }
  known_ = std::move(now);
  seen_ = true;
  return orders;
}

}  // namespace dispecer::rsmp
