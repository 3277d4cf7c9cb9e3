// Reading one table of an overlay's file, and what is shared between the parts of the overlay.
#pragma once

#include "adapters/city/bind.h"
#include "adapters/city/files.h"
#include "adapters/city/importer/overlay.h"

namespace dispecer::city {

// Reads the members of one table and remembers the first fault, by file and key.
class Row {
 public:
  Row(const Value& value, std::string where) : value_(value), where_(std::move(where)) {}

  template <class T>
  T get(const char* key, T missing, Range range = {}) {
    const auto* v = value_.find(key);
    if (v == nullptr) return missing;
    T out{};
    if (auto r = read_value(*v, out, range); !r) fail(r.error(), key);
    return out;
  }
  template <class T>
  T need(const char* key, Range range = {}) {
    if (value_.find(key) == nullptr) fail({"missing_key", "found nothing, expected one", ""}, key);
    return get<T>(key, T{}, range);
  }
  [[nodiscard]] const Value* find(const char* key) const { return value_.find(key); }
  [[nodiscard]] const Result<>& result() const { return result_; }
  [[nodiscard]] const std::string& where() const { return where_; }
  void fail(Error e, const std::string& key) {
    if (!result_.ok()) return;
    e.where = where_ + key + (e.where.empty() ? "" : "." + e.where);
    result_ = std::move(e);
  }

 private:
  const Value& value_;
  std::string where_;
  Result<> result_ = Ok{};
};

template <class Take>
Result<> each(const Value& tree, const std::string& file, const char* key, Take&& take) {
  const auto* rows = tree.find(key);
  if (rows == nullptr) return Ok{};
  if (rows->list() == nullptr) {
    return Error{"wrong_type", "found " + rows->describe() + ", expected a list of tables",
                 file + ": " + key};
  }
  for (std::size_t i = 0; i < rows->list()->size(); ++i) {
    const auto& value = (*rows->list())[i];
    const auto* id = value.find("id");
    Row row(value, file + ": " + key + "[" + std::to_string(i) + "]" +
                       (id != nullptr && id->text() != nullptr ? " '" + *id->text() + "'" : "") +
                       ".");
    take(row);
    if (!row.result().ok()) return row.result();
  }
  return Ok{};
}

struct Overlay::Files {
  std::map<std::string, Value> trees;
  const Value* find(const std::string& name) const {
    const auto it = trees.find(name);
    return it == trees.end() ? nullptr : &it->second;
  }
};

}  // namespace dispecer::city
