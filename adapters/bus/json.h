// JSON of any payload, from its field listing: for logs, "why", files and answers. One way: JSON
// from outside is read by the adapter that knows its dialect.
#pragma once

#include <charconv>
#include <cmath>
#include <string>
#include <string_view>

#include "fusion/model/fields.h"

namespace dispecer::bus {

inline void put_json_string(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (u < 0x20) {
      out += "\\u00";
      out.push_back(kHex[u >> 4]);
      out.push_back(kHex[u & 15]);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

// Shortest text that reads back as the same number; "null" for what JSON cannot say.
inline void put_json_number(std::string& out, double v) {
  if (!std::isfinite(v)) {
    out += "null";
    return;
  }
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, v).ptr;
  out.append(text, end);
}

template <class T>
void put_json(std::string& out, const T& v) {
  if constexpr (std::is_same_v<T, bool>) {
    out += v ? "true" : "false";
  } else if constexpr (NamedEnum<T>) {
    put_json_string(out, to_name(v));
  } else if constexpr (std::is_integral_v<T>) {
    out += std::to_string(v);
  } else if constexpr (std::is_floating_point_v<T>) {
    put_json_number(out, static_cast<double>(v));
  } else if constexpr (trait::is_quantity<T>) {
    put_json_number(out, v.value);
  } else if constexpr (std::is_same_v<T, UtcTime>) {
    put_json_string(out, to_iso(v));
  } else if constexpr (trait::is_time<T>) {
    out += std::to_string(v.us);
  } else if constexpr (trait::is_duration<T>) {
    put_json_number(out, in_seconds(v));
  } else if constexpr (std::is_same_v<T, std::string>) {
    put_json_string(out, v);
  } else if constexpr (trait::is_id<T>) {
    put_json_string(out, v.str());
  } else if constexpr (trait::is_optional<T>) {
    if (v) {
      put_json(out, *v);
    } else {
      out += "null";
    }
  } else if constexpr (trait::is_vector<T>) {
    out.push_back('[');
    bool first = true;
    for (const auto& item : v) {
      if (!first) out.push_back(',');
      first = false;
      put_json<typename T::value_type>(out, item);
    }
    out.push_back(']');
  } else if constexpr (trait::is_variant<T>) {
    std::visit(
        [&](const auto& a) {
          out.push_back('{');
          put_json_string(out, std::remove_cvref_t<decltype(a)>::kName);
          out.push_back(':');
          put_json(out, a);
          out.push_back('}');
        },
        v);
  } else {
    out.push_back('{');
    bool first = true;
    for_each_field(v, [&](const auto& f, const auto& value) {
      if (!first) out.push_back(',');
      first = false;
      put_json_string(out, f.name);
      out.push_back(':');
      put_json(out, value);
    });
    out.push_back('}');
  }
}

template <class T>
std::string to_json(const T& v) {
  std::string out;
  put_json(out, v);
  return out;
}

}  // namespace dispecer::bus
