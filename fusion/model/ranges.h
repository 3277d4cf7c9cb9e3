// Range check of a payload against its own field listing: impossible values are refused by name.
#pragma once

#include <cmath>
#include <string>

#include "fusion/model/fields.h"
#include "fusion/model/result.h"

namespace dispecer {

template <Payload P>
Result<> check_ranges(const P& payload);

namespace detail {

template <class T>
Result<> check_value(const T& value, std::string_view name, const Range& range) {
  if constexpr (trait::is_optional<T>) {
    return value ? check_value(*value, name, range) : Result<>{Ok{}};
  } else if constexpr (trait::is_vector<T>) {
    for (const auto& item : value) {
      if (auto r = check_value(item, name, range); !r) return r;
    }
    return Ok{};
  } else if constexpr (trait::is_variant<T>) {
    return std::visit([&](const auto& v) { return check_value(v, name, range); }, value);
  } else if constexpr (Payload<T>) {
    return check_ranges(value);
  } else if constexpr (trait::is_quantity<T>) {
    return check_value(value.value, name, range);
  } else if constexpr (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) {
    const auto v = static_cast<double>(value);
    if (std::isnan(v) || v < range.min || v > range.max) {
      return Error{"out_of_range",
                   "found " + std::to_string(v) + ", expected " + std::to_string(range.min) +
                       " to " + std::to_string(range.max),
                   std::string(name)};
    }
    return Ok{};
  } else {
    return Ok{};
  }
}

}  // namespace detail

// Ok, or the first field whose value is not a number or lies outside its range.
template <Payload P>
Result<> check_ranges(const P& payload) {
  Result<> result = Ok{};
  for_each_field(payload, [&](const auto& f, const auto& value) {
    if (result.ok()) result = detail::check_value(value, f.name, f.range);
  });
  return result;
}

}  // namespace dispecer
