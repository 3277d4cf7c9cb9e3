// Priority requests.
#include "controller/guard/rules.h"

namespace dispecer::guard {
namespace {

// The number of the reference that a new request needs, in the range of its kind.
Verdict check_reference(const Scene& s, const PriorityOrder& order) {
  if (order.lane_out && order.reference != PriorityReference::lane) {
    return refuse("priority_reference", "only a lane has a lane that leads out", s.where());
  }
  if (order.reference != PriorityReference::group) {
    if (!order.group.empty()) return refuse("priority_reference", "two references", s.where());
    const std::uint32_t most = order.reference == PriorityReference::approach ? 16 : 255;
    return check_number(s, "reference", order.number, 0, most);
  }
  const bool known = std::any_of(s.signals.groups.begin(), s.signals.groups.end(),
                                 [&](const SignalGroup& g) { return g.id == order.group; });
  if (known) return std::nullopt;
  return refuse("unknown_group", "no group '" + order.group.str() + "'", s.where());
}

}  // namespace

Verdict check_write(const Scene& s, const PriorityOrder& order) {
  if (order.request.empty()) return refuse("priority_request", "it has no id", s.where());
  if (order.cancel && order.update) {
    return refuse("priority_request", "both an update and a cancellation", s.where());
  }
  if (auto v = check_number(s, "level", order.level, 0, 14)) return v;
  if (order.eta && !(order.eta->value >= 0 && order.eta->value <= 255)) {
    return refuse("number_range", "arrival in " + seconds_text(order.eta->value), s.where());
  }
  if (order.cancel || order.update) return std::nullopt;
  return check_reference(s, order);
}

}  // namespace dispecer::guard
