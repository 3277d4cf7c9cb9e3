// What one source says of one parking area, before anybody judged it; and the dialects in which
// sources say it.
//
// Dialect "camera" (ours, JSON over HTTP; asked with GET <address>/counts):
//   {"device": "cam-7", "counts": [{"parking": "PA_x", "time": "2026-11-21T10:00:00Z",
//     "occupied": 34, "free": 56, "capacity": 90, "image": "/images/PA_x.png"}]}
//   time: of the picture that was counted, with zone. occupied, free, capacity: bays; at least one
//   of the first two. image: where the still can be fetched, may be absent. A single object instead
//   of the list, and numbers written as strings, are read too.
// Dialect "datex2": DATEX II 2.3 with the parking extension (parkingRecordStatus), and its
//   predecessor (parkingFacilityStatus); any namespace prefix, also within a SOAP envelope.
// Dialect "freiburg": GeoJSON with obs_* properties, all strings, local time without zone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fusion/model/result.h"

namespace dispecer::parking_counts {

struct Record {
  std::string id;    // the source's own, "" = none
  std::string time;  // as written, "" = none
  std::optional<double> capacity;
  std::optional<double> occupied;
  std::optional<double> free;
  std::optional<double> percent;  // occupied, 0..100, as claimed
  bool closed = false;
  bool bad_number = false;  // a field that must be a number was none
};

// Errors (cause): bad_json, bad_xml, unknown_content (well formed, but not this dialect),
// unknown_dialect.
Result<std::vector<Record>> read_records(std::string_view dialect, std::string_view bytes);

Result<std::vector<Record>> read_camera(std::string_view bytes);
Result<std::vector<Record>> read_datex2(std::string_view bytes);
Result<std::vector<Record>> read_freiburg(std::string_view bytes);

}  // namespace dispecer::parking_counts
