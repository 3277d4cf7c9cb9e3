#include "adapters/rsmp/alarms.h"

#include <utility>

namespace dispecer::rsmp {
namespace {

constexpr std::size_t kMaxAlarms = 2000;  // of one site
constexpr std::size_t kMaxText = 256;

AlarmPriority priority_of(int pri) {
  if (pri == 1) return AlarmPriority::high;
  return pri == 2 ? AlarmPriority::medium : AlarmPriority::low;
}

std::string text_of(const std::vector<ReturnValue>& values) {
  std::string text;
  for (const ReturnValue& value : values) {
    if (text.size() > kMaxText) break;
    text += (text.empty() ? "" : ", ") + value.name.substr(0, 64) + "=" +
            value.value.text.value_or("").substr(0, 64);
  }
  return text;
}

AlarmStep step_of(const Alarm& alarm) {
  if (alarm.kind == AlarmKind::acknowledge) return AlarmStep::acknowledged;
  if (alarm.kind == AlarmKind::suspend || alarm.kind == AlarmKind::resume) {
    return alarm.state->suspended ? AlarmStep::suspended : AlarmStep::resumed;
  }
  return alarm.state->active ? AlarmStep::becomes_active : AlarmStep::becomes_inactive;
}

}  // namespace

std::optional<AlarmChart> after(const AlarmChart& state, AlarmStep step) {
  AlarmChart next = state;
  switch (step) {
    case AlarmStep::becomes_active:
      if (state.active) return std::nullopt;
      next.active = true;
      next.acknowledged = false;
      return next;
    case AlarmStep::becomes_inactive:
      if (!state.active) return std::nullopt;
      next.active = false;
      return next;
    case AlarmStep::acknowledged:
      if (state.acknowledged) return std::nullopt;
      next.acknowledged = true;
      return next;
    case AlarmStep::suspended:
      if (state.suspended) return std::nullopt;
      next.suspended = true;
      return next;
    case AlarmStep::resumed:
      if (!state.suspended) return std::nullopt;
      next.suspended = false;
      return next;
  }
  return std::nullopt;
}

void AlarmBook::apply(const Alarm& alarm, UtcTime now, std::vector<AlarmChange>& changes) {
  if (!alarm.state) return;
  const AlarmKey key{alarm.component.id, alarm.code};
  const bool fresh = !entries_.contains(key);
  if (fresh && entries_.size() >= kMaxAlarms) {
    ++counters_["rsmp.alarms.too_many"];
    return;
  }
  Entry& entry = entries_[key];
  const AlarmChart told{alarm.state->active, alarm.state->acknowledged, alarm.state->suspended};
  if (!fresh && alarm.state->t < entry.alarm.t) {
    ++counters_["rsmp.alarms.older"];
    return;
  }
  if (!fresh && told == entry.alarm.chart) {
    ++counters_["rsmp.alarms.repeated"];
  } else if (!fresh && !entry.alarm.chart.suspended) {
    // What happened during a suspension is not told, so only the rest can be followed.
    const auto expected = after(entry.alarm.chart, step_of(alarm));
    if (!expected || *expected != told) ++counters_["rsmp.alarms.out_of_chart"];
  }
  entry.alarm = {told, alarm.state->t, priority_of(alarm.state->priority),
                 text_of(alarm.state->values)};
  settle(key, entry, now, changes);
}

void AlarmBook::settle(const AlarmKey& key, Entry& entry, UtcTime now,
                       std::vector<AlarmChange>& changes) {
  const bool wanted = entry.alarm.chart.active && !entry.alarm.chart.suspended;
  if (wanted == entry.wanted) return;
  entry.wanted = wanted;
  std::erase_if(entry.turns, [&](UtcTime t) { return now - t > damping_.window; });
  entry.turns.push_back(now);
  if (entry.alarm.chart.suspended) entry.flutters = false;
  if (entry.flutters) return;
  if (!wanted && entry.turns.size() >= damping_.changes && !entry.alarm.chart.suspended) {
    // It stays on the list until it has come to rest.
    entry.flutters = true;
    ++counters_["rsmp.alarms.flutter"];
    changes.push_back({key, entry.alarm, true, true});
    return;
  }
  entry.shown = wanted;
  changes.push_back({key, entry.alarm, wanted, false});
}

void AlarmBook::timer(UtcTime now, std::vector<AlarmChange>& changes) {
  for (auto& [key, entry] : entries_) {
    if (!entry.flutters) continue;
    const bool rests = entry.turns.empty() || now - entry.turns.back() >= damping_.quiet;
    if (!rests) continue;
    entry.flutters = false;
    entry.turns.clear();
    if (entry.wanted == entry.shown) continue;
    entry.shown = entry.wanted;
    changes.push_back({key, entry.alarm, entry.shown, false});
  }
}

void AlarmBook::forget_active(UtcTime now, std::vector<AlarmChange>& changes) {
  for (auto& [key, entry] : entries_) {
    if (!entry.alarm.chart.active) continue;
    entry.alarm.chart.active = false;
    settle(key, entry, now, changes);
  }
}

const FieldAlarm* AlarmBook::find(const AlarmKey& key) const {
  const auto at = entries_.find(key);
  return at == entries_.end() ? nullptr : &at->second.alarm;
}

}  // namespace dispecer::rsmp
