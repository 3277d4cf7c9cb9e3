#include "adapters/priority_points/place.h"

#include <algorithm>

namespace dispecer::priority_points {

std::optional<PointKind> point_kind(std::string_view name) {
  for (const auto& n : names(Tag<PointKind>{})) {
    if (n.value != PointKind::unknown && n.text == name) return n.value;
  }
  return std::nullopt;
}

Result<> find_place(const city::City& city, const std::string& junction, const std::string& group) {
  const auto at = city.signals.find(JunctionId(junction));
  if (at == city.signals.end()) {
    return Error{"unknown_junction", "no signals at '" + junction + "'", "junction"};
  }
  const auto& groups = at->second.groups;
  const bool found =
      std::any_of(groups.begin(), groups.end(), [&](const auto& g) { return g.id.str() == group; });
  if (!found) return Error{"unknown_group", "no group '" + group + "' at " + junction, "group"};
  return Ok{};
}

}  // namespace dispecer::priority_points
