#pragma once

#include <GL/gl.h>

#include <algorithm>

#include "hmi/shell/screen.h"

namespace dispecer::hmi {

// Of the current framebuffer, before it is swapped. OpenGL gives the bottom row first.
inline void read_pixels(int width, int height, Pixels& to) {
  to.width = width;
  to.height = height;
  const auto row = static_cast<std::size_t>(width) * 4;
  std::vector<unsigned char> raw(row * static_cast<std::size_t>(height));
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, raw.data());
  to.rgba.resize(raw.size());
  for (int y = 0; y < height; ++y) {
    const auto* from = raw.data() + static_cast<std::size_t>(height - 1 - y) * row;
    std::copy(from, from + row, to.rgba.data() + static_cast<std::size_t>(y) * row);
  }
  for (std::size_t i = 3; i < to.rgba.size(); i += 4) to.rgba[i] = 255;
}

}  // namespace dispecer::hmi
