// Between plain values and the structs of a city, by the structs' listings. Positions are
// [longitude, latitude]; enumerations are their names; times are ISO 8601 with zone. A missing
// member takes the struct's default; numbers are always written, other members only where they
// differ from it. Causes:
// wrong_type, unknown_key, out_of_range, bad_value; `where` is the path of keys.
#pragma once

#include <cmath>
#include <limits>
#include <map>

#include "adapters/city/layout.h"
#include "adapters/city/value.h"

namespace dispecer::city {

template <class T>
concept Listed = requires {
  city_layout(Tag<T>{});
};

namespace detail {

inline Error wrong(const char* cause, const Value& found, const std::string& expected) {
  return {cause, "found " + found.describe() + ", expected " + expected, ""};
}
inline Error under(Error e, const std::string& key) {
  const bool index = !e.where.empty() && e.where.front() == '[';
  e.where = e.where.empty() ? key : key + (index ? "" : ".") + e.where;
  return e;
}

template <class T>
inline constexpr bool is_text_map = false;
template <class T>
inline constexpr bool is_text_map<std::map<std::string, T>> = true;

template <class T>
Result<> read_number(const Value& v, T& out, const Range& range) {
  double number = 0;
  if (const auto* i = std::get_if<std::int64_t>(&v.held)) {
    number = static_cast<double>(*i);
  } else if (const auto* d = std::get_if<double>(&v.held)) {
    number = *d;
  } else {
    return wrong("wrong_type", v, "a number");
  }
  Range r = range;
  if constexpr (std::is_integral_v<T>) {
    r.min = std::max(r.min, static_cast<double>(std::numeric_limits<T>::lowest()));
    r.max = std::min(r.max, static_cast<double>(std::numeric_limits<T>::max()));
    if (number != std::floor(number)) return wrong("wrong_type", v, "a whole number");
  }
  if (!(number >= r.min && number <= r.max)) {
    return wrong("out_of_range", v, Value(r.min).describe() + " to " + Value(r.max).describe());
  }
  out = static_cast<T>(number);
  return Ok{};
}

template <class E>
std::string name_list() {
  std::string text = "one of";
  for (const auto& n : names(Tag<E>{})) text += " " + std::string(n.text);
  return text;
}

}  // namespace detail

template <class T>
Result<> read_value(const Value& v, T& out, const Range& range = {}) {
  using namespace detail;
  if constexpr (std::is_same_v<T, LonLat>) {
    const auto* l = v.list();
    if (l == nullptr || l->size() < 2) return wrong("wrong_type", v, "[longitude, latitude]");
    if (auto r = read_number((*l)[0], out.lon, {-180, 180}); !r) return under(r.error(), "[0]");
    if (auto r = read_number((*l)[1], out.lat, {-90, 90}); !r) return under(r.error(), "[1]");
  } else if constexpr (Listed<T>) {
    const auto* table = v.table();
    if (table == nullptr) return wrong("wrong_type", v, "a table");
    for (const auto& m : *table) {
      bool known = false;
      std::string all;
      Result<> result = Ok{};
      std::apply(
          [&](const auto&... f) {
            const auto one = [&](const auto& entry) {
              if (entry.name != m.name) return;
              known = true;
              result = read_value(m.value, out.*(entry.member), entry.range);
            };
            (one(f), ...);
            if (!known) ((all += " " + std::string(f.name)), ...);
          },
          city_layout(Tag<T>{}));
      if (!known) return Error{"unknown_key", "found this key, expected one of" + all, m.name};
      if (!result) return under(result.error(), m.name);
    }
  } else if constexpr (trait::is_optional<T>) {
    return read_value(v, out.emplace(), range);
  } else if constexpr (trait::is_vector<T>) {
    const auto* l = v.list();
    if (l == nullptr) return wrong("wrong_type", v, "a list");
    out.clear();
    out.resize(l->size());
    for (std::size_t i = 0; i < l->size(); ++i) {
      if (auto r = read_value((*l)[i], out[i], range); !r) {
        return under(r.error(), "[" + std::to_string(i) + "]");
      }
    }
  } else if constexpr (is_text_map<T>) {
    const auto* table = v.table();
    if (table == nullptr) return wrong("wrong_type", v, "a table");
    out.clear();
    for (const auto& m : *table) {
      if (auto r = read_value(m.value, out[m.name]); !r) return under(r.error(), m.name);
    }
  } else if constexpr (trait::is_id<T>) {
    if (v.text() == nullptr) return wrong("wrong_type", v, "a text");
    out = T(*v.text());
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (v.text() == nullptr) return wrong("wrong_type", v, "a text");
    out = *v.text();
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!std::holds_alternative<bool>(v.held)) return wrong("wrong_type", v, "true or false");
    out = std::get<bool>(v.held);
  } else if constexpr (std::is_enum_v<T>) {
    const auto found = v.text() ? from_name<T>(*v.text()) : std::nullopt;
    if (!found) return wrong("bad_value", v, name_list<T>());
    out = *found;
  } else if constexpr (trait::is_time<T>) {
    auto t = v.text() ? parse_iso(*v.text()) : Result<UtcTime>(Error{"bad_time", "", ""});
    if (!t) return wrong("bad_value", v, "an ISO 8601 time with zone");
    out = *t;
  } else if constexpr (trait::is_quantity<T>) {
    return read_number(v, out.value, range);
  } else {
    static_assert(std::is_arithmetic_v<T>);
    return read_number(v, out, range);
  }
  return Ok{};
}

namespace detail {

// Numbers stay in sight even where they are the default: a file of safety values is read by people.
template <class T>
constexpr bool always_written = trait::is_quantity<T> ||
                                (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>);
template <>
inline constexpr bool always_written<StreetKind> = true;

}  // namespace detail

template <class T>
Value to_value(const T& in) {
  if constexpr (std::is_same_v<T, LonLat>) {
    return List{in.lon, in.lat};
  } else if constexpr (Listed<T>) {
    Table table;
    const T standard{};
    std::apply(
        [&](const auto&... f) {
          const auto one = [&](const auto& entry) {
            using M = std::remove_cvref_t<decltype(in.*(entry.member))>;
            if (!detail::always_written<M> && in.*(entry.member) == standard.*(entry.member)) {
              return;
            }
            table.push_back({std::string(entry.name), to_value(in.*(entry.member))});
          };
          (one(f), ...);
        },
        city_layout(Tag<T>{}));
    return table;
  } else if constexpr (trait::is_optional<T>) {
    return to_value(in.value());  // an absent one is never written
  } else if constexpr (trait::is_vector<T>) {
    List list;
    list.reserve(in.size());
    for (const auto& item : in) list.push_back(to_value(item));
    return list;
  } else if constexpr (detail::is_text_map<T>) {
    Table table;
    for (const auto& [key, item] : in) table.push_back({key, to_value(item)});
    return table;
  } else if constexpr (trait::is_id<T>) {
    return in.str();
  } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, bool>) {
    return in;
  } else if constexpr (std::is_enum_v<T>) {
    return std::string(to_name(in));
  } else if constexpr (trait::is_time<T>) {
    return to_iso(in);
  } else if constexpr (trait::is_quantity<T>) {
    return in.value;
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<std::int64_t>(in);
  } else {
    return static_cast<double>(in);
  }
}

}  // namespace dispecer::city
