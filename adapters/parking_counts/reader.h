// From a parking source's answer to counts that are worth publishing. Pure. Each record ends in
// exactly one counter:
//
//   parking.count.published
//   parking.count.repeated            same area, same time
//   parking.count.goes_back           older than the area's last
//   parking.count.unknown_parking     an area that the city does not have, or that is not mapped
//   parking.count.no_time             age unknown: never shown, so not taken
//   parking.count.bad_time            no time, or a local one of an unknown zone
//   parking.count.future              beyond the tolerance
//   parking.count.stale               older than 15 min (age per record, not per feed)
//   parking.count.bad_number          text where a number belongs, or no whole number
//   parking.count.negative            a count below zero, or a percentage outside 0..100
//   parking.count.free_over_capacity  held
//   parking.count.occupied_over_capacity  held
//   parking.count.no_information      neither count, or all zero with no share: unknown, not "full"
//   parking.count.contradiction       no bay at all, but a share above zero
//   parking.count.closed              the site says that it is closed: not "full"
//
// Noted, but published: parking.note.{percent_wrong, percent_means_free, capacity_differs (from the
// city's), no_capacity, sum_differs}. Whole answers: parking.feed.{read, bad_json, bad_xml,
// unknown_content, unknown_dialect}.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/parking_counts/record.h"
#include "fusion/model/observation.h"
#include "fusion/model/parking.h"

namespace dispecer::parking_counts {

struct ReaderOptions {
  std::string source;    // name that travels with each count
  std::string dialect;   // "" = "camera"
  std::string timezone;  // IANA, for local times without a zone
  std::map<std::string, ParkingId>
      records;  // the source's ids -> ours, "" = the id of every record
  Duration stale_after{std::chrono::minutes{15}};
  Duration future_tolerance{std::chrono::seconds{10}};
};

class Reader {
 public:
  Reader(const std::vector<ParkingArea>& areas, ReaderOptions options);
  // Errors as read_records. A `now` far before the last one forgets what was seen.
  Result<std::vector<ParkingCount>> read(std::string_view bytes, UtcTime now);
  [[nodiscard]] const std::map<std::string, std::uint64_t>& counters() const { return counters_; }

 private:
  const char* judge(const Record& record, UtcTime now, ParkingCount& out);
  const char* check_numbers(const Record& record, ParkingCount& out);
  Result<UtcTime> time_of(const std::string& text) const;
  void note(const char* what) { ++counters_[std::string("parking.note.") + what]; }

  std::map<ParkingId, std::uint32_t> capacity_;
  ReaderOptions options_;
  std::map<ParkingId, UtcTime> last_;
  UtcTime last_now_;
  std::map<std::string, std::uint64_t> counters_;
};

}  // namespace dispecer::parking_counts
