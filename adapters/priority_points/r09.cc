#include "adapters/priority_points/r09.h"

#include <array>
#include <initializer_list>
#include <string>

namespace dispecer::priority_points {
namespace {

constexpr std::uint8_t kModeAndType = 0x91;
constexpr std::size_t kHead = 3;

// Digits as one number; absent where one of them is none.
std::optional<unsigned> number(std::initializer_list<unsigned> digits) {
  unsigned value = 0;
  for (const unsigned d : digits) {
    if (d > 9) return std::nullopt;
    value = 10 * value + d;
  }
  return value;
}

}  // namespace

Result<R09Telegram> parse_r09(std::string_view bytes) {
  std::array<std::uint8_t, kLongestR09> b{};
  if (bytes.size() < kHead || bytes.size() > b.size()) {
    return Error{"bad_length", "found " + std::to_string(bytes.size()) + " bytes, expected 3 to 9",
                 "telegram"};
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) b[i] = static_cast<std::uint8_t>(bytes[i]);
  if (b[0] != kModeAndType) {
    return Error{"not_r09", "found mode and type " + std::to_string(b[0]) + ", expected 145",
                 "byte 0"};
  }
  const std::size_t more = b[1] & 0x0FU;
  if (bytes.size() != kHead + more) {
    return Error{"bad_length",
                 "found " + std::to_string(bytes.size()) + " bytes, byte 1 tells of " +
                     std::to_string(kHead + more),
                 "byte 1"};
  }
  R09Telegram out;
  const int amount = (b[1] >> 4U) & 0x07U;
  out.deviation = (b[1] & 0x80U) != 0 ? -amount : amount;
  out.point = more == 0 ? b[2] : static_cast<std::uint16_t>(b[2] << 8U | b[3]);
  if (more >= 2) {
    out.priority = b[4] >> 6U;
    out.by_hand = (b[4] >> 4U) & 0x03U;
  }
  const auto low = [&](std::size_t i) { return b[i] & 0x0FU; };
  const auto high = [&](std::size_t i) { return unsigned{b[i]} >> 4U; };
  const auto digits = [&](const char* what) { return Error{"bad_digit", "above 9", what}; };
  if (more >= 3 && !(out.line = number({low(4), high(5), low(5)}))) return digits("line");
  if (more >= 4 && !(out.run = number({high(6), low(6)}))) return digits("run");
  if (more >= 6) {
    if (!(out.bound = number({high(7), low(7), high(8)}))) return digits("destination");
    out.train = b[8] & 0x07U;
  }
  return out;
}

}  // namespace dispecer::priority_points
