#include "controller/access/regulations.h"

#include <algorithm>

namespace dispecer::access {
namespace {

template <class T, class I>
const T* find_by_id(const std::vector<T>& items, const I& id) {
  const auto it = std::find_if(items.begin(), items.end(), [&](const T& i) { return i.id == id; });
  return it == items.end() ? nullptr : &*it;
}

}  // namespace

const Zone* find_zone(const Regulations& rules, const ZoneId& id) {
  return find_by_id(rules.zones, id);
}
const Gate* find_gate(const Regulations& rules, const GateId& id) {
  return find_by_id(rules.gates, id);
}
const ParkingArea* find_parking(const Regulations& rules, const ParkingId& id) {
  return find_by_id(rules.parking, id);
}
const Zone* parking_zone(const Regulations& rules, const ParkingArea& area) {
  return area.tariff_zone.empty() ? nullptr : find_zone(rules, ZoneId(area.tariff_zone));
}

LegalState legal_state(const LegalBasis& legal, UtcTime t) {
  if (legal.decision.empty()) return LegalState::no_decision;
  return legal.validity.contains(t) ? LegalState::in_force : LegalState::not_in_force;
}

ZoneStatus zone_status(const Zone& zone, const std::vector<Activation>& by_hand,
                       const LocalTime& local, UtcTime t) {
  ZoneStatus status;
  status.legal = legal_state(zone.legal, t);
  const Activation* newest = nullptr;
  for (const auto& a : by_hand) {
    if (a.zone != zone.id || t < a.from || t >= a.until) continue;
    if (newest == nullptr || a.from >= newest->from) newest = &a;
  }
  status.by_hand = newest != nullptr;
  status.demanded = newest != nullptr ? newest->active : within(zone.active, local, t);
  return status;
}

bool active_throughout(const Zone& zone, const std::vector<Activation>& by_hand,
                       const LocalTime& local, UtcTime from, UtcTime to) {
  constexpr std::int64_t kMinute = 60'000'000;
  const auto active = [&](UtcTime t) { return zone_status(zone, by_hand, local, t).active(); };
  if (!active(from) || !active(to)) return false;
  for (const auto& a : by_hand) {
    for (const UtcTime edge : {a.from, a.until}) {
      if (a.zone == zone.id && from < edge && edge < to && !active(edge)) return false;
    }
  }
  for (std::int64_t us = (from.us / kMinute + 1) * kMinute; us < to.us; us += kMinute) {
    if (!active(UtcTime{us})) return false;
  }
  return true;
}

}  // namespace dispecer::access
