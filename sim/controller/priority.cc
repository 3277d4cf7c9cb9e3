#include "sim/controller/priority.h"

#include <algorithm>
#include <cmath>

#include "sim/controller/cabinet.h"
#include "sim/controller/prediction.h"

namespace dispecer::sim {
namespace {

void enter(const Cabinet& cabinet, PriorityRequest& request, PriorityState state, UtcTime now) {
  request.state = state;
  request.since = now;
  request.changed = cabinet.intersections.front().state.own_clock(now);
}

PriorityRequest* find_open(Cabinet& cabinet, const std::string& id) {
  for (auto& r : cabinet.priority.requests) {
    if (r.id == id && !is_end(r.state)) return &r;
  }
  return nullptr;
}

std::uint32_t whole(double seconds) {
  return static_cast<std::uint32_t>(std::clamp(std::round(seconds), 0.0, 255.0));
}

bool takes_priority(const Cabinet& cabinet, const PriorityTarget& target) {
  const auto& i = cabinet.intersections[target.intersection];
  const auto& s = i.state;
  return i.output.mode == ControlMode::control && !s.fixed_time && !s.manual && s.police_key == 0;
}

// A request that comes while the lamps start up is decided when they are in control.
bool starting(const Cabinet& cabinet, const PriorityRequest& request) {
  return request.target &&
         cabinet.intersections[request.target->intersection].output.mode == ControlMode::startup;
}

// Is another group of the same intersection being served?
bool busy(const PriorityDesk& desk, const PriorityTarget& target) {
  return std::any_of(desk.requests.begin(), desk.requests.end(), [&](const PriorityRequest& r) {
    return r.state == PriorityState::activated && r.target->intersection == target.intersection &&
           r.target->group != target.group;
  });
}

bool cooling(const PriorityDesk& desk, const PriorityTarget& target, UtcTime now) {
  return std::any_of(desk.ended.begin(), desk.ended.end(), [&](const auto& e) {
    return e.first == target && now - e.second < from_seconds(desk.settings.cooldown_s);
  });
}

void activate(Cabinet& cabinet, PriorityRequest& request, UtcTime now) {
  const auto& state = cabinet.intersections[request.target->intersection].state;
  enter(cabinet, request, PriorityState::activated, now);
  request.held_before_s = state.priority_group == request.target->group ? state.held_s : 0;
  if (!is_green(state.lamps[request.target->group].aspect)) {
    const auto seen = predict(state, request.target->group, now);
    if (seen) request.next_green = seen->green;
  }
}

// What priority gained for the group, by what the lamps did.
void settle(const Cabinet& cabinet, PriorityRequest& request) {
  const auto& state = cabinet.intersections[request.target->intersection].state;
  const auto& lamp = state.lamps[request.target->group];
  if (state.priority_group == request.target->group)
    request.extension_s = whole(state.held_s - request.held_before_s);
  if (!request.next_green || !is_green(lamp.aspect) || !lamp.green_began) return;
  if (*lamp.green_began >= request.since)
    request.reduction_s =
        whole(in_seconds(*request.next_green - state.own_clock(*lamp.green_began)));
}

void decide(Cabinet& cabinet, PriorityRequest& r, UtcTime now) {
  auto& desk = cabinet.priority;
  if (!r.target || !takes_priority(cabinet, *r.target)) {
    enter(cabinet, r, PriorityState::rejected, now);
  } else if (cooling(desk, *r.target, now)) {
    enter(cabinet, r, PriorityState::cooldown, now);
  } else if (busy(desk, *r.target)) {
    enter(cabinet, r, PriorityState::queued, now);
  } else {
    activate(cabinet, r, now);
  }
}

void end(Cabinet& cabinet, PriorityRequest& r, PriorityState state, UtcTime now) {
  if (r.state == PriorityState::activated) {
    settle(cabinet, r);
    cabinet.priority.ended.emplace_back(*r.target, now);
  }
  enter(cabinet, r, state, now);
}

}  // namespace

Result<> ask_priority(Cabinet& cabinet, PriorityRequest request, UtcTime now) {
  auto& desk = cabinet.priority;
  if (find_open(cabinet, request.id) != nullptr)
    return Error{"repeated_request", "'" + request.id.substr(0, 40) + "' is open already", ""};
  std::erase_if(desk.requests, [&](const PriorityRequest& r) { return r.id == request.id; });
  request.asked = now;
  const bool full = desk.requests.size() >= desk.settings.most;
  enter(cabinet, request, full ? PriorityState::rejected : PriorityState::received, now);
  desk.requests.push_back(std::move(request));
  return Ok{};
}

Result<> update_priority(Cabinet& cabinet, const std::string& id,
                         std::optional<std::uint32_t> level, std::optional<double> eta_s,
                         UtcTime now) {
  auto* request = find_open(cabinet, id);
  if (request == nullptr) return Error{"no_such_request", "found '" + id.substr(0, 40) + "'", ""};
  request->asked = now;
  if (level) request->level = *level;
  if (eta_s) request->eta_s = *eta_s;
  return Ok{};
}

Result<> cancel_priority(Cabinet& cabinet, const std::string& id, UtcTime now) {
  auto* request = find_open(cabinet, id);
  if (request == nullptr) return Error{"no_such_request", "found '" + id.substr(0, 40) + "'", ""};
  const auto last = request->state == PriorityState::activated ? PriorityState::completed
                    : request->state == PriorityState::queued  ? PriorityState::timeout
                                                               : PriorityState::rejected;
  end(cabinet, *request, last, now);
  return Ok{};
}

void run_priority(Cabinet& cabinet, UtcTime now) {
  auto& desk = cabinet.priority;
  const auto& set = desk.settings;
  std::erase_if(desk.requests, [](const PriorityRequest& r) { return is_end(r.state) && r.told; });
  std::erase_if(desk.ended, [&](const auto& e) {
    return now - e.second >= from_seconds(set.cooldown_s) || e.second > now;
  });
  for (auto& r : desk.requests) {
    const bool lost = r.state == PriorityState::activated && !takes_priority(cabinet, *r.target);
    const auto longest = from_seconds(set.stale_s + r.eta_s);
    if (lost ||
        (r.state == PriorityState::activated && now - std::max(r.since, r.asked) >= longest))
      end(cabinet, r, PriorityState::stale, now);
    if (r.state == PriorityState::queued && now - r.since >= from_seconds(set.queue_s))
      end(cabinet, r, PriorityState::timeout, now);
  }
  // The highest level first; among equals the oldest.
  std::vector<PriorityRequest*> waiting;
  for (auto& r : desk.requests) {
    if (r.state == PriorityState::queued ||
        (r.state == PriorityState::received && now - r.since >= from_seconds(set.decide_s) &&
         !starting(cabinet, r)))
      waiting.push_back(&r);
  }
  std::stable_sort(waiting.begin(), waiting.end(),
                   [](const auto* a, const auto* b) { return a->level > b->level; });
  for (auto* r : waiting) {
    if (r->state == PriorityState::received) {
      decide(cabinet, *r, now);
    } else if (!takes_priority(cabinet, *r->target)) {
      end(cabinet, *r, PriorityState::timeout, now);
    } else if (!busy(desk, *r->target)) {
      activate(cabinet, *r, now);
    }
  }
  for (auto& r : desk.requests) r.told = is_end(r.state);
  for (std::size_t i = 0; i < cabinet.intersections.size(); ++i) {
    auto& state = cabinet.intersections[i].state;
    std::optional<std::uint32_t> group;
    for (const auto& r : desk.requests) {
      if (r.state == PriorityState::activated && r.target->intersection == i)
        group = r.target->group;
    }
    if (group == state.priority_group) continue;
    state.priority_group = group;
    state.hold_since.reset();
    state.held_s = 0;
  }
}

}  // namespace dispecer::sim
