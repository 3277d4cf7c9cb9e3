#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "adapters/rsmp/message/signal_list.h"
#include "adapters/rsmp/message/tlc.h"

namespace dispecer::rsmp {
namespace {

Error bad(const ListName& name, std::string_view found, const std::string& expected) {
  return {"bad_value",
          "expected " + expected + ", found '" + std::string(found.substr(0, 64)) + "'",
          std::string(name.name)};
}

std::string range_text(const ListName& name) {
  if (name.least == 0 && name.most == 0) return "a whole number";
  return std::to_string(name.least) + " to " + std::to_string(name.most);
}

bool in_range(const ListName& name, double value) {
  return (name.least == 0 && name.most == 0) ||
         (value >= static_cast<double>(name.least) && value <= static_cast<double>(name.most));
}

bool is_word(const ListName& name, std::string_view text) {
  const auto known = split(name.words, '|');
  return std::ranges::find(known, text) != known.end();
}

std::optional<double> decimal(std::string_view text) {
  const std::string copy(text);
  char* end = nullptr;
  const double value = std::strtod(copy.c_str(), &end);
  if (copy.empty() || end != copy.c_str() + copy.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

Result<Typed> integers(const ListName& name, std::string_view text) {
  std::vector<std::int64_t> list;
  for (const std::string_view item : split(text, ',')) {
    const auto value = parse_integer(item);
    if (!value || !in_range(name, static_cast<double>(*value))) {
      return bad(name, item, range_text(name));
    }
    list.push_back(*value);
  }
  return Typed(std::move(list));
}

Result<Typed> decimals(const ListName& name, std::string_view text) {
  std::vector<double> list;
  for (const std::string_view item : split(text, ',')) {
    const auto value = decimal(item);
    if (!value || !in_range(name, *value)) return bad(name, item, range_text(name));
    list.push_back(*value);
  }
  return Typed(std::move(list));
}

Result<Typed> booleans(const ListName& name, std::string_view text) {
  std::vector<bool> list;
  for (const std::string_view item : split(text, ',')) {
    const auto value = parse_bool(item);
    if (!value) return bad(name, item, "True or False");
    list.push_back(*value);
  }
  return Typed(std::move(list));
}

Result<Typed> tuples(const ListName& name, std::string_view text) {
  auto list = parse_tuples(text, name.parts);
  if (!list) return bad(name, text, std::to_string(name.parts) + " numbers joined by '-'");
  for (const auto& tuple : *list) {
    for (const std::int64_t value : tuple) {
      if (!in_range(name, static_cast<double>(value))) return bad(name, text, range_text(name));
    }
  }
  return Typed(std::move(*list));
}

Result<Typed> blocks(const ListName& name, std::string_view text) {
  std::vector<std::vector<std::int64_t>> list;
  for (const std::string_view block : split(text, ';')) {
    std::vector<std::int64_t> numbers;
    for (const std::string_view part : split(block, ',')) {
      const auto value = parse_integer(part);
      if (!value || *value < 0) return bad(name, block, "three numbers joined by ','");
      numbers.push_back(*value);
    }
    if (numbers.size() != 3) return bad(name, block, "three numbers joined by ','");
    list.push_back(std::move(numbers));
  }
  return Typed(std::move(list));
}

Result<Typed> words(const ListName& name, std::string_view text) {
  for (const std::string_view item : split(text, ',')) {
    if (!is_word(name, item)) return bad(name, item, std::string(name.words));
  }
  return Typed(std::string(text));
}

}  // namespace

Result<Typed> typed(const ListName& name, const Value& value) {
  if (!value.text) return Error{"no_value", "null has no typed form", std::string(name.name)};
  const std::string& text = *value.text;
  if ((name.kind == ListKind::array) != value.array) {
    // A comma-joined list may also come as an array from 3.2 on; only the text form is typed.
    if (name.kind == ListKind::array) return bad(name, text, "an array");
    return bad(name, text, "a text");
  }
  switch (name.kind) {
    case ListKind::text:
    case ListKind::secret:
    case ListKind::array:
      return Typed(text);
    case ListKind::integer: {
      const auto number = parse_integer(text);
      if (!number || !in_range(name, static_cast<double>(*number))) {
        return bad(name, text, range_text(name));
      }
      return Typed(*number);
    }
    case ListKind::boolean: {
      const auto flag = parse_bool(text);
      if (!flag) return bad(name, text, "True or False");
      return Typed(*flag);
    }
    case ListKind::word:
      if (!is_word(name, text)) return bad(name, text, std::string(name.words));
      return Typed(text);
    case ListKind::integers:
      return integers(name, text);
    case ListKind::decimals:
      return decimals(name, text);
    case ListKind::booleans:
      return booleans(name, text);
    case ListKind::words:
      return words(name, text);
    case ListKind::bits:
      if (text.find_first_not_of("01-") != std::string::npos) return bad(name, text, "0, 1 or -");
      return Typed(text);
    case ListKind::letters:
      if (!std::ranges::all_of(text, [](char c) { return aspect_of(c).has_value(); })) {
        return bad(name, text, "letters of signal group states");
      }
      return Typed(text);
    case ListKind::tuples:
      return tuples(name, text);
    case ListKind::blocks:
      return blocks(name, text);
    case ListKind::time: {
      const auto moment = parse_iso(text);
      if (!moment) return bad(name, text, "a UTC time");
      return Typed(*moment);
    }
  }
  return bad(name, text, "a known kind");
}

}  // namespace dispecer::rsmp
