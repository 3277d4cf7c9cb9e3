#include "adapters/air_quality/reader.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <optional>

namespace dispecer::air_quality {
namespace {

namespace json = boost::json;

const json::object* object_in(const json::object& o, const char* key) {
  const auto* v = o.if_contains(key);
  return v != nullptr ? v->if_object() : nullptr;
}

std::string text_in(const json::object* o, const char* key) {
  if (o == nullptr) return {};
  const auto* v = o->if_contains(key);
  if (v == nullptr) return {};
  if (const auto* s = v->if_string()) return std::string(s->data(), s->size());
  if (v->is_int64()) return std::to_string(v->get_int64());
  return {};
}

std::optional<double> number_in(const json::object* o, const char* key) {
  const auto* v = o != nullptr ? o->if_contains(key) : nullptr;
  if (v == nullptr || !v->is_number()) return {};
  const double n = v->to_number<double>();
  return std::isfinite(n) ? std::optional(n) : std::nullopt;
}

bool says_bad(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const char* word : {"bad", "invalid", "suspect", "faulty", "error", "missing"}) {
    if (text.find(word) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

struct Reader::Stream {
  StationId station;
  Pollutant pollutant = Pollutant::unknown;
  std::string unit;
  std::string period;  // ISO duration, "" = none
  std::optional<double> upper_limit;
};

struct Reader::Observed {
  std::string time;
  std::optional<double> value;
  bool marked_bad = false;
};

Reader::Reader(const std::vector<AirStation>& stations, ReaderOptions options)
    : options_(std::move(options)) {
  for (const auto& s : stations) stations_.insert(s.id);
}

Result<std::vector<AirSample>> Reader::read(std::string_view bytes, UtcTime now) {
  const auto refuse = [&](const char* cause, std::string what) {
    ++counters_[std::string("air.feed.") + cause];
    return Error{cause, std::move(what), ""};
  };
  boost::system::error_code ec;
  json::parse_options options;
  options.max_depth = 32;
  const auto document = json::parse(json::string_view(bytes.data(), bytes.size()), ec, {}, options);
  if (ec) return refuse("bad_json", ec.message());
  const auto* top = document.if_object();
  const auto* value = top != nullptr ? top->if_contains("value") : nullptr;
  const auto* list = value != nullptr ? value->if_array() : nullptr;
  if (list == nullptr) return refuse("unknown_content", "expected an object with a list 'value'");
  if (top->contains("@iot.nextLink")) ++counters_["air.note.next_link"];

  if (now + Duration{std::chrono::hours{1}} < last_now_) series_.clear();
  last_now_ = now;
  std::vector<AirSample> samples;
  for (const auto& item : *list) {
    const auto* ds = item.if_object();
    const auto* observations = ds != nullptr ? ds->if_contains("Observations") : nullptr;
    if (observations == nullptr || !observations->is_array())
      return refuse("unknown_content", "expected Datastreams with their Observations");
    const auto* thing = object_in(*ds, "Thing");
    const auto* property = object_in(*ds, "ObservedProperty");
    const auto* unit = object_in(*ds, "unitOfMeasurement");
    const auto* properties = object_in(*ds, "properties");

    Stream stream;
    stream.station = StationId(text_in(thing, "name"));
    for (const char* key : {"name", "@iot.id"}) {
      const auto named = options_.things.find(text_in(thing, key));
      if (named != options_.things.end()) stream.station = named->second;
    }
    stream.pollutant = pollutant_of(text_in(property, "name"));
    if (stream.pollutant == Pollutant::unknown)
      stream.pollutant = pollutant_of(text_in(property, "definition"));
    stream.unit = text_in(unit, "symbol");
    if (stream.unit.empty()) stream.unit = text_in(unit, "name");
    stream.period = text_in(properties, "averagingPeriod");
    stream.upper_limit = number_in(properties, "upperLimit");

    std::vector<std::pair<std::string, Observed>> ordered;  // by end of the period
    for (const auto& v : observations->get_array()) {
      Observed observed;
      if (const auto* o = v.if_object()) {
        observed.time = text_in(o, "phenomenonTime");
        observed.value = number_in(o, "result");
        if (const auto* quality = o->if_contains("resultQuality"))
          observed.marked_bad = says_bad(json::serialize(*quality));
      }
      const auto slash = observed.time.find('/');
      const auto end =
          parse_iso(slash == std::string::npos ? observed.time : observed.time.substr(slash + 1));
      ordered.emplace_back(end ? to_iso(*end) : "", std::move(observed));
    }
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [end, observed] : ordered) {
      AirSample sample;
      const std::string outcome = judge(stream, observed, now, sample);
      ++counters_["air.sample." + outcome];
      sample.valid = outcome == "published";
      if (sample.valid || outcome == "flat_line" || outcome == "saturated" ||
          outcome == "marked_bad")
        samples.push_back(std::move(sample));
    }
  }
  ++counters_["air.feed.read"];
  return samples;
}

const char* Reader::judge(const Stream& stream, const Observed& observed, UtcTime now,
                          AirSample& out) {
  if (!stations_.contains(stream.station)) return "unknown_station";
  if (stream.pollutant == Pollutant::unknown) return "unknown_pollutant";
  const auto factor = unit_factor(stream.unit, stream.pollutant);
  if (!factor) return "unknown_unit";
  out.station = stream.station;
  out.pollutant = stream.pollutant;

  const auto slash = observed.time.find('/');
  const auto end =
      parse_iso(slash == std::string::npos ? observed.time : observed.time.substr(slash + 1));
  if (!end) return "bad_time";
  out.period = {*end, *end};
  if (slash != std::string::npos) {
    const auto begin = parse_iso(observed.time.substr(0, slash));
    if (!begin || *begin >= *end) return "bad_time";
    out.period.begin = *begin;
  } else {
    const auto period = parse_duration(stream.period);
    if (!period) return "no_period";
    out.period.begin = *end - *period;
  }
  if (*end > now + options_.future_tolerance) return "future";
  auto& series = series_[{stream.station, stream.pollutant}];
  if (*end <= series.last_end) return "repeated";
  if (!observed.value) return "no_number";

  series.last_end = *end;
  const double value = *observed.value * *factor;
  series.same = value == series.last_value ? series.same + 1 : 1;
  series.last_value = value;
  if (value < 0) return "negative";
  if (value > 5000) return "out_of_range";
  out.value = Micrograms{value};
  if (observed.marked_bad) return "marked_bad";
  if (stream.upper_limit && *observed.value >= *stream.upper_limit) return "saturated";
  if (series.same >= options_.flat_line_count) return "flat_line";
  return "published";
}

}  // namespace dispecer::air_quality
