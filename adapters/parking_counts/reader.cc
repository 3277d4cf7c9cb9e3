#include "adapters/parking_counts/reader.h"

#include <date/date.h>
#include <date/tz.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>

namespace dispecer::parking_counts {
namespace {

bool whole(const std::optional<double>& n) {
  return !n || (*n == std::floor(*n) && std::abs(*n) < 1e6);
}

std::optional<std::uint32_t> bays(const std::optional<double>& n) {
  if (!n) return {};
  return static_cast<std::uint32_t>(*n);
}

}  // namespace

Reader::Reader(const std::vector<ParkingArea>& areas, ReaderOptions options)
    : options_(std::move(options)) {
  for (const auto& a : areas) capacity_[a.id] = a.capacity;
}

Result<std::vector<ParkingCount>> Reader::read(std::string_view bytes, UtcTime now) {
  auto records = read_records(options_.dialect, bytes);
  if (!records) {
    ++counters_["parking.feed." + records.error().cause];
    return records.error();
  }
  ++counters_["parking.feed.read"];
  if (now + options_.stale_after < last_now_) last_.clear();
  last_now_ = now;
  std::vector<ParkingCount> counts;
  for (const auto& record : *records) {
    ParkingCount count;
    count.source = options_.source;
    const std::string outcome = judge(record, now, count);
    ++counters_["parking.count." + outcome];
    if (outcome == "published") counts.push_back(std::move(count));
  }
  return counts;
}

const char* Reader::judge(const Record& record, UtcTime now, ParkingCount& out) {
  out.parking = ParkingId(record.id);
  auto mapped = options_.records.find(record.id);
  if (mapped == options_.records.end() && record.id.empty()) mapped = options_.records.find("");
  if (mapped != options_.records.end()) out.parking = mapped->second;
  if (!capacity_.contains(out.parking)) return "unknown_parking";

  if (record.time.empty()) return "no_time";
  const auto t = time_of(record.time);
  if (!t) return "bad_time";
  out.t = *t;
  if (out.t > now + options_.future_tolerance) return "future";
  const auto last = last_.find(out.parking);
  if (last != last_.end() && out.t == last->second) return "repeated";
  if (last != last_.end() && out.t < last->second) return "goes_back";
  if (now - out.t > options_.stale_after) return "stale";
  if (record.closed) return "closed";
  const char* verdict = check_numbers(record, out);
  // Also a held count was this source's word for that moment.
  last_[out.parking] = out.t;
  return verdict;
}

const char* Reader::check_numbers(const Record& r, ParkingCount& out) {
  if (r.bad_number || !whole(r.occupied) || !whole(r.free) || !whole(r.capacity))
    return "bad_number";
  for (const auto& n : {r.occupied, r.free, r.capacity}) {
    if (n && *n < 0) return "negative";
  }
  if (r.percent && (*r.percent < 0 || *r.percent > 100)) return "negative";
  if (!r.occupied && !r.free) return "no_information";
  const double occupied = r.occupied.value_or(0);
  const double free = r.free.value_or(0);
  const bool has_capacity = r.capacity && *r.capacity > 0;
  if (occupied + free == 0 && r.percent.value_or(0) > 0) return "contradiction";
  // Nothing here and nothing there: a source that does not know, whatever its capacity says.
  if (occupied + free == 0 && (!has_capacity || (r.occupied && r.free))) return "no_information";
  if (has_capacity && free > *r.capacity) return "free_over_capacity";
  if (has_capacity && occupied > *r.capacity) return "occupied_over_capacity";

  const double city = capacity_.at(out.parking);
  if (!has_capacity) {
    note("no_capacity");
    // The city's own number is then the only base there is.
    if (city > 0 && free > city) return "free_over_capacity";
    if (city > 0 && occupied > city) return "occupied_over_capacity";
  } else if (*r.capacity != city) {
    note("capacity_differs");
  }
  if (has_capacity && r.occupied && r.free &&
      std::abs(occupied + free - *r.capacity) > std::max(1.0, 0.02 * *r.capacity))
    note("sum_differs");

  const double base = r.occupied && r.free ? occupied + free : r.capacity.value_or(0);
  if (r.percent && base > 0) {
    const double truth = 100 * (r.occupied ? occupied : base - free) / base;
    constexpr double kRounding = 2;  // points
    if (std::abs(*r.percent - truth) > kRounding)
      note(std::abs(100 - *r.percent - truth) <= kRounding ? "percent_means_free"
                                                           : "percent_wrong");
  }
  out.occupied = bays(r.occupied);
  out.free = bays(r.free);
  if (has_capacity) out.capacity = bays(r.capacity);
  return "published";
}

Result<UtcTime> Reader::time_of(const std::string& text) const {
  auto t = parse_iso(text);
  if (t || t.error().cause != "no_zone" || options_.timezone.empty()) return t;
  int y = 0;
  int mo = 0;
  int d = 0;
  int h = 0;
  int mi = 0;
  int s = 0;
  if (std::sscanf(text.c_str(), "%d-%d-%d%*[ T]%d:%d:%d", &y, &mo, &d, &h, &mi, &s) != 6)
    return Error{"bad_time", text, ""};
  try {
    const auto local =
        date::local_days{date::year{y} / mo / d} + std::chrono::seconds{h * 3600 + mi * 60 + s};
    const auto sys = date::locate_zone(options_.timezone)->to_sys(local, date::choose::earliest);
    return UtcTime{std::chrono::duration_cast<Duration>(sys.time_since_epoch()).count()};
  } catch (const std::exception& e) {
    return Error{"bad_time", e.what(), text};
  }
}

}  // namespace dispecer::parking_counts
