// Where and how a vehicle may announce itself, as files and messages write it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/city/city.h"
#include "fusion/model/observation.h"

namespace dispecer::priority_points {

inline constexpr double kFurthest = 10000;  // m before the stop line

// "registration", "door_closed", "deregistration"; absent = none of these.
std::optional<PointKind> point_kind(std::string_view name);
// Is it a group of a junction with signals? Error causes: unknown_junction, unknown_group.
Result<> find_place(const city::City& city, const std::string& junction, const std::string& group);

}  // namespace dispecer::priority_points
