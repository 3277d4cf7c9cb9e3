// A picture in memory and its PNG form (ISO/IEC 15948), 8-bit RGB.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace dispecer::sim {

struct Colour {
  std::uint8_t r = 0;
  std::uint8_t g = 0;
  std::uint8_t b = 0;
  bool operator==(const Colour&) const = default;
};

class Picture {
 public:
  Picture(std::uint32_t width, std::uint32_t height, Colour ground);
  [[nodiscard]] std::uint32_t width() const { return width_; }
  [[nodiscard]] std::uint32_t height() const { return height_; }
  [[nodiscard]] Colour at(std::uint32_t x, std::uint32_t y) const;
  // Half open; what lies outside the picture is left out.
  void fill(std::int64_t x0, std::int64_t y0, std::int64_t x1, std::int64_t y1, Colour colour);
  // Digits, letters A to Z, ':', '-', '/', ' '; others are blank. 3 x 5 dots of `dot` pixels.
  void write(std::int64_t x, std::int64_t y, const std::string& text, std::uint32_t dot,
             Colour colour);
  [[nodiscard]] std::string png() const;

 private:
  std::uint32_t width_;
  std::uint32_t height_;
  std::vector<std::uint8_t> rgb_;
};

}  // namespace dispecer::sim
