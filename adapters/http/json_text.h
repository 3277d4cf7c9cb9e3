// A text in a JSON object that a device sent.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace dispecer::http {

// The string at `key`; "" where absent or null; nothing where it is no string, or one of more than
// `longest` bytes.
inline std::optional<std::string> json_text(const boost::json::object& o, std::string_view key,
                                            std::size_t longest) {
  const auto* v = o.if_contains(key);
  if (v == nullptr || v->is_null()) return "";
  const auto* s = v->if_string();
  if (s == nullptr || s->size() > longest) return std::nullopt;
  return std::string(s->data(), s->size());
}

}  // namespace dispecer::http
