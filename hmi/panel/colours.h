// The console's colours. Muted ground; saturated colour only for what is not normal; every alarm
// colour also has a shape and a letter. Least colour difference of any pair is about 23 (CIE76) for
// normal, protan, deutan and tritan sight.
#pragma once

#include <imgui.h>

#include "fusion/model/health.h"
#include "fusion/model/signal_state.h"

namespace dispecer::hmi::colour {

inline constexpr ImU32 kGround = IM_COL32(204, 207, 209, 255);
inline constexpr ImU32 kMap = IM_COL32(190, 192, 194, 255);
inline constexpr ImU32 kInk = IM_COL32(20, 22, 24, 255);
inline constexpr ImU32 kNormal = IM_COL32(120, 126, 132, 255);
inline constexpr ImU32 kStreet = IM_COL32(226, 228, 230, 255);
inline constexpr ImU32 kCritical = IM_COL32(176, 0, 58, 255);
inline constexpr ImU32 kHigh = IM_COL32(230, 120, 0, 255);
inline constexpr ImU32 kMedium = IM_COL32(245, 215, 50, 255);
inline constexpr ImU32 kSelection = IM_COL32(0, 90, 255, 255);
inline constexpr ImU32 kShelved = IM_COL32(150, 90, 200, 255);
inline constexpr ImU32 kZone = IM_COL32(150, 90, 200, 60);
inline constexpr ImU32 kBus = IM_COL32(0, 84, 166, 255);
inline constexpr ImU32 kPlanted = IM_COL32(255, 255, 255, 255);

ImU32 of(Aspect aspect);
ImU32 of(AlarmPriority priority);
// Share of a link's room that is taken, 0..1: grey while it is normal.
ImU32 of_storage(double share);

}  // namespace dispecer::hmi::colour
