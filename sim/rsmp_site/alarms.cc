#include "sim/rsmp_site/alarms.h"

#include <algorithm>

namespace dispecer::sim {

using rsmp::Alarm;
using rsmp::AlarmKind;

AlarmTable::AlarmTable(const SiteSettings& settings, UtcTime now) : nts_id_(settings.nts_id) {
  const auto add = [&](const std::string& component, const char* code, int priority) {
    SiteAlarm alarm{component, code, {}};
    alarm.state.acknowledged = true;
    alarm.state.t = now;
    alarm.state.priority = priority;
    alarms_.push_back(std::move(alarm));
  };
  add(settings.main_component, "A0006", 1);
  for (const auto& [number, component] : settings.detector_components) add(component, "A0302", 3);
}

Alarm AlarmTable::told(const SiteAlarm& alarm, AlarmKind kind) const {
  Alarm out;
  out.component = {alarm.component, nts_id_, ""};
  out.code = alarm.code;
  out.kind = kind;
  out.state = alarm.state;
  return out;
}

std::vector<Alarm> AlarmTable::follow(const Cabinet& cabinet, const SiteSettings& settings,
                                      UtcTime clock) {
  std::vector<Alarm> out;
  for (auto& alarm : alarms_) {
    bool active = false;
    std::vector<rsmp::ReturnValue> values;
    const auto at = find_component(settings, alarm.component);
    if (alarm.code == "A0006") {
      for (const auto& i : cabinet.intersections) active = active || !i.output.failure.empty();
    } else if (at) {
      const auto* d = detector(cabinet, at->number);
      active = d != nullptr && !d->logic_error.empty();
      if (active) {
        values = {{"detector", alarm.component},
                  {"type", "loop"},
                  {"errormode", "on"},
                  {"manual", "False"},
                  {"logicerror", d->logic_error}};
      }
    }
    auto& state = alarm.state;
    if (active == state.active) continue;
    state.active = active;
    state.t = clock;
    if (active) {
      state.acknowledged = false;
      state.values = std::move(values);
    }
    if (!state.suspended) out.push_back(told(alarm, AlarmKind::issue));
  }
  return out;
}

Result<std::vector<Alarm>> AlarmTable::order(const Alarm& alarm, UtcTime clock) {
  const auto it = std::find_if(alarms_.begin(), alarms_.end(), [&](const SiteAlarm& a) {
    return a.component == alarm.component.id && a.code == alarm.code;
  });
  if (it == alarms_.end()) {
    return Error{
        "unknown_alarm",
        "Unknown alarm " + alarm.code.substr(0, 40) + " at " + alarm.component.id.substr(0, 60),
        ""};
  }
  auto& state = it->state;
  std::vector<Alarm> out;
  switch (alarm.kind) {
    case AlarmKind::acknowledge:
      if (state.acknowledged) return out;
      state.acknowledged = true;
      break;
    case AlarmKind::suspend:
    case AlarmKind::resume:
      if (state.suspended == (alarm.kind == AlarmKind::suspend)) return out;
      state.suspended = !state.suspended;
      break;
    default:  // a request
      if (!state.suspended) out.push_back(told(*it, AlarmKind::issue));
      return out;
  }
  state.t = clock;
  const bool suspension = alarm.kind != AlarmKind::acknowledge;
  out.push_back(told(*it, suspension ? AlarmKind::suspend : AlarmKind::acknowledge));
  return out;
}

std::vector<Alarm> AlarmTable::all(rsmp::Core core) const {
  std::vector<Alarm> out;
  for (const auto& alarm : alarms_) {
    if (core == rsmp::Core::v3_1_2 && !alarm.state.active) continue;
    out.push_back(told(alarm, AlarmKind::issue));
  }
  return out;
}

}  // namespace dispecer::sim
