#include <imgui.h>
#include <stb/stb_image_write.h>

#include <array>
#include <filesystem>

#include "hmi/panel/colours.h"
#include "hmi/shell/screen.h"

namespace dispecer::hmi {
namespace {

constexpr std::array<ImWchar, 15> kGlyphs{0x20,   0x17F,  0x218,  0x21B,  0x2010,
                                          0x2027, 0x2080, 0x2089, 0x2190, 0x21FF,
                                          0x2260, 0x2265, 0x25A0, 0x26FF, 0};
constexpr const char* kFont = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";
constexpr float kFontPixels = 16.0F;

}  // namespace

Result<> set_style(double scale) {
  if (!std::filesystem::exists(kFont)) return Error{"no_font", "install fonts-dejavu-core", kFont};
  auto& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.Fonts->Clear();
  if (io.Fonts->AddFontFromFileTTF(kFont, kFontPixels * static_cast<float>(scale), nullptr,
                                   kGlyphs.data()) == nullptr) {
    return Error{"no_font", "cannot be read", kFont};
  }
  ImGui::StyleColorsLight();
  auto& style = ImGui::GetStyle();
  style.WindowRounding = 0;
  style.FrameRounding = 3;
  style.Colors[ImGuiCol_WindowBg] = ImGui::ColorConvertU32ToFloat4(colour::kGround);
  style.Colors[ImGuiCol_ChildBg] = ImGui::ColorConvertU32ToFloat4(IM_COL32(214, 216, 218, 255));
  style.Colors[ImGuiCol_Text] = ImGui::ColorConvertU32ToFloat4(colour::kInk);
  style.Colors[ImGuiCol_TextDisabled] = ImGui::ColorConvertU32ToFloat4(IM_COL32(84, 88, 92, 255));
  style.ScaleAllSizes(static_cast<float>(scale));
  return Ok{};
}

Result<> write_png(const std::string& file, const Pixels& pixels) {
  const auto draft = file + ".new";
  if (stbi_write_png(draft.c_str(), pixels.width, pixels.height, 4, pixels.rgba.data(),
                     pixels.width * 4) == 0) {
    return Error{"png_write", "cannot be written", file};
  }
  std::error_code error;
  std::filesystem::rename(draft, file, error);
  if (error) return Error{"png_write", error.message(), file};
  return Ok{};
}

}  // namespace dispecer::hmi
