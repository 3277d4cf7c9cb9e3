// What the signs must show, and when they are told.
#include <algorithm>

#include "controller/access/access.h"

namespace dispecer::access {
namespace {

Proposal propose(const Gate& gate, const Zone* zone, std::string_view demand,
                 const SignReport* seen, const Parameters& p, UtcTime t, std::uint32_t epoch) {
  Proposal proposal;
  proposal.id = ProposalId("sign/" + gate.sign.str() + "/" + std::to_string(epoch) + "/" +
                           std::to_string(t.us));
  proposal.write = SignOrder{gate.sign, std::string(demand)};
  proposal.decided = t;
  proposal.based_on = seen != nullptr ? seen->t : t;
  proposal.expires = t + from_seconds(p.sign_order_life.value);
  proposal.epoch = epoch;
  proposal.actor = {PersonId("controller/access"), Role::automaton, WorkplaceId()};
  proposal.reason.rule = "zone_state";
  proposal.reason.inputs = {{"zone", zone != nullptr ? zone->id.str() : ""},
                            {"zone_version", zone != nullptr ? zone->version : ""},
                            {"sign_shows", seen != nullptr ? seen->shows : "unknown"}};
  proposal.reason.otherwise = "leave_sign";
  return proposal;
}

void forget_ended(State& state, UtcTime t) {
  // An ended activation still matters to the grace of passages that arrive late.
  constexpr Duration kKept = std::chrono::hours(24);
  std::erase_if(state.by_hand, [&](const Activation& a) { return a.until + kKept < t; });
}

}  // namespace

std::string_view sign_demand(const State& state, const Regulations& rules, const Gate& gate,
                             UtcTime t) {
  const Zone* zone = find_zone(rules, gate.zone);
  if (zone == nullptr) return kSignOpen;
  return zone_status(*zone, state.by_hand, rules.local, t).active() ? kSignRestricted : kSignOpen;
}

Outputs step(State& state, const Regulations& rules, const Parameters& parameters, UtcTime t,
             std::uint32_t epoch) {
  Outputs out;
  forget_ended(state, t);
  for (const auto& gate : rules.gates) {
    if (gate.sign.empty()) continue;
    const auto demand = sign_demand(state, rules, gate, t);
    const auto reports = state.signs.find(gate.sign);
    const SignReport* seen = reports != state.signs.end() && !reports->second.empty()
                                 ? &reports->second.back()
                                 : nullptr;
    const bool fresh = seen != nullptr && seen->healthy &&
                       in_seconds(t - seen->t) <= parameters.sign_max_age.value;
    const bool right = fresh && seen->shows == demand;
    const auto told = state.told.find(gate.sign);
    const bool same =
        told != state.told.end() && told->second.first == demand && told->second.second <= t;
    const double wait = right ? parameters.sign_refresh.value : parameters.sign_retry.value;
    const bool due = !same || in_seconds(t - told->second.second) >= wait;
    if (right) state.wrong_since.erase(gate.sign);
    const auto since = right ? t : state.wrong_since.try_emplace(gate.sign, t).first->second;
    const bool overdue = !right && in_seconds(t - since) >= parameters.sign_max_age.value;
    if (due) {
      out.proposals.push_back(
          propose(gate, find_zone(rules, gate.zone), demand, seen, parameters, t, epoch));
      state.told[gate.sign] = {std::string(demand), t};
    }
    bool& alarmed = state.sign_alarm[gate.sign];
    if (overdue && !alarmed) {
      alarmed = true;
      out.alarms.push_back(
          {"sign_mismatch", gate.id.str(), AlarmPriority::medium, true, t,
           "gate stopped: the sign does not show \"" + std::string(demand) + "\""});
    } else if (right && alarmed) {
      alarmed = false;
      out.alarms.push_back(
          {"sign_mismatch", gate.id.str(), AlarmPriority::medium, false, t, "sign and rule agree"});
    }
  }
  return out;
}

}  // namespace dispecer::access
