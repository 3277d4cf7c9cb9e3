#include "adapters/city/value.h"

#include <cstdio>

namespace dispecer::city {

Value::Value(List v) : held(std::move(v)) {}
Value::Value(Table v) : held(std::move(v)) {}

const Value* Value::find(std::string_view name) const {
  if (const auto* members = table()) {
    for (const auto& m : *members) {
      if (m.name == name) return &m.value;
    }
  }
  return nullptr;
}

std::string Value::describe() const {
  struct Say {
    std::string operator()(std::monostate) const { return "nothing"; }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::int64_t v) const { return std::to_string(v); }
    std::string operator()(double v) const {
      char text[40];
      std::snprintf(text, sizeof text, "%.9g", v);
      return text;
    }
    std::string operator()(const std::string& v) const { return "'" + v.substr(0, 60) + "'"; }
    std::string operator()(const List& v) const { return "a list of " + std::to_string(v.size()); }
    std::string operator()(const Table& v) const {
      return "a table of " + std::to_string(v.size());
    }
  };
  return std::visit(Say{}, held);
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          char code[8];
          std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
          out += code;
        } else {
          out += c;
        }
    }
  }
  return out + "\"";
}

}  // namespace dispecer::city
