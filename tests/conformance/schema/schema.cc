#include "tests/conformance/schema/schema.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

namespace dispecer::conformance {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

std::string text_of(json::string_view view) {
  return {view.data(), view.size()};
}

bool is_type(const json::value& value, std::string_view type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_bool();
  if (type == "null") return value.is_null();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  return value.is_number();
}

// Two patterns are written for other engines: an options group in front, and a call of a named
// group, which the same group written out replaces.
std::string portable(std::string pattern) {
  if (pattern.starts_with("(?-mix:") && pattern.ends_with(")"))
    pattern = pattern.substr(7, pattern.size() - 8);
  if (pattern.find("(?<item>") != std::string::npos) {
    const std::string item = R"(\d{1,2}\-\d{1,2}-\d{1,2})";
    return "^$|^" + item + "(," + item + ")*$";
  }
  return pattern;
}

}  // namespace

const json::value& Schemas::load(const std::string& file) {
  const auto found = files_.find(file);
  if (found != files_.end()) return found->second;
  std::ifstream in(file);
  if (!in) throw std::runtime_error("no schema " + file);
  std::ostringstream text;
  text << in.rdbuf();
  return files_.emplace(file, json::parse(text.str())).first->second;
}

const json::value& Schemas::refer(const std::string& reference, std::string& file) {
  const auto hash = reference.find('#');
  const auto name = reference.substr(0, hash);
  if (!name.empty()) file = (fs::path(file).parent_path() / name).lexically_normal().string();
  const auto& root = load(file);
  if (hash == std::string::npos || hash + 1 == reference.size()) return root;
  return root.at_pointer(reference.substr(hash + 1));
}

bool Schemas::holds(const json::value& value, const json::value& schema, const Place& at) {
  std::vector<std::string> ignored;
  check(value, schema, at, ignored);
  return ignored.empty();
}

void Schemas::check_object(const json::value& value, const json::object& schema, const Place& at,
                           std::vector<std::string>& out) {
  if (!value.is_object()) return;
  const auto& object = value.get_object();
  if (const auto* required = schema.if_contains("required")) {
    for (const auto& key : required->as_array()) {
      if (!object.contains(key.as_string()))
        out.push_back(at.path + ": '" + text_of(key.as_string()) + "' is missing");
    }
  }
  const auto* properties = schema.if_contains("properties");
  if (properties != nullptr) {
    for (const auto& [key, part] : properties->as_object()) {
      const auto* member = object.if_contains(key);
      if (member != nullptr) check(*member, part, {at.file, at.path + "/" + text_of(key)}, out);
    }
  }
  for (const char* word : {"additionalProperties", "unevaluatedProperties"}) {
    const auto* more = schema.if_contains(word);
    if (more == nullptr || !more->is_bool() || more->get_bool()) continue;
    for (const auto& [key, member] : object) {
      if (properties == nullptr || !properties->as_object().contains(key))
        out.push_back(at.path + ": '" + text_of(key) + "' is too much");
    }
  }
}

void Schemas::check_array(const json::value& value, const json::object& schema, const Place& at,
                          std::vector<std::string>& out) {
  if (!value.is_array()) return;
  const auto& list = value.get_array();
  const auto number = [&](const char* word) -> std::optional<std::size_t> {
    const auto* found = schema.if_contains(word);
    return found == nullptr ? std::nullopt : std::optional(found->to_number<std::size_t>());
  };
  if (const auto least = number("minItems"); least && list.size() < *least)
    out.push_back(at.path + ": too few items");
  if (const auto most = number("maxItems"); most && list.size() > *most)
    out.push_back(at.path + ": too many items");
  if (const auto* items = schema.if_contains("items")) {
    for (std::size_t i = 0; i < list.size(); ++i)
      check(list[i], *items, {at.file, at.path + "/" + std::to_string(i)}, out);
  }
  if (const auto* one = schema.if_contains("contains")) {
    const bool found = std::any_of(list.begin(), list.end(),
                                   [&](const json::value& item) { return holds(item, *one, at); });
    if (!found) out.push_back(at.path + ": holds no " + json::serialize(*one));
  }
  if (const auto* unique = schema.if_contains("uniqueItems"); unique && unique->get_bool()) {
    std::set<std::string> seen;
    for (const auto& item : list) {
      if (!seen.insert(json::serialize(item)).second) out.push_back(at.path + ": an item twice");
    }
  }
}

