// Requests that the signal controller itself serves: what it is told (M0022) and what it answers
// (S0033). An order that got lost is not repeated blindly: what the controller lists decides.
#include <algorithm>
#include <cmath>

#include "controller/priority/life.h"

namespace dispecer::priority {
namespace {

PriorityVehicle vehicle_of(VehicleKind kind) {
  return kind == VehicleKind::tram ? PriorityVehicle::tram : PriorityVehicle::bus;
}

std::uint32_t level_of(const Entry& entry, const PriorityParameters& p) {
  const double share = std::clamp(entry.request.weight / p.most_weight, 0.0, 1.0);
  return static_cast<std::uint32_t>(std::lround(1 + 13 * share));
}

Seconds left(const Entry& entry, UtcTime now) {
  return {std::round(std::clamp(in_seconds(arrival(entry) - now), 0.0, 255.0))};
}

const FieldRequest* find(const SignalObservation* told, const RequestId& id) {
  if (told == nullptr) return nullptr;
  for (const auto& r : told->requests) {
    if (r.id == id) return &r;
  }
  return nullptr;
}

// The controller's word on an open request.
void follow(State& state, Entry& entry, const FieldRequest& told, UtcTime now, Changes& changes) {
  using F = FieldRequestState;
  const auto& p = state.parameters;
  entry.handed->listed = true;
  const auto rule = "controller_" + std::string(to_name(told.state));
  const auto again = [&] {
    const bool may = entry.tries < p.tries;
    entry.barred = now + from_seconds(may ? p.barred_s : 86400);
  };
  switch (told.state) {
    case F::unknown:
      return;
    case F::received:
    case F::queued:
      enter(entry, RequestState::queued, rule, now, changes);
      return;
    case F::activated:
      enter(entry, RequestState::granted, rule, now, changes);
      return;
    case F::completed:
      entry.request.given = told.extension + told.reduction;
      enter(entry, RequestState::served, rule, now, changes);
      break;
    case F::rejected:
      entry.barred = now + from_seconds(86400);
      enter(entry, RequestState::refused, rule, now, changes);
      break;
    case F::cooldown:
    case F::timeout:
      again();
      enter(entry, RequestState::refused, rule, now, changes);
      break;
    case F::stale:
      enter(entry, RequestState::timed_out, rule, now, changes);
      break;
  }
  entry.handed.reset();
}

void follow_all(State& state, const std::vector<VehicleId>& there, const SignalObservation* told,
                UtcTime now, Changes& changes) {
  const auto& p = state.parameters;
  const bool hears = told != nullptr && told->link == CommLink::connected && told->takes_requests;
  for (const auto& key : there) {
    auto& entry = state.entries.at(key);
    if (!entry.handed || !hears) continue;
    if (const auto* r = find(told, entry.handed->id)) {
      follow(state, entry, *r, now, changes);
    } else if (entry.handed->listed) {
      // It has left the list, and its end was not heard: the link was down, or the controller too.
      entry.handed.reset();
      enter(entry, RequestState::timed_out, "controller_dropped", now, changes);
    } else if (in_seconds(now - entry.handed->ordered) > p.answer_s) {
      entry.handed.reset();
      entry.barred = now + from_seconds(entry.tries < p.tries ? p.barred_s : 86400);
      enter(entry, RequestState::refused, "controller_silent", now, changes);
    }
  }
}

PriorityOrder cancellation(const RequestId& id) {
  PriorityOrder order;
  order.request = id;
  order.cancel = true;
  return order;
}

// What was taken back is cancelled until the controller has ended it; what it gave is told then.
void follow_withdrawn(State& state, const JunctionId& junction, const SignalObservation* told,
                      bool may, UtcTime now, std::vector<PriorityOrder>& orders, Changes& changes) {
  const auto& p = state.parameters;
  const bool hears = told != nullptr && told->link == CommLink::connected && told->takes_requests;
  for (auto it = state.withdrawn.begin(); it != state.withdrawn.end();) {
    auto& [id, w] = *it;
    if (w.junction != junction) {
      ++it;
      continue;
    }
    const auto* r = hears ? find(told, id) : nullptr;
    const double since = in_seconds(now - w.since);
    const bool over =
        (r != nullptr && is_end(r->state)) || since > p.withdrawal_s ||
        (hears && r == nullptr && w.cancelled && in_seconds(now - *w.cancelled) > p.answer_s);
    if (over) {
      if (r != nullptr && r->state == FieldRequestState::completed) {
        w.request.given = r->extension + r->reduction;
        const bool known = w.request.state != RequestState::unknown;
        if (known && w.request.given.value > 0) changes.push_back(w.request);
      }
      it = state.withdrawn.erase(it);
      continue;
    }
    const bool again =
        !w.cancelled || (r != nullptr && in_seconds(now - *w.cancelled) > p.answer_s);
    if (may && again) {
      w.cancelled = now;
      orders.push_back(cancellation(id));
    }
    ++it;
  }
}

// Open at the controller under a name of ours, and unknown here: from before a restart.
void cancel_orphans(State& state, const JunctionId& junction, const std::vector<VehicleId>& there,
                    const SignalObservation& told, UtcTime now,
                    std::vector<PriorityOrder>& orders) {
  for (const auto& r : told.requests) {
    const bool ours = r.id.str().find("@" + junction.str() + "@") != std::string::npos;
    if (!ours || is_end(r.state) || state.withdrawn.count(r.id) != 0) continue;
    const bool known = std::any_of(there.begin(), there.end(), [&](const VehicleId& key) {
      const auto& handed = state.entries.at(key).handed;
      return handed && handed->id == r.id;
    });
    if (known) continue;
    PriorityRequest unknown;
    unknown.id = r.id;
    unknown.junction = junction;
    state.withdrawn[r.id] = {junction, unknown, now, now};
    orders.push_back(cancellation(r.id));
  }
}

void tell(Entry& entry, const PriorityParameters& p, UtcTime now,
          std::vector<PriorityOrder>& orders) {
  PriorityOrder order;
  order.level = level_of(entry, p);
  order.eta = left(entry, now);
  if (!entry.handed) {
    ++entry.tries;
    const auto suffix = entry.tries > 1 ? "#" + std::to_string(entry.tries) : std::string();
    entry.handed = Handed{RequestId(entry.request.id.str() + suffix), {}, 0, now, false};
    order.group = entry.place.group;
    order.vehicle = vehicle_of(entry.vehicle_kind);
  } else {
    // An update of what the controller does not list would be refused.
    if (!entry.handed->listed || in_seconds(now - entry.handed->ordered) < p.told_again_s) return;
    const double moved = std::abs(in_seconds(arrival(entry) - entry.handed->arrival));
    const auto by =
        std::max(order.level, entry.handed->level) - std::min(order.level, entry.handed->level);
    if (moved < p.arrival_moved_s && by < p.level_moved) return;
    order.update = true;
  }
  order.request = entry.handed->id;
  entry.handed->arrival = arrival(entry);
  entry.handed->level = order.level;
  entry.handed->ordered = now;
  orders.push_back(std::move(order));
}

}  // namespace

std::vector<PriorityRequest> hand_over(State& state, const JunctionId& junction,
                                       const SignalObservation* told, const std::string& against,
                                       UtcTime now, std::vector<PriorityOrder>& orders) {
  Changes changes;
  const auto found = state.at_junction.find(junction);
  static const std::vector<VehicleId> nobody;
  const auto& there = found == state.at_junction.end() ? nobody : found->second;
  const bool may = against.empty();
  follow_all(state, there, told, now, changes);
  for (const auto& key : there) {
    auto& entry = state.entries.at(key);
    const bool wants = is_open(entry.request.state) && entry.weighs;
    if (wants && !may) enter(entry, RequestState::refused, against, now, changes);
    if (!wants || !may) {
      withdraw(state, entry, now);
    } else if (!entry.barred || now >= *entry.barred) {
      tell(entry, state.parameters, now, orders);
    }
  }
  follow_withdrawn(state, junction, told, may, now, orders, changes);
  if (may && told != nullptr) cancel_orphans(state, junction, there, *told, now, orders);
  return changes;
}

std::vector<PriorityRequest> refused(State& state, const PriorityOrder& order,
                                     const std::string& rule, UtcTime now) {
  Changes changes;
  if (const auto w = state.withdrawn.find(order.request); w != state.withdrawn.end()) {
    w->second.cancelled = now;  // again only where the controller still lists it
    return changes;
  }
  for (auto& [key, entry] : state.entries) {
    if (!entry.handed || entry.handed->id != order.request || order.update) continue;
    entry.handed.reset();
    const bool again = entry.tries < state.parameters.tries;
    entry.barred = now + from_seconds(again ? state.parameters.barred_s : 86400);
    enter(entry, RequestState::refused, "order_" + rule, now, changes);
  }
  return changes;
}

std::vector<std::pair<JunctionId, PriorityOrder>> take_back(State& state) {
  std::vector<std::pair<JunctionId, PriorityOrder>> out;
  for (const auto& [id, w] : state.withdrawn) {
    if (!w.cancelled) out.emplace_back(w.junction, cancellation(id));
  }
  for (auto& [key, entry] : state.entries) {
    if (entry.handed) out.emplace_back(entry.place.junction, cancellation(entry.handed->id));
    entry.handed.reset();
  }
  state.withdrawn.clear();
  return out;
}

}  // namespace dispecer::priority
