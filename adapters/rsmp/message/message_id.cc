#include "adapters/rsmp/message/message_id.h"

#include <sodium.h>

namespace dispecer::rsmp {

void fill_random(Bytes16& bytes) {
  randombytes_buf(bytes.data(), bytes.size());
}

std::string uuid_v4(Bytes16 random) {
  random[6] = static_cast<std::uint8_t>((random[6] & 0x0f) | 0x40);
  random[8] = static_cast<std::uint8_t>((random[8] & 0x3f) | 0x80);
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < random.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kHex[random[i] >> 4];
    text += kHex[random[i] & 0x0f];
  }
  return text;
}

std::string MessageIds::next() {
  Bytes16 bytes{};
  fill_(bytes);
  return uuid_v4(bytes);
}

}  // namespace dispecer::rsmp
