// Random values of any payload, from its field listing: generators for property tests.
#pragma once

#include <random>

#include "fusion/model/fields.h"

namespace dispecer::test {

template <class T>
T random_value(std::mt19937_64& rng, const Range& range, int depth = 0) {
  const auto below = [&](std::uint64_t n) { return rng() % n; };
  if constexpr (std::is_same_v<T, bool>) {
    return below(2) == 1;
  } else if constexpr (NamedEnum<T>) {
    const auto all = names(Tag<T>{});
    return all[below(all.size())].value;
  } else if constexpr (std::is_integral_v<T>) {
    const double lo = std::max(range.min, std::is_signed_v<T> ? -1e9 : 0.0);
    const double hi = std::min(range.max, 1e9);
    return static_cast<T>(std::uniform_real_distribution<double>(lo, hi)(rng));
  } else if constexpr (std::is_floating_point_v<T>) {
    return std::uniform_real_distribution<double>(std::max(range.min, -1e6),
                                                  std::min(range.max, 1e6))(rng);
  } else if constexpr (trait::is_quantity<T>) {
    return T{random_value<double>(rng, range, depth)};
  } else if constexpr (trait::is_time<T>) {
    return T{static_cast<std::int64_t>(rng() >> 12) - (1LL << 50)};
  } else if constexpr (trait::is_duration<T>) {
    return T{static_cast<std::int64_t>(rng() >> 20)};
  } else if constexpr (std::is_same_v<T, std::string>) {
    std::string text;
    for (auto n = below(12); n > 0; --n) text.push_back(static_cast<char>(below(256)));
    return text;
  } else if constexpr (trait::is_id<T>) {
    return T{random_value<std::string>(rng, range, depth)};
  } else if constexpr (trait::is_optional<T>) {
    if (below(3) == 0) return std::nullopt;
    return random_value<typename T::value_type>(rng, range, depth);
  } else if constexpr (trait::is_vector<T>) {
    T items;
    for (auto n = below(depth > 2 ? 2 : 4); n > 0; --n) {
      items.push_back(random_value<typename T::value_type>(rng, range, depth + 1));
    }
    return items;
  } else if constexpr (trait::is_variant<T>) {
    T result;
    const auto which = below(std::variant_size_v<T>);
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      ((I == which
            ? (result = random_value<std::variant_alternative_t<I, T>>(rng, range, depth + 1), 0)
            : 0),
       ...);
    }
    (std::make_index_sequence<std::variant_size_v<T>>{});
    return result;
  } else {
    T payload{};
    for_each_field(payload, [&](const auto& f, auto& value) {
      value = random_value<std::remove_cvref_t<decltype(value)>>(rng, f.range, depth + 1);
    });
    return payload;
  }
}

}  // namespace dispecer::test
