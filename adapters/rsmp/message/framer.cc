#include "adapters/rsmp/message/framer.h"

#include <utility>

namespace dispecer::rsmp {

void Framer::append(std::string_view bytes) {
  if (skipping_) return;
  if (partial_.size() + bytes.size() > max_frame_) {
    skipping_ = true;
    ++oversize_;
    partial_.clear();
    partial_.shrink_to_fit();
    return;
  }
  partial_.append(bytes);
}

void Framer::feed(std::string_view bytes, std::vector<std::string>& frames) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find(kFrameEnd);
    if (end == std::string_view::npos) {
      append(bytes);
      return;
    }
    append(bytes.substr(0, end));
    bytes.remove_prefix(end + 1);
    if (std::exchange(skipping_, false)) continue;
    if (partial_.empty()) {
      ++empty_;
    } else {
      frames.push_back(std::exchange(partial_, {}));
    }
  }
}

}  // namespace dispecer::rsmp
