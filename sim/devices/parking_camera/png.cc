#include "sim/devices/parking_camera/png.h"

#include <zlib.h>

#include <algorithm>
#include <map>

#include "fusion/model/ensure.h"

namespace dispecer::sim {
namespace {

// Five rows of three dots, the top row in the highest bits.
std::uint16_t glyph(char c) {
  static const std::map<char, std::uint16_t> kGlyphs{
      {'0', 0b111'101'101'101'111}, {'1', 0b010'110'010'010'111}, {'2', 0b111'001'111'100'111},
      {'3', 0b111'001'111'001'111}, {'4', 0b101'101'111'001'001}, {'5', 0b111'100'111'001'111},
      {'6', 0b111'100'111'101'111}, {'7', 0b111'001'010'010'010}, {'8', 0b111'101'111'101'111},
      {'9', 0b111'101'111'001'111}, {'A', 0b111'101'111'101'101}, {'B', 0b110'101'110'101'110},
      {'C', 0b111'100'100'100'111}, {'D', 0b110'101'101'101'110}, {'E', 0b111'100'111'100'111},
      {'F', 0b111'100'111'100'100}, {'G', 0b111'100'101'101'111}, {'H', 0b101'101'111'101'101},
      {'I', 0b111'010'010'010'111}, {'J', 0b001'001'001'101'111}, {'K', 0b101'110'100'110'101},
      {'L', 0b100'100'100'100'111}, {'M', 0b101'111'111'101'101}, {'N', 0b110'101'101'101'101},
      {'O', 0b010'101'101'101'010}, {'P', 0b111'101'111'100'100}, {'Q', 0b111'101'101'111'001},
      {'R', 0b110'101'110'101'101}, {'S', 0b011'100'010'001'110}, {'T', 0b111'010'010'010'010},
      {'U', 0b101'101'101'101'111}, {'V', 0b101'101'101'101'010}, {'W', 0b101'101'111'111'101},
      {'X', 0b101'101'010'101'101}, {'Y', 0b101'101'010'010'010}, {'Z', 0b111'001'010'100'111},
      {':', 0b000'010'000'010'000}, {'-', 0b000'000'111'000'000}, {'/', 0b001'001'010'100'100}};
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  const auto found = kGlyphs.find(c);
  return found == kGlyphs.end() ? std::uint16_t{0} : found->second;
}

void add_number(std::string& out, std::uint32_t n) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(n >> shift & 0xFF);
}

void add_chunk(std::string& out, const std::string& type, const std::string& data) {
  add_number(out, static_cast<std::uint32_t>(data.size()));
  const std::string body = type + data;
  out += body;
  add_number(out, static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(body.data()),
                                                   static_cast<uInt>(body.size()))));
}

}  // namespace

Picture::Picture(std::uint32_t width, std::uint32_t height, Colour ground)
    : width_(width), height_(height), rgb_(std::size_t{3} * width * height) {
  ensure(width > 0 && height > 0 && width <= 4096 && height <= 4096);
  fill(0, 0, width, height, ground);
}

Colour Picture::at(std::uint32_t x, std::uint32_t y) const {
  ensure(x < width_ && y < height_);
  const auto* p = &rgb_[3 * (std::size_t{y} * width_ + x)];
  return {p[0], p[1], p[2]};
}

void Picture::fill(std::int64_t x0, std::int64_t y0, std::int64_t x1, std::int64_t y1,
                   Colour colour) {
  for (auto y = std::max<std::int64_t>(y0, 0); y < std::min<std::int64_t>(y1, height_); ++y) {
    for (auto x = std::max<std::int64_t>(x0, 0); x < std::min<std::int64_t>(x1, width_); ++x) {
      auto* p = &rgb_[3 * (static_cast<std::size_t>(y) * width_ + static_cast<std::size_t>(x))];
      p[0] = colour.r;
      p[1] = colour.g;
      p[2] = colour.b;
    }
  }
}

void Picture::write(std::int64_t x, std::int64_t y, const std::string& text, std::uint32_t dot,
                    Colour colour) {
  for (const char c : text) {
    const auto dots = glyph(c);
    for (std::int64_t i = 0; i < 15; ++i) {
      if ((dots >> (14 - i) & 1) == 0) continue;
      const auto left = x + i % 3 * dot;
      const auto top = y + i / 3 * dot;
      fill(left, top, left + dot, top + dot, colour);
    }
    x += 4 * std::int64_t{dot};
  }
}

std::string Picture::png() const {
  std::string head;
  add_number(head, width_);
  add_number(head, height_);
  head +=
      std::string("\x08\x02\0\0\0", 5);  // 8 bits, RGB, deflate, no filter choice, not interlaced
  std::string lines;
  lines.reserve(rgb_.size() + height_);
  for (std::uint32_t y = 0; y < height_; ++y) {
    lines += '\0';  // filter: none
    lines.append(reinterpret_cast<const char*>(&rgb_[std::size_t{3} * y * width_]),
                 std::size_t{3} * width_);
  }
  uLongf size = compressBound(static_cast<uLong>(lines.size()));
  std::string packed(size, '\0');
  const int code = compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                             reinterpret_cast<const Bytef*>(lines.data()),
                             static_cast<uLong>(lines.size()), Z_BEST_SPEED);
  ensure(code == Z_OK, zError(code));
  packed.resize(size);
  std::string out("\x89PNG\r\n\x1a\n");
  add_chunk(out, "IHDR", head);
  add_chunk(out, "IDAT", packed);
  add_chunk(out, "IEND", "");
  return out;
}

}  // namespace dispecer::sim
