// Where the fixed windows stand: bar above, map left, lists right, status below. In multiples of
// the font size, so that everything follows the scale.
#pragma once

#include <imgui.h>

namespace dispecer::hmi::layout {

inline constexpr ImGuiWindowFlags kFixed = ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize |
                                           ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoCollapse |
                                           ImGuiWindowFlags_NoSavedSettings |
                                           ImGuiWindowFlags_NoBringToFrontOnFocus;

inline float top() {
  return ImGui::GetFontSize() * 2.3F;
}
inline float bottom() {
  return ImGui::GetFontSize() * 1.9F;
}
inline float side() {
  return ImGui::GetFontSize() * 36.0F;
}

inline void place(float x, float y, float w, float h) {
  ImGui::SetNextWindowPos({x, y});
  ImGui::SetNextWindowSize({w, h});
}

}  // namespace dispecer::hmi::layout
