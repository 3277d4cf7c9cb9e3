#include "sim/rsmp_site/alarms.h"

#include <algorithm>

#include "adapters/rsmp/message/signal_list.h"
#include "sim/rsmp_site/alarm_causes.h"

namespace dispecer::sim {

using rsmp::Alarm;
using rsmp::AlarmKind;

namespace {

// Priority of the list: 2 for what puts a controller into failure, 3 for the rest.
int priority_of(std::string_view code) {
  constexpr std::array<std::string_view, 7> kSerious{"A0001", "A0003", "A0006", "A0008",
                                                     "A0201", "A0303", "A0304"};
  return std::find(kSerious.begin(), kSerious.end(), code) != kSerious.end() ? 2 : 3;
}

// Return values of the list for an alarm that an input stands for.
std::vector<rsmp::ReturnValue> values_of(const SiteAlarm& alarm, const Cabinet& cabinet) {
  if (alarm.code == "A0007") return {{"protocol", "rsmp"}};
  if (alarm.code == "A0008")
    return {{"timeplan", std::to_string(cabinet.intersections.front().output.plan)}};
  if (alarm.code == "A0201" || alarm.code == "A0202") return {{"color", "red"}};
  if (!alarm.code.starts_with("A03")) return {};
  std::vector<rsmp::ReturnValue> values{
      {"detector", alarm.component}, {"type", "loop"}, {"errormode", "on"}, {"manual", "True"}};
  if (alarm.code == "A0302" || alarm.code == "A0304")
    values.push_back({"logicerror", "always_off"});
  return values;
}

}  // namespace

AlarmTable::AlarmTable(const Cabinet& cabinet, const SiteSettings& settings, UtcTime now)
    : nts_id_(settings.nts_id) {
  const auto add = [&](const std::string& component, const std::string& code) -> SiteAlarm& {
    for (auto& alarm : alarms_) {
      if (alarm.component == component && alarm.code == code) return alarm;
    }
    SiteAlarm alarm{component, code, {}, {}};
    alarm.state.acknowledged = true;
    alarm.state.t = now;
    alarm.state.priority = priority_of(code);
    alarms_.push_back(std::move(alarm));
    return alarms_.back();
  };
  for (const auto& [component, code] : own_alarms(cabinet, settings)) add(component, code);
  for (const auto& a : settings.alarms) add(a.component, a.code).inputs.push_back(a.input);
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
    const bool by_input =
        std::any_of(alarm.inputs.begin(), alarm.inputs.end(),
                    [&](std::uint32_t input) { return input_value(cabinet, input); });
    auto cause = cause_of(cabinet, settings, alarm.component, alarm.code);
    const bool active = by_input || cause.active;
    auto& state = alarm.state;
    if (active == state.active) continue;
    state.active = active;
    state.t = clock;
    if (active) {
      state.acknowledged = false;
      state.values = by_input ? values_of(alarm, cabinet) : std::move(cause.values);
      // The return value came with list 1.1.
      if (alarm.code == "A0007" && !rsmp::sxl_at_least(settings.sxl, "1.1")) state.values.clear();
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

bool AlarmTable::active(int priority) const {
  return std::any_of(alarms_.begin(), alarms_.end(), [&](const SiteAlarm& a) {
    return a.state.active && a.state.priority == priority;
  });
}

std::array<bool, 8> aggregated_bits(const Cabinet& cabinet, const AlarmTable& alarms) {
  const auto& list = cabinet.intersections;
  const auto any = [&](auto&& is) { return std::any_of(list.begin(), list.end(), is); };
  std::array<bool, 8> bits{};
  bits[0] = any([](const auto& i) { return i.state.police_key != 0 || i.state.manual; });
  bits[2] = any([](const auto& i) { return i.output.mode == ControlMode::failure; });
  bits[3] = !bits[2] && alarms.active(2);
  bits[4] = alarms.active(3);
  bits[5] = true;
  bits[6] = any([](const auto& i) {
    return i.output.mode == ControlMode::dark && i.state.police_key == 0 && !i.state.mains_lost;
  });
  return bits;
}

}  // namespace dispecer::sim
