#include "sim/rsmp_site/alarm_causes.h"

#include <algorithm>

namespace dispecer::sim {
namespace {

// Domain time without any supervisor before that is an alarm: a line that comes back at once is
// none.
constexpr Duration kLineLost = std::chrono::seconds{60};
// A group at red for twice the longest that its file allows is locked; where that allows any time,
// after five minutes.
constexpr double kLongestRed_s = 300;

bool any(const Cabinet& cabinet, auto&& is) {
  return std::any_of(cabinet.intersections.begin(), cabinet.intersections.end(),
                     [&](const Intersection& i) { return is(i); });
}

bool locked(const State& state, std::uint32_t group, UtcTime now) {
  if (state.mode != ControlMode::control || !state.patterns.empty()) return false;
  const auto& lamp = state.lamps[group];
  if (is_green(lamp.aspect)) return false;
  const auto& ring = state.running_plan().ring;
  const bool planned = std::any_of(ring.begin(), ring.end(), [&](const PlanStage& step) {
    const auto& green = find_stage(state.own, step.stage)->green;
    return std::binary_search(green.begin(), green.end(), group);
  });
  const double most = state.own.groups[group].max_red.time.value;
  const double red = in_seconds(now - lamp.green_ended.value_or(lamp.since));
  return planned && red > (most > 0 ? 2 * most : kLongestRed_s);
}

AlarmCause communication(const Cabinet& cabinet) {
  const auto& first = cabinet.intersections.front();
  const auto lost = first.state.supervisor_lost;
  const bool line = lost && first.output.t - *lost >= kLineLost;
  const bool clock =
      any(cabinet, [](const auto& i) { return i.state.faults.contains(Fault::wrong_clock); });
  return {line || clock, {{"protocol", line ? "rsmp" : "ntp"}}};
}

AlarmCause lamp(const State& state, std::uint32_t group, bool serious) {
  static const std::set<Fault> kNone;
  const auto& broken = group < state.lamp_faults.size() ? state.lamp_faults[group] : kNone;
  if (serious) return {broken.contains(Fault::lamp_red), {{"color", "red"}}};
  const bool yellow = broken.contains(Fault::lamp_yellow);
  return {yellow || broken.contains(Fault::lamp_green), {{"color", yellow ? "yellow" : "green"}}};
}

AlarmCause of_group(const Cabinet& cabinet, std::size_t number, const std::string& code) {
  const auto at = group_at(cabinet, number);
  if (!at) return {};
  const auto& i = cabinet.intersections[at->intersection];
  if (code == "A0008")
    return {locked(i.state, at->group, i.output.t), {{"timeplan", std::to_string(i.output.plan)}}};
  if (code == "A0201") return lamp(i.state, at->group, true);
  if (code == "A0202") return lamp(i.state, at->group, false);
  return {};
}

AlarmCause of_detector(const Cabinet& cabinet, const ComponentRef& at,
                       const std::string& component) {
  const auto* d = detector(cabinet, at.number);
  if (d == nullptr || d->logic_error.empty()) return {};
  return {true,
          {{"detector", component},
           {"type", "loop"},
           {"errormode", "on"},
           {"manual", "False"},
           {"logicerror", d->logic_error}}};
}

}  // namespace

std::vector<std::pair<std::string, std::string>> own_alarms(const Cabinet& cabinet,
                                                            const SiteSettings& settings) {
  const auto& main = settings.main_component;
  std::vector<std::pair<std::string, std::string>> list{
      {main, "A0005"}, {main, "A0006"}, {main, "A0007"}};
  if (any(cabinet, [](const auto& i) { return i.state.settings.battery_s > 0; }))
    list.emplace_back(main, "A0009");
  const bool stages = any(cabinet, [](const auto& i) { return i.state.patterns.empty(); });
  for (const auto& group : settings.group_components) {
    if (stages) list.emplace_back(group, "A0008");
    list.emplace_back(group, "A0201");
    list.emplace_back(group, "A0202");
  }
  for (const auto& [number, component] : settings.detector_components)
    list.emplace_back(component, "A0302");
  return list;
}

AlarmCause cause_of(const Cabinet& cabinet, const SiteSettings& settings,
                    const std::string& component, const std::string& code) {
  if (component == settings.main_component) {
    if (code == "A0005") {
      return {any(cabinet,
                  [](const auto& i) {
                    return i.state.clock_doubtful || i.state.faults.contains(Fault::wrong_clock);
                  }),
              {}};
    }
    if (code == "A0006")
      return {any(cabinet, [](const auto& i) { return !i.output.failure.empty(); }), {}};
    if (code == "A0007") return communication(cabinet);
    if (code == "A0009")
      return {any(cabinet, [](const auto& i) { return i.state.mains_lost.has_value(); }), {}};
    return {};
  }
  const auto at = find_component(settings, component);
  if (at && at->kind == ComponentRef::Kind::signal_group)
    return of_group(cabinet, at->number, code);
  if (at && code == "A0302") return of_detector(cabinet, *at, component);
  return {};
}

}  // namespace dispecer::sim
