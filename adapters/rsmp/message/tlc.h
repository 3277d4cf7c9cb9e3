// Small codings of the traffic-light signal exchange list (TLC 1.0.7 to 1.2.1) that both ends need.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fusion/model/result.h"
#include "fusion/model/signal_state.h"

namespace dispecer::rsmp {

inline constexpr std::string_view kTrue = "True";
inline constexpr std::string_view kFalse = "False";
inline std::string bool_text(bool value) {
  return std::string(value ? kTrue : kFalse);
}
// Any case on reading.
std::optional<bool> parse_bool(std::string_view text);
// Whole decimal number, optional minus sign; leading zeros are legal ("01").
std::optional<std::int64_t> parse_integer(std::string_view text);
// Splits at `separator`; the empty text has no items.
std::vector<std::string_view> split(std::string_view text, char separator);

// Letter of S0001 to what the lamps show. Absent = not a letter of the list.
std::optional<Aspect> aspect_of(char letter, bool pedestrian = false);
// The plainest letter for an aspect.
char letter_of(Aspect aspect);

// M0013, "set many inputs": blocks of 16 inputs, "offset,set,clear" joined by ';'. Bit 0 of a mask
// is input `offset`; inputs count from 1; a clear wins over a set.
struct InputChange {
  std::uint32_t input = 0;  // 1..255
  bool set = false;
  bool operator==(const InputChange&) const = default;
};
// One block per group of inputs that lie within 16 of the block's first; ascending.
std::string encode_inputs(const std::vector<InputChange>& changes);
// Inputs named by the masks, ascending, each once. Causes: bad_value.
Result<std::vector<InputChange>> decode_inputs(std::string_view text);

// S0003, S0029: one character per input, leftmost = input 1. The numbers of those that are '1'.
std::vector<std::uint32_t> set_bits(std::string_view text);

// "plan-band-seconds,..." and the like: `parts` numbers joined by '-', items joined by ','.
// Absent = malformed. Empty text = no items.
std::optional<std::vector<std::vector<std::int64_t>>> parse_tuples(std::string_view text,
                                                                   std::size_t parts);

}  // namespace dispecer::rsmp
