// Who may ask for a corridor.
#include <algorithm>

#include "controller/emergency/corridor.h"

namespace dispecer::emergency {

Result<> authorise(const State& state, const Actor& actor, OpenCorridor& request) {
  if (request.kind == EmergencyKind::unknown) {
    return Error{"right", "a corridor is for an errand of a known kind", ""};
  }
  const auto role = actor.role;
  if (role == Role::op || role == Role::supervisor || role == Role::admin) return Ok{};
  if (role == Role::police && request.kind == EmergencyKind::police) return Ok{};
  if (role != Role::automaton) {
    return Error{"right", "the role " + std::string(to_name(role)) + " may not open this corridor",
                 ""};
  }
  const auto& desks = state.reg.desks;
  const auto desk = std::find_if(desks.begin(), desks.end(),
                                 [&](const EmergencyDesk& d) { return d.id == actor.person; });
  if (desk == desks.end()) {
    return Error{"right", "'" + actor.person.str() + "' stands in no register", ""};
  }
  if (std::count(desk->kinds.begin(), desk->kinds.end(), request.kind) == 0) {
    return Error{
        "right",
        "'" + actor.person.str() + "' may not ask for " + std::string(to_name(request.kind)), ""};
  }
  if (desk->route.empty()) return Ok{};
  const bool other = (!request.route.empty() && request.route != desk->route) ||
                     !request.from.empty() || !request.to.empty();
  if (other) return Error{"right", "a station's button opens its own route only", ""};
  request.route = desk->route;
  return Ok{};
}

}  // namespace dispecer::emergency
