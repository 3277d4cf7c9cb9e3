#include <fmt/format.h>

#include <toml++/toml.h>
#include <cmath>
#include <sstream>

#include "adapters/city/value.h"

namespace dispecer::city {
namespace {

Value from_node(const toml::node& node) {
  if (const auto* t = node.as_table()) {
    Table table;
    for (const auto& [key, child] : *t) {
      table.push_back({std::string(key.str()), from_node(child)});
    }
    return table;
  }
  if (const auto* a = node.as_array()) {
    List list;
    for (const auto& child : *a) list.push_back(from_node(child));
    return list;
  }
  if (const auto* v = node.as_string()) return std::string(v->get());
  if (const auto* v = node.as_integer()) return v->get();
  if (const auto* v = node.as_floating_point()) return v->get();
  if (const auto* v = node.as_boolean()) return v->get();
  std::ostringstream text;  // dates and times stay text
  if (const auto* v = node.as_date()) text << v->get();
  if (const auto* v = node.as_time()) text << v->get();
  if (const auto* v = node.as_date_time()) text << v->get();
  return text.str();
}

std::string key(const std::string& name) {
  const bool bare = !name.empty() && name.find_first_not_of(
                                         "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                         "0123456789_-") == std::string::npos;
  return bare ? name : quoted(name);
}

std::string inline_text(const Value& value) {
  if (const auto* t = value.table()) {
    std::string out = "{";
    for (std::size_t i = 0; i < t->size(); ++i) {
      out += (i == 0 ? " " : ", ") + key((*t)[i].name) + " = " + inline_text((*t)[i].value);
    }
    return out + (t->empty() ? "}" : " }");
  }
  if (const auto* l = value.list()) {
    std::string out = "[";
    for (std::size_t i = 0; i < l->size(); ++i) {
      out += (i == 0 ? "" : ", ") + inline_text((*l)[i]);
    }
    return out + "]";
  }
  if (const auto* v = value.text()) return quoted(*v);
  if (const auto* v = std::get_if<std::int64_t>(&value.held)) return std::to_string(*v);
  if (const auto* v = std::get_if<bool>(&value.held)) return *v ? "true" : "false";
  if (const auto* v = std::get_if<double>(&value.held)) {
    if (std::isnan(*v)) return "nan";
    if (std::isinf(*v)) return *v < 0 ? "-inf" : "inf";
    auto text = fmt::format("{}", *v);
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    return text;
  }
  return "\"\"";
}

constexpr std::size_t kRow = 130;

bool of_tables(const List& list) {
  if (list.empty()) return false;
  for (const auto& item : list) {
    if (item.table() == nullptr) return false;
  }
  return true;
}

bool as_blocks(const Value& value) {
  const auto* list = value.list();
  if (list == nullptr || !of_tables(*list)) return false;
  for (const auto& item : *list) {
    if (inline_text(item).size() > kRow) return true;
  }
  return false;
}

std::string rows(const List& list) {
  std::string out = "[\n";
  for (const auto& item : list) out += "  " + inline_text(item) + ",\n";
  return out + "]";
}

std::string line(const Member& m) {
  const auto* list = m.value.list();
  const auto text = inline_text(m.value);
  const bool nested = list != nullptr && !list->empty() &&
                      ((*list)[0].table() != nullptr || (*list)[0].list() != nullptr);
  return key(m.name) + " = " + (nested && text.size() + m.name.size() > 100 ? rows(*list) : text) +
         "\n";
}

}  // namespace

Result<Value> parse_toml(std::string_view text) {
  try {  // Debian's toml++ is built with exceptions; they end here
    return from_node(toml::parse(text));
  } catch (const toml::parse_error& e) {
    return Error{
        "bad_text",
        "line " + std::to_string(e.source().begin.line) + ": " + std::string(e.description()), ""};
  }
}

std::string write_toml(const Table& root) {
  std::string out;
  for (const auto& m : root) {
    if (m.value.table() == nullptr && !as_blocks(m.value)) out += line(m);
  }
  for (const auto& m : root) {
    if (const auto* t = m.value.table()) {
      out += (out.empty() ? "[" : "\n[") + key(m.name) + "]\n";
      for (const auto& inner : *t) out += line(inner);
    } else if (as_blocks(m.value)) {
      for (const auto& item : *m.value.list()) {
        out += (out.empty() ? "[[" : "\n[[") + key(m.name) + "]]\n";
        for (const auto& inner : *item.table()) out += line(inner);
      }
    }
  }
  return out;
}

}  // namespace dispecer::city
