#include "adapters/rsmp/message/tlc.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace dispecer::rsmp {
namespace {

constexpr std::uint32_t kBlock = 16;

bool equal_any_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return lower(x) == lower(y);
  });
}

}  // namespace

std::optional<bool> parse_bool(std::string_view text) {
  if (equal_any_case(text, kTrue)) return true;
  if (equal_any_case(text, kFalse)) return false;
  return std::nullopt;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [at, fault] = std::from_chars(text.data(), end, value);
  if (text.empty() || fault != std::errc{} || at != end) return std::nullopt;
  return value;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> items;
  if (text.empty()) return items;
  while (true) {
    const std::size_t at = text.find(separator);
    items.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return items;
    text.remove_prefix(at + 1);
  }
}

std::optional<Aspect> aspect_of(char letter, bool pedestrian) {
  switch (letter) {
    case 'a':
    case 'b':
      return Aspect::dark;
    case 'c':
      return Aspect::amber_flash;
    case 'd':
      return Aspect::red_flash;
    case 'e':
      return Aspect::amber_flash;
    case 'f':
      return pedestrian ? Aspect::red : Aspect::amber;
    case 'g':
    case 'h':
    case 'A':
    case 'B':
    case 'C':
    case 'D':
    case 'E':
    case 'F':
    case 'G':
    case 'P':
      return Aspect::red;
    case '0':
      return Aspect::red_amber;
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
      return Aspect::green;
    case '9':
      return Aspect::green_flash;
    case 'N':
    case 'O':
      return Aspect::amber;
    case '-':
      return Aspect::unknown;
    default:
      return std::nullopt;
  }
}

char letter_of(Aspect aspect) {
  switch (aspect) {
    case Aspect::dark:
      return 'a';
    case Aspect::red:
      return 'B';
    case Aspect::red_amber:
      return '0';
    case Aspect::green:
      return '1';
    case Aspect::amber:
      return 'N';
    case Aspect::green_flash:
      return '9';
    case Aspect::amber_flash:
      return 'c';
    case Aspect::red_flash:
      return 'd';
    case Aspect::unknown:
      return '-';
  }
  return '-';
}

std::string encode_inputs(const std::vector<InputChange>& changes) {
  std::map<std::uint32_t, bool> sorted;
  for (const InputChange& change : changes) {
    const auto [at, fresh] = sorted.emplace(change.input, change.set);
    if (!fresh) at->second = at->second && change.set;
  }
  std::string text;
  for (auto at = sorted.begin(); at != sorted.end();) {
    const std::uint32_t first = at->first;
    std::uint32_t set = 0;
    std::uint32_t clear = 0;
    for (; at != sorted.end() && at->first - first < kBlock; ++at) {
      (at->second ? set : clear) |= 1u << (at->first - first);
    }
    if (!text.empty()) text += ';';
    text += std::to_string(first) + ',' + std::to_string(set) + ',' + std::to_string(clear);
  }
  return text;
}

Result<std::vector<InputChange>> decode_inputs(std::string_view text) {
  const auto fail = [](std::string_view item) {
    return Error{"bad_value", "expected 'offset,set,clear', found '" + std::string(item) + "'",
                 "M0013"};
  };
  if (text.empty()) return fail(text);
  std::map<std::uint32_t, bool> inputs;
  for (const std::string_view block : split(text, ';')) {
    const auto parts = split(block, ',');
    if (parts.size() != 3) return fail(block);
    const auto offset = parse_integer(parts[0]);
    const auto set = parse_integer(parts[1]);
    const auto clear = parse_integer(parts[2]);
    if (!offset || !set || !clear || *offset < 1 || *offset > 255 || *set < 0 || *set > 0xffff ||
        *clear < 0 || *clear > 0xffff) {
      return fail(block);
    }
    for (std::uint32_t bit = 0; bit < kBlock; ++bit) {
      const auto input = static_cast<std::uint32_t>(*offset) + bit;
      const bool clears = (*clear >> bit) & 1;
      const bool sets = (*set >> bit) & 1;
      if ((clears || sets) && input > 255) return fail(block);
      if (clears) inputs[input] = false;
      if (sets && !clears) inputs.emplace(input, true);
    }
  }
  std::vector<InputChange> changes;
  for (const auto& [input, value] : inputs) changes.push_back({input, value});
  return changes;
}

std::vector<std::uint32_t> set_bits(std::string_view text) {
  std::vector<std::uint32_t> numbers;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '1') numbers.push_back(static_cast<std::uint32_t>(i + 1));
  }
  return numbers;
}

std::optional<std::vector<std::vector<std::int64_t>>> parse_tuples(std::string_view text,
                                                                   std::size_t parts) {
  std::vector<std::vector<std::int64_t>> tuples;
  for (const std::string_view item : split(text, ',')) {
    std::vector<std::int64_t> numbers;
    for (const std::string_view part : split(item, '-')) {
      const auto number = parse_integer(part);
      if (!number) return std::nullopt;
      numbers.push_back(*number);
    }
    if (numbers.size() != parts) return std::nullopt;
    tuples.push_back(std::move(numbers));
  }
  return tuples;
}

}  // namespace dispecer::rsmp
