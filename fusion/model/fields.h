// One declaration per payload. A payload is a plain struct with
//
//   constexpr auto fields(Tag<DetectorSample>) {
//     using P = DetectorSample;
//     return std::tuple{field(1, "detector", &P::detector), field(2, "occupancy", &P::occupancy,
//     "1", {0, 1})};
//   }
//
// and from that listing come the wire codec, JSON, printing, range checks, the documentation table
// and the generators of the property tests. Numbers and enum values are never reused. Enumerations
// list their names in `names(Tag<E>)`; value 0 is always "unknown".
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "fusion/model/id.h"
#include "fusion/model/quantity.h"
#include "fusion/model/time.h"

namespace dispecer {

template <class T>
struct Tag {};

// Closed interval of legal values, in the field's unit.
struct Range {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
};

template <class Owner, class Member>
struct Field {
  std::uint32_t number;
  std::string_view name;
  Member Owner::*member;
  std::string_view unit;
  Range range;
  std::uint32_t since;  // schema version that introduced it
};

template <class Owner, class Member>
constexpr Field<Owner, Member> field(std::uint32_t number, std::string_view name,
                                     Member Owner::*member, std::string_view unit = "",
                                     Range range = {}, std::uint32_t since = 1) {
  return {number, name, member, unit, range, since};
}

template <class E>
struct Name {
  E value;
  std::string_view text;
};

template <class T>
concept Payload = requires {
  fields(Tag<T>{});
};

template <class T>
concept NamedEnum = std::is_enum_v<T> && requires {
  names(Tag<T>{});
};

template <NamedEnum E>
constexpr std::string_view to_name(E value) {
  for (const auto& entry : names(Tag<E>{})) {
    if (entry.value == value) return entry.text;
  }
  return "unknown";
}

template <NamedEnum E>
constexpr std::optional<E> from_name(std::string_view text) {
  for (const auto& entry : names(Tag<E>{})) {
    if (entry.text == text) return entry.value;
  }
  return std::nullopt;
}

// Calls fn(field, value) for each field of `payload` in order of declaration.
template <class P, class Fn>
constexpr void for_each_field(P& payload, Fn&& fn) {
  std::apply([&](const auto&... f) { (fn(f, payload.*(f.member)), ...); },
             fields(Tag<std::remove_const_t<P>>{}));
}

namespace trait {
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_id = false;
template <class T>
inline constexpr bool is_id<Id<T>> = true;
template <class T>
inline constexpr bool is_quantity = false;
template <class T>
inline constexpr bool is_quantity<Quantity<T>> = true;
template <class T>
inline constexpr bool is_time = false;
template <class T>
inline constexpr bool is_time<TimePoint<T>> = true;
template <class T>
inline constexpr bool is_variant = false;
template <class... T>
inline constexpr bool is_variant<std::variant<T...>> = true;
template <class T>
inline constexpr bool is_duration = std::is_same_v<T, Duration>;
}  // namespace trait

}  // namespace dispecer
