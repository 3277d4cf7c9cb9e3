#include <fmt/format.h>

#include <boost/json.hpp>
#include <cmath>

#include "adapters/city/value.h"

namespace dispecer::city {
namespace {

Value from_json(const boost::json::value& v) {
  if (const auto* o = v.if_object()) {
    Table table;
    table.reserve(o->size());
    for (const auto& m : *o) table.push_back({std::string(m.key()), from_json(m.value())});
    return table;
  }
  if (const auto* a = v.if_array()) {
    List list;
    list.reserve(a->size());
    for (const auto& item : *a) list.push_back(from_json(item));
    return list;
  }
  if (const auto* s = v.if_string()) return std::string(s->data(), s->size());
  if (const auto* i = v.if_int64()) return *i;
  if (const auto* u = v.if_uint64()) return static_cast<double>(*u);
  // Boost.JSON 1.81 may miss the nearest double by one unit; at seven decimals that is repaired.
  if (const auto* d = v.if_double()) return std::round(*d * 1e7) / 1e7;
  if (const auto* b = v.if_bool()) return *b;
  return {};
}

std::string number(double v) {
  if (!std::isfinite(v)) return "null";
  const double kept = std::round(v * 1e7) / 1e7;
  auto text = fmt::format("{:.7f}", kept == 0 ? 0.0 : kept);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

void put(std::string& out, const Value& value) {
  if (const auto* t = value.table()) {
    out += '{';
    for (std::size_t i = 0; i < t->size(); ++i) {
      if (i > 0) out += ", ";
      out += quoted((*t)[i].name) + ": ";
      put(out, (*t)[i].value);
    }
    out += '}';
  } else if (const auto* l = value.list()) {
    const bool lines = !l->empty() && l->front().table() != nullptr;
    out += '[';
    for (std::size_t i = 0; i < l->size(); ++i) {
      if (i > 0) out += lines ? ",\n" : ", ";
      if (i == 0 && lines) out += '\n';
      put(out, (*l)[i]);
    }
    out += lines ? "\n]" : "]";
  } else if (const auto* s = value.text()) {
    out += quoted(*s);
  } else if (const auto* i = std::get_if<std::int64_t>(&value.held)) {
    out += std::to_string(*i);
  } else if (const auto* b = std::get_if<bool>(&value.held)) {
    out += *b ? "true" : "false";
  } else if (const auto* d = std::get_if<double>(&value.held)) {
    out += number(*d);
  } else {
    out += "null";
  }
}

}  // namespace

Result<Value> parse_json(std::string_view text) {
  boost::system::error_code ec;
  boost::json::stream_parser parser;
  const auto used = parser.write_some(text.data(), text.size(), ec);
  const auto fail = [&](const std::string& why) {
    const auto at = std::min(used, text.size());
    const auto lines =
        1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    return Error{"bad_text", "line " + std::to_string(lines) + ": " + why, ""};
  };
  if (ec) return fail(ec.message());
  if (text.find_first_not_of(" \t\r\n", used) != std::string_view::npos)
    return fail("text after the end");
  parser.finish(ec);
  if (ec) return fail(ec.message());
  return from_json(parser.release());
}

std::string write_json(const Value& value) {
  std::string out;
  put(out, value);
  return out + "\n";
}

}  // namespace dispecer::city
