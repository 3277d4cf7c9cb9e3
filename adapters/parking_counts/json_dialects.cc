#include <boost/json.hpp>
#include <charconv>
#include <cmath>

#include "adapters/parking_counts/record.h"

namespace dispecer::parking_counts {
namespace {

namespace json = boost::json;

Result<json::value> parse(std::string_view bytes) {
  boost::system::error_code ec;
  json::parse_options options;
  options.max_depth = 16;
  auto value = json::parse(json::string_view(bytes.data(), bytes.size()), ec, {}, options);
  if (ec) return Error{"bad_json", ec.message(), ""};
  return value;
}

std::string text_of(const json::object& o, const char* key) {
  const auto* v = o.if_contains(key);
  if (v == nullptr) return {};
  if (const auto* s = v->if_string()) return std::string(s->data(), s->size());
  if (v->is_int64()) return std::to_string(v->get_int64());
  return {};
}

// Absent or null is absent; "12" is 12; anything else marks the record.
std::optional<double> number_of(const json::object& o, const char* key, bool& bad) {
  const auto* v = o.if_contains(key);
  if (v == nullptr || v->is_null()) return {};
  if (v->is_int64()) return static_cast<double>(v->get_int64());
  if (v->is_uint64()) return static_cast<double>(v->get_uint64());
  if (v->is_double() && std::isfinite(v->get_double())) return v->get_double();
  if (const auto* s = v->if_string()) {
    if (s->empty()) return {};
    double value = 0;
    const auto [end, ec] = std::from_chars(s->data(), s->data() + s->size(), value);
    if (ec == std::errc{} && end == s->data() + s->size() && std::isfinite(value)) return value;
  }
  bad = true;
  return {};
}

}  // namespace

Result<std::vector<Record>> read_camera(std::string_view bytes) {
  auto document = parse(bytes);
  if (!document) return document.error();
  const auto unknown = Error{"unknown_content", "expected an object with a list 'counts'", ""};
  const auto* top = document->if_object();
  if (top == nullptr) return unknown;
  std::vector<Record> records;
  bool good = true;
  const auto take = [&](const json::value& v) {
    const auto* o = v.if_object();
    if (o == nullptr) {
      good = false;
      return;
    }
    Record r;
    r.id = text_of(*o, "parking");
    r.time = text_of(*o, "time");
    r.capacity = number_of(*o, "capacity", r.bad_number);
    r.occupied = number_of(*o, "occupied", r.bad_number);
    r.free = number_of(*o, "free", r.bad_number);
    r.percent = number_of(*o, "percent", r.bad_number);
    records.push_back(std::move(r));
  };
  if (const auto* counts = top->if_contains("counts")) {
    const auto* list = counts->if_array();
    if (list == nullptr) return unknown;
    for (const auto& v : *list) take(v);
  } else if (top->contains("occupied") || top->contains("free")) {
    take(*document);
  } else {
    return unknown;
  }
  if (!good) return unknown;
  return records;
}

Result<std::vector<Record>> read_freiburg(std::string_view bytes) {
  auto document = parse(bytes);
  if (!document) return document.error();
  const auto unknown = Error{"unknown_content", "expected GeoJSON with obs_* properties", ""};
  const auto* top = document->if_object();
  const auto* features = top != nullptr ? top->if_contains("features") : nullptr;
  const auto* list = features != nullptr ? features->if_array() : nullptr;
  if (list == nullptr) return unknown;
  std::vector<Record> records;
  for (const auto& f : *list) {
    const auto* feature = f.if_object();
    const auto* properties = feature != nullptr ? feature->if_contains("properties") : nullptr;
    const auto* o = properties != nullptr ? properties->if_object() : nullptr;
    if (o == nullptr || !o->contains("obs_free")) return unknown;
    Record r;
    r.id = text_of(*o, "obs_parkid");
    r.time = text_of(*o, "obs_ts");
    r.capacity = number_of(*o, "obs_max", r.bad_number);
    r.free = number_of(*o, "obs_free", r.bad_number);
    r.percent = number_of(*o, "prozent", r.bad_number);
    records.push_back(std::move(r));
  }
  return records;
}

Result<std::vector<Record>> read_records(std::string_view dialect, std::string_view bytes) {
  if (dialect.empty() || dialect == "camera") return read_camera(bytes);
  if (dialect == "datex2") return read_datex2(bytes);
  if (dialect == "freiburg") return read_freiburg(bytes);
  return Error{"unknown_dialect",
               "found '" + std::string(dialect) + "', expected camera, datex2 or freiburg", ""};
}

}  // namespace dispecer::parking_counts
