// Where the console draws: a window (GLFW, OpenGL 3) or, without a display, an off-screen surface
// (EGL). One of them per process; ImGui is set up for it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "fusion/model/result.h"

namespace dispecer::hmi {

struct ScreenOptions {
  std::string title = "Dispecer";
  int width = 1920;
  int height = 1080;
  double scale = 1.0;  // of fonts and spacing, 0.5 to 4
};

struct Pixels {
  int width = 0;
  int height = 0;
  std::vector<unsigned char> rgba;  // top row first
};

class Screen {
 public:
  virtual ~Screen() = default;
  // False when the person closed the window.
  virtual bool begin_frame() = 0;
  // Draws what ImGui has; `copy` receives the picture where it is not null.
  virtual void end_frame(Pixels* copy) = 0;
};

// Causes: "no_display", "no_opengl", "no_font".
Result<std::unique_ptr<Screen>> open_window(const ScreenOptions& options);
Result<std::unique_ptr<Screen>> open_off_screen(const ScreenOptions& options);

// Font with all letters of both languages and the symbols, and the console's style. Cause
// "no_font".
Result<> set_style(double scale);
// Cause "png_write".
Result<> write_png(const std::string& file, const Pixels& pixels);

}  // namespace dispecer::hmi