void Schemas::check_text(const json::value& value, const json::object& schema, const Place& at,
                         std::vector<std::string>& out) {
  if (!value.is_string()) return;
  const auto text = text_of(value.get_string());
  if (const auto* least = schema.if_contains("minLength");
      least && text.size() < least->to_number<std::size_t>())
    out.push_back(at.path + ": too short");
  const auto* pattern = schema.if_contains("pattern");
  if (pattern == nullptr) return;
  const auto wanted = text_of(pattern->as_string());
  auto found = patterns_.find(wanted);
  if (found == patterns_.end())
    found = patterns_.emplace(wanted, std::regex(portable(wanted))).first;
  if (!std::regex_search(text, found->second))
    out.push_back(at.path + ": '" + text.substr(0, 80) + "' is not " + wanted);
}

void Schemas::check(const json::value& value, const json::value& schema, const Place& at,
                    std::vector<std::string>& out) {
  if (schema.is_bool()) {
    if (!schema.get_bool()) out.push_back(at.path + ": not allowed");
    return;
  }
  const auto& object = schema.as_object();
  static const std::set<std::string> kKnown{"$schema",
                                            "$ref",
                                            "$defs",
                                            "$comment",
                                            "title",
                                            "description",
                                            "properties",
                                            "required",
                                            "additionalProperties",
                                            "unevaluatedProperties",
                                            "items",
                                            "minItems",
                                            "maxItems",
                                            "contains",
                                            "uniqueItems",
                                            "minLength",
                                            "pattern",
                                            "type",
                                            "enum",
                                            "const",
                                            "allOf",
                                            "if",
                                            "then",
                                            "else",
                                            "not",
                                            "name",
                                            "version",
                                            "minimum_core_version"};
  for (const auto& member : object) {
    if (!kKnown.contains(text_of(member.key())))
      out.push_back(at.file + ": keyword '" + text_of(member.key()) + "' is not known here");
  }
  if (const auto* reference = object.if_contains("$ref")) {
    Place there = at;
    const auto& target = refer(text_of(reference->as_string()), there.file);
    check(value, target, there, out);
  }
  if (const auto* type = object.if_contains("type")) {
    bool right = false;
    if (type->is_string()) {
      right = is_type(value, text_of(type->get_string()));
    } else {
      for (const auto& t : type->as_array())
        right = right || is_type(value, text_of(t.as_string()));
    }
    if (!right)
      out.push_back(at.path + ": " + json::serialize(value) + " is no " + json::serialize(*type));
  }
  if (const auto* list = object.if_contains("enum")) {
    const auto& words = list->as_array();
    if (std::find(words.begin(), words.end(), value) == words.end())
      out.push_back(at.path + ": " + json::serialize(value) + " is none of " +
                    json::serialize(*list));
  }
  if (const auto* only = object.if_contains("const"); only != nullptr && *only != value)
    out.push_back(at.path + ": " + json::serialize(value) + " is not " + json::serialize(*only));
  check_text(value, object, at, out);
  check_array(value, object, at, out);
  check_object(value, object, at, out);
  if (const auto* all = object.if_contains("allOf")) {
    for (const auto& part : all->as_array()) check(value, part, at, out);
  }
  if (const auto* no = object.if_contains("not"); no != nullptr && holds(value, *no, at))
    out.push_back(at.path + ": is what it must not be");
  if (const auto* question = object.if_contains("if")) {
    const auto* branch = object.if_contains(holds(value, *question, at) ? "then" : "else");
    if (branch != nullptr) check(value, *branch, at, out);
  }
}

std::vector<std::string> Schemas::faults(const json::value& message, const std::string& core,
                                         const std::string& sxl) {
  std::vector<std::string> out;
  for (const auto& part : {"/core/" + core, "/tlc/" + sxl}) {
    const auto file = folder_ + part + "/rsmp.json";
    check(message, load(file), {file, ""}, out);
  }
  return out;
}

}  // namespace dispecer::conformance
