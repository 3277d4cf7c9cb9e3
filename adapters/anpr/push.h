// What devices that push reads to us have in common (plate readers, scan cars): who may push, whose
// clock is off, which event was here before. JSON stays inside the .cc files.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "adapters/http/message.h"
#include "fusion/model/id.h"
#include "fusion/model/quantity.h"
#include "fusion/model/time.h"

namespace dispecer::anpr {

using Counters = std::map<std::string, std::uint64_t>;

// The device's clock minus ours. Each message says when it was sent by the device's clock; the way
// to us only ever makes that look too early, so the largest difference of the last 30 s is nearest
// to the truth. A clock that jumps ahead shows at once, one that falls behind within 30 s.
class ClockWatch {
 public:
  void note(UtcTime sent, UtcTime received);
  [[nodiscard]] Seconds error() const;  // 0 before the first message

 private:
  std::deque<std::pair<UtcTime, Duration>> differences_;
};

// Remembers the last `depth` events of one device.
class Seen {
 public:
  explicit Seen(std::size_t depth = 20000) : depth_(depth) {}
  bool add(const std::string& event);  // false = was here before

 private:
  std::size_t depth_;
  std::set<std::string> known_;
  std::deque<std::string> order_;
};

// Id of a read, made of device and event (BLAKE2b, 16 bytes): stable over repeats and restarts.
ReadId read_id(std::string_view device, std::string_view event);

// Would this id or file name give the plate away?
bool shows_plate(std::string_view text, const std::string& normalised_plate);

// One event as a device pushed it.
struct PushedRead {
  std::string event;
  UtcTime t;
  std::string plate;  // normalised, "" = unreadable
  std::string country;
  Ratio confidence;
  std::string image;
  std::optional<double> lon;
  std::optional<double> lat;
  std::optional<double> position_sd;
  std::string place;  // the device's own idea of the parking area, "" = none
};

struct PushedBatch {
  std::string device;
  UtcTime sent;
  std::vector<PushedRead> reads;
  std::map<std::string, std::uint64_t> refused;  // cause -> reads left out, each in one
};

// {"device": "...", "sent": ISO 8601 with zone, "reads": [{"id", "time", "plate", "country",
//  "confidence", "image", "lon", "lat", "sd", "place"}]}; of a read only id, time and confidence
// must be there. Error causes: bad_json, bad_envelope (device or sent missing), too_many. Causes in
// `refused`: bad_event, bad_time, bad_confidence, bad_position, plate_in_id. No text of an error
// repeats what was sent.
Result<PushedBatch> parse_push(std::string_view body, std::size_t most_reads);

}  // namespace dispecer::anpr
