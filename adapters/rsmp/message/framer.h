// Cuts a byte stream into RSMP frames: JSON texts that end with a form feed (0x0C).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dispecer::rsmp {

inline constexpr char kFrameEnd = '\f';
inline constexpr std::size_t kMaxFrame = 8u << 20;  // a whole controller configuration fits

class Framer {
 public:
  explicit Framer(std::size_t max_frame = kMaxFrame) : max_frame_(max_frame) {}

  // Appends each frame that `bytes` completes, without its form feed. Empty frames (two form feeds
  // in a row, or one first) are legal to receive: counted and left out. A frame above the cap is
  // skipped up to its end and counted.
  void feed(std::string_view bytes, std::vector<std::string>& frames);

  [[nodiscard]] std::uint64_t empty_frames() const { return empty_; }
  [[nodiscard]] std::uint64_t oversize_frames() const { return oversize_; }
  [[nodiscard]] std::size_t pending_bytes() const { return partial_.size(); }

 private:
  void append(std::string_view bytes);

  std::size_t max_frame_;
  std::string partial_;
  bool skipping_ = false;
  std::uint64_t empty_ = 0;
  std::uint64_t oversize_ = 0;
};

}  // namespace dispecer::rsmp
