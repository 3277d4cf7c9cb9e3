#include "sim/controller/programme.h"

#include <algorithm>

#include "sim/controller/cabinet.h"

namespace dispecer::sim {
namespace {

constexpr std::int64_t kDay = 86'400;

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

// Last entry of a day's table at or before `minute`; nullptr = none yet.
const DayEntry* entry_at(const Programme& programme, std::int64_t day, std::uint32_t minute) {
  // 1970-01-01 was a Thursday.
  const auto weekday = static_cast<std::uint32_t>(((day + 3) % 7 + 7) % 7);
  const auto table = programme.week.find(weekday);
  if (table == programme.week.end()) return nullptr;
  const DayEntry* best = nullptr;
  for (const auto& e : programme.days) {
    if (e.table != table->second || e.hour * 60 + e.minute > minute) continue;
    if (best == nullptr || e.hour * 60 + e.minute >= best->hour * 60 + best->minute) best = &e;
  }
  return best;
}

}  // namespace

std::optional<std::uint32_t> calendar_plan(const Programme& programme, UtcTime own_clock) {
  if (programme.week.empty() || programme.days.empty()) return std::nullopt;
  const auto shift = programme.local_offset_s == nullptr ? 0 : programme.local_offset_s(own_clock);
  const auto local = floor_div(own_clock.us, 1'000'000) + shift;
  const auto today = floor_div(local, kDay);
  auto minute = static_cast<std::uint32_t>((local - today * kDay) / 60);
  // What began on an earlier day runs on until an entry of today.
  for (std::int64_t back = 0; back < 7; ++back, minute = 24 * 60) {
    const auto* entry = entry_at(programme, today - back, minute);
    if (entry == nullptr) continue;
    return entry->function == 0 ? std::nullopt : std::optional(entry->function);
  }
  return std::nullopt;
}

Result<> set_situation(Cabinet& cabinet, std::optional<std::uint32_t> number) {
  auto& p = cabinet.programme;
  const auto first = p.situations.empty() ? 1 : p.situations.front().number;
  if (number) {
    const bool known = std::any_of(p.situations.begin(), p.situations.end(),
                                   [&](const Situation& s) { return s.number == *number; });
    if (!known) return Error{"no_such_situation", "found " + std::to_string(*number), ""};
  }
  p.situation = number.value_or(first);
  p.situation_forced = number.has_value();
  return Ok{};
}

Result<> set_emergency(Cabinet& cabinet, std::uint32_t route, bool on) {
  auto& p = cabinet.programme;
  const bool known = std::any_of(p.routes.begin(), p.routes.end(),
                                 [&](const EmergencyRoute& r) { return r.number == route; });
  if (!known) return Error{"no_such_route", "found " + std::to_string(route), ""};
  std::erase(p.emergencies, route);
  if (on) p.emergencies.push_back(route);
  return Ok{};
}

void run_programme(Cabinet& cabinet, UtcTime now) {
  const auto& p = cabinet.programme;
  std::optional<std::uint32_t> by_situation;
  for (const auto& s : p.situations) {
    if (s.number == p.situation) by_situation = s.plan;
  }
  std::uint32_t key = 0;
  for (const auto& [input, position] : p.key_inputs) {
    if (input_value(cabinet, input)) key = position;
  }
  for (auto& i : cabinet.intersections) {
    auto& state = i.state;
    if (!p.key_inputs.empty()) static_cast<void>(apply(state, SetPoliceKey{key}, now));
    if (p.manual_input) state.manual = input_value(cabinet, *p.manual_input);
    const auto has = [&](const std::optional<std::uint32_t>& plan) {
      return plan && std::any_of(state.plans.begin(), state.plans.end(),
                                 [&](const SignalPlan& s) { return s.number == *plan; })
                 ? plan
                 : std::nullopt;
    };
    state.situation_plan = has(by_situation);
    state.calendar_plan = has(calendar_plan(p, state.own_clock(now)));
    state.emergency_stage.reset();
    for (const auto route : p.emergencies) {
      for (const auto& r : p.routes) {
        const bool mine = r.number == route && r.intersection == i.number && r.stage;
        if (mine && find_stage(state.own, *r.stage) != nullptr) state.emergency_stage = r.stage;
      }
    }
  }
}

}  // namespace dispecer::sim
