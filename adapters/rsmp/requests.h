// The requests for priority that a controller tells of (S0033).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/rsmp/session.h"
#include "fusion/model/signal_state.h"

namespace dispecer::rsmp {

// Its JSON array; absent = not one. Items that are no requests are left out and counted in `bad`.
std::optional<std::vector<FieldRequest>> parse_requests(std::string_view text, std::size_t& bad);

// The list as we go on to tell it: a controller names the end of a request once and then drops it,
// so an ended one is kept for a while, for whoever looks once a second.
class RequestList {
 public:
  // The value of S0033 that came in, moved by the site's clock error.
  void update(std::string_view text, Duration clock_error, UtcTime now, Counters& counters);
  // Drops the ends that were told for long enough.
  void timer(UtcTime now);
  void clear();
  // Was anything told since the last clear?
  [[nodiscard]] bool told() const { return told_; }
  [[nodiscard]] std::vector<FieldRequest> requests() const;  // by id

 private:
  struct Entry {
    FieldRequest request;
    std::optional<UtcTime> ended;  // heard
    bool listed = true;            // by the site, still
    bool over = false;             // its end was told for long enough
  };
  bool told_ = false;
  std::map<RequestId, Entry> entries_;
};

}  // namespace dispecer::rsmp
