// Radio telegrams R09.10 to R09.16 by which vehicles of public transport announce themselves to
// signals.
//
// Shape by what is public of VDV 420 (before it VOEV 04.05.1, annex "LSA/R09.14 and R09.16"). Bytes
// in the order of sending, without preamble and check sum, which are the radio's. Decimal digits
// are packed two to a byte, the higher one first.
//
//   byte  bits  content                                                        from n
//   0     7..4  mode, 9
//   0     3..0  type, 1
//   1     7     sign of the deviation from the timetable: 0 late, 1 early
//   1     6..4  its amount, 0..7
//   1     3..0  n, the number of bytes behind byte 2: 0 = R09.10, 6 = R09.16
//   2, 3        report point, the higher byte first; only byte 2 where n is 0
//   4     7..6  priority, 0..3                                                  2
//   4     5..4  asked by hand: 1 straight on, 2 to the left, 3 to the right     2
//   4     3..0  hundreds of the line; byte 5 has its tens and ones              3
//   6           run, two digits                                                 4
//   7           hundreds and tens of the destination; 7..4 of byte 8 its ones   6
//   8     2..0  length of the train                                             6
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "fusion/model/result.h"

namespace dispecer::priority_points {

struct R09Telegram {
  std::uint16_t point = 0;
  int deviation = 0;              // -7..7, positive = late
  std::uint8_t priority = 0;      // 0..3
  std::uint8_t by_hand = 0;       // 0..3, 0 = no
  std::optional<unsigned> line;   // 0..999
  std::optional<unsigned> run;    // 0..99
  std::optional<unsigned> bound;  // number of the destination, 0..999
  std::optional<unsigned> train;  // 0..7
  bool operator==(const R09Telegram&) const = default;
};

inline constexpr std::size_t kLongestR09 = 9;  // bytes

// Error causes: not_r09 (another mode or type), bad_length (not what byte 1 says, or more than
// R09.16 has), bad_digit (above 9).
Result<R09Telegram> parse_r09(std::string_view bytes);

}  // namespace dispecer::priority_points
