#include "controller/app/requests.h"

#include <algorithm>

#include "controller/signals/propose.h"

namespace dispecer::controller {
namespace {

constexpr std::size_t kToldKept = 200;

bool serves_itself(const Place& place) {
  const auto* seen = place.view.signal;
  const auto& file = place.site.signals;
  return seen != nullptr && seen->takes_requests &&
         (file.serves_priority || file.lever < Lever::stage);
}

// Why nothing may be sent there now, "" = it may.
std::string against(const ControllerState& state, const Place& place) {
  const auto& word = place.memory.override_;
  if (word && word->kind == signals::OverrideKind::release) return "operator_release";
  const auto may = signals::standing(place.site, place.memory, place.view, Lever::none,
                                     state.parameters.signals);
  return may.command ? "" : may.rule;
}

void propose(ControllerState& state, Place& place, const signals::Moment& moment,
             PriorityOrder order, Outputs& out) {
  auto proposal = signals::make_proposal(place.site, place.memory, place.view, moment,
                                         state.parameters.signals, order);
  proposal.reason.rule = order.cancel ? "priority_over" : "priority_by_controller";
  proposal.reason.inputs.push_back({"request", order.request.str()});
  if (state.told.size() >= kToldKept) state.told.pop_front();
  state.told.emplace_back(proposal.id, std::move(order));
  out.proposals.push_back(std::move(proposal));
}

void see_lamps(ControllerState& state, const JunctionId& junction, const Place& place,
               UtcTime now) {
  if (place.view.signal == nullptr) return;
  std::vector<priority::GroupSeen> groups;
  for (const auto aspect : place.view.signal->groups) groups.push_back({is_green(aspect), 0});
  for (std::size_t g = 0; g < std::min(groups.size(), place.site.group_movements.size()); ++g) {
    for (const auto m : place.site.group_movements[g]) {
      const auto bundle = place.site.bundles.of(m, static_cast<std::uint32_t>(g));
      if (place.site.movements[m].bus_lane || bundle == signals::kNone) continue;
      const auto& row = place.site.bundles.rows[bundle];
      const double flow = row.lanes * row.lane_flow;
      if (flow <= 0) continue;
      groups[g].queue_s = std::max(groups[g].queue_s, place.view.movements[m].queue / flow);
    }
  }
  priority::lamps(state.priority, junction, groups, now);
}

}  // namespace

std::vector<signals::BusDemand> bus_demands(ControllerState& state, const JunctionId& junction,
                                            Place& place, const signals::Moment& moment,
                                            Outputs& out) {
  std::vector<signals::BusDemand> buses;
  if (!state.parameters.bus_priority) return buses;
  const bool itself = serves_itself(place);
  if (itself || place.hands_over || !state.priority.withdrawn.empty()) {
    const auto why = itself ? against(state, place) : "controller_serves_none";
    std::vector<PriorityOrder> orders;
    append(out.requests, priority::hand_over(state.priority, junction, place.view.signal, why,
                                             moment.now, orders));
    for (auto& order : orders) propose(state, place, moment, std::move(order), out);
  }
  place.hands_over = itself;
  if (itself) return buses;
  if (moment.tick) see_lamps(state, junction, place, moment.now);
  for (const auto& a : priority::asks(state.priority, junction, moment.now)) {
    signals::BusDemand bus{a.group, a.low, a.eta, a.high, a.to_stop_line, a.weight, a.chance};
    const auto& movements = place.site.movements;
    for (std::uint32_t m = 0; m < movements.size(); ++m) {
      if (movements[m].id != a.movement) continue;
      bus.movement = m;
      bus.own_lane = movements[m].bus_lane;
    }
    buses.push_back(bus);
  }
  return buses;
}

priority::Verdict verdict_of(const Place& place, const signals::JunctionOutput& out) {
  priority::Verdict verdict;
  const auto& choice = out.choice;
  if (choice.target != signals::kNone) {
    verdict.green = place.site.stages[choice.target].green;
    verdict.begins = choice.begins;
    verdict.ends = choice.begins + choice.green;
    verdict.given = choice.priority ? choice.given : 0;
    verdict.spared_from = choice.spared_from;
    verdict.spared_until = choice.spared_until;
    if (choice.priority && choice.without != signals::kNone) {
      verdict.otherwise = place.site.stages[choice.without].green;
    }
  }
  verdict.rule = choice.reason.rule;
  verdict.sent = out.proposal && std::holds_alternative<StageOrder>(out.proposal->write);
  return verdict;
}

std::optional<PriorityOrder> order_of(ControllerState& state, const ProposalId& proposal) {
  const auto it = std::find_if(state.told.begin(), state.told.end(),
                               [&](const auto& t) { return t.first == proposal; });
  if (it == state.told.end()) return std::nullopt;
  auto order = std::move(it->second);
  state.told.erase(it);
  return order;
}

void take_back_requests(ControllerState& state, UtcTime now, std::uint32_t epoch, Outputs& out) {
  for (auto& [junction, order] : priority::take_back(state.priority)) {
    const auto it = state.junctions.find(junction);
    if (it == state.junctions.end()) continue;
    it->second.view.signal = nullptr;  // it pointed into a picture
    propose(state, it->second, {now, epoch, true, std::nullopt}, std::move(order), out);
  }
}

}  // namespace dispecer::controller
