// Emergency corridors asked for from outside: by the interface of a dispatch centre, and by the
// button of a station. Plain JSON over HTTP, each desk with a token of its own ("Authorization:
// Bearer ..."). What comes in becomes an intent of that desk as an automaton; whether it may ask,
// for what errand and which way, the controller checks by the city's emergency.toml.
//
//   POST /corridors       {"id", "vehicle", "kind", "from", "to", "route": [...], "minutes",
//   "reason"} POST /corridors/end   {"id"} GET  /corridors?id=   what became of it: {"outcome",
//   "cause", "text"}; "waiting" = not yet POST /button          {"pressed": true | false}    a
//   station's: its own route, its first errand
//
// Virtual desks of this machine may do without a token; where several do, the header X-Desk names
// the one that calls. `id` is the caller's own and makes a repeat invisible; the corridor is called
// "<desk>/<id>". A button that is pressed again while its corridor stands asks for nothing new;
// released, or after its minutes, it ends.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/http/message.h"
#include "fusion/model/intent.h"

namespace dispecer::dispatch {

using Counters = std::map<std::string, std::uint64_t>;

struct Desk {
  PersonId id;  // as in emergency.toml
  std::string token;
  bool open = false;    // may ask without a token: virtual devices on this machine only
  bool button = false;  // of a station; else an interface
  EmergencyKind kind = EmergencyKind::unknown;  // of the button
  double minutes = 10;                          // of the button
};

class Receiver {
 public:
  // Ok = the intent is kept on this machine's disk.
  using Send = std::function<Result<>(const Intent&)>;

  Receiver(std::vector<Desk> desks, Send send);

  // Answers 202 {"corridor", "intent"} where the intent is kept, 200 to a question and to a button
  // that changes nothing, 400 (bad JSON or field), 401 (no desk has that token), 403 (not for this
  // kind of desk), 404 (no such path or request), 405, 503 (not kept: ask again).
  http::Response handle(const http::Request& request, UtcTime now, std::uint32_t epoch);

  void result(const IntentResult& result);

  // requests, bad_method, bad_path, bad_json, bad_field, unauthorised, wrong_desk, unknown,
  // not_kept, opened, ended, repeated. All with "dispatch." before them.
  [[nodiscard]] const Counters& counters() const { return counters_; }

 private:
  struct Pressed {
    std::string id;
    UtcTime until;
  };
  http::Response open(const Desk& desk, const http::Request& request, UtcTime now,
                      std::uint32_t epoch);
  http::Response end(const Desk& desk, const http::Request& request, UtcTime now,
                     std::uint32_t epoch);
  http::Response button(const Desk& desk, const http::Request& request, UtcTime now,
                        std::uint32_t epoch);
  http::Response tell(const Desk& desk, const http::Request& request);
  http::Response send(const Desk& desk, const std::string& id, const char* what, UtcTime now,
                      std::uint32_t epoch, std::string reason, IntentAction action);
  http::Response refuse(unsigned status, const std::string& cause, const std::string& text);
  [[nodiscard]] const Desk* find(const http::Request& request) const;

  std::vector<Desk> desks_;
  Send send_;
  std::map<PersonId, Pressed> pressed_;
  std::deque<std::pair<IntentId, std::optional<IntentResult>>> asked_;  // oldest first
  Counters counters_;
};

}  // namespace dispecer::dispatch
