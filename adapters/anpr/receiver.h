// Plate readers at gates push their reads to us over HTTP: POST <path> with the reader's own token
// ("Authorization: Bearer ..."). An empty list is a sign of life. PERSONAL: plates pass through and
// are neither kept nor logged.
#pragma once

#include <memory>
#include <vector>

#include "adapters/anpr/push.h"
#include "fusion/model/plate.h"

namespace dispecer::anpr {

struct Reader {
  ReaderId id;
  GateId gate;
  std::string token;
  bool open = false;  // may push without a token: virtual devices on this machine only
};

class Receiver {
 public:
  using OnRead = std::function<void(PlateRead)>;  // `rights` not yet filled in

  Receiver(std::vector<Reader> readers, OnRead on_read);

  // Answers 200 {"accepted", "duplicate", "refused"}, 400, 401, 404 (unknown device) or 405. A read
  // that came before is told as duplicate and not passed on.
  http::Response handle(const http::Request& request, UtcTime now);

  // Readers that were silent for longer than `limit` at `now`; those that never spoke count from
  // the first call.
  std::vector<ReaderId> silent(UtcTime now, Seconds limit);

  // Every read in one of accepted, duplicate, bad_event, bad_time, bad_confidence, bad_position,
  // plate_in_id, from_the_future; every request in one of requests, bad_json, bad_envelope,
  // too_many, unauthorised, unknown_device, bad_method. All with "anpr." before them.
  [[nodiscard]] const Counters& counters() const { return counters_; }

 private:
  struct Line {
    Reader reader;
    ClockWatch clock;
    Seen seen;
    std::optional<UtcTime> heard;
  };
  std::map<std::string, Line> lines_;
  OnRead on_read_;
  Counters counters_;
};

}  // namespace dispecer::anpr
