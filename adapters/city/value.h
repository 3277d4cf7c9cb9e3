// A tree of plain values: what a TOML or JSON text says, before it means anything. Reading and
// writing of both formats stay behind this, so that only one file each sees the libraries.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fusion/model/result.h"

namespace dispecer::city {

struct Value;
struct Member;
using List = std::vector<Value>;
using Table = std::vector<Member>;  // in order of writing; names are unique

struct Value {
  std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Table> held;

  Value() = default;
  Value(bool v) : held(v) {}                      // NOLINT: implicit on purpose
  Value(std::int64_t v) : held(v) {}              // NOLINT
  Value(double v) : held(v) {}                    // NOLINT
  Value(std::string v) : held(std::move(v)) {}    // NOLINT
  Value(const char* v) : held(std::string(v)) {}  // NOLINT
  Value(List v);                                  // NOLINT
  Value(Table v);                                 // NOLINT

  [[nodiscard]] const Table* table() const { return std::get_if<Table>(&held); }
  [[nodiscard]] const List* list() const { return std::get_if<List>(&held); }
  [[nodiscard]] const std::string* text() const { return std::get_if<std::string>(&held); }
  // The member of a table, or nothing where this is no table or has no such member.
  [[nodiscard]] const Value* find(std::string_view name) const;
  // Short, for messages: "the text 'abc'", "a list of 3".
  [[nodiscard]] std::string describe() const;
};

struct Member {
  std::string name;
  Value value;
};

// Causes: bad_text (with line).
Result<Value> parse_toml(std::string_view text);
Result<Value> parse_json(std::string_view text);
// `root` is a table. Lists of tables become [[name]] blocks, or one row each where rows are short.
std::string write_toml(const Table& root);
// Numbers with at most seven decimals.
std::string write_json(const Value& value);
// "text" with quotes and escapes, legal in TOML and JSON.
std::string quoted(std::string_view text);

}  // namespace dispecer::city
