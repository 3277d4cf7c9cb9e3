// Requests of another supervisor, a fleet management or a neighbouring city: it pushes them to us
// over HTTP, POST with its own token ("Authorization: Bearer ..."). An empty list is a sign of
// life.
//
//   {"requests": [{"id", "time", "junction", "group", "kind", "vehicle", "line", "eta_s",
//                  "to_stop_line_m", "lateness_s"}]}
//
// id: its own, another one for each registration, door_closed or deregistration; time: ISO 8601
// with zone, when the vehicle was there; kind: "registration", "door_closed", "deregistration".
// These, junction and group must be there. lateness_s: positive = late.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "adapters/anpr/push.h"
#include "adapters/city/city.h"
#include "adapters/http/message.h"
#include "fusion/model/observation.h"

namespace dispecer::priority_points {

class Supervisor {
 public:
  using OnPoint = std::function<void(PriorityPoint)>;
  // `token` empty: whoever reaches the address may push; for virtual devices on this machine only.
  Supervisor(const city::DeviceRow& row, std::string token, const city::City& city,
             OnPoint on_point);

  // Answers 200 {"accepted", "duplicate", "refused"}, 400, 401 or 405.
  http::Response handle(const http::Request& request, UtcTime now);

  // Every request of a list in one of accepted, duplicate, bad_request, bad_time,
  // from_the_future, unknown_junction, unknown_group, out_of_range; every message in one of
  // messages, bad_json, too_many, unauthorised, bad_method. All with "points." before them.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& counters() const { return counters_; }

 private:
  std::string source_;
  std::string token_;
  const city::City& city_;
  OnPoint on_point_;
  anpr::Seen seen_;
  std::map<std::string, std::uint64_t> counters_;
};

}  // namespace dispecer::priority_points
