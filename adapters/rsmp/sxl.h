// The traffic-light signal exchange list as a table: what to subscribe, from which version on.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/rsmp/message/message.h"

namespace dispecer::rsmp {

// "1.0.13" < "1.1.0": numeric, part by part. Unreadable parts count as 0.
bool sxl_at_least(std::string_view version, std::string_view least);

struct SxlStatus {
  std::string_view code;
  std::array<std::string_view, 8> names;  // unused places are ""
  std::string_view source_since;          // version that added `source`, "" = has none
  std::string_view since;                 // of the list; "" = from the start
  int interval;                           // s
  bool on_change;
};

// What a supervisor wants to know all the time.
std::span<const SxlStatus> wanted_statuses();

// The subscriptions for a site: one message per code, so that an unknown one spoils no other.
// Before core 3.1.5 "on change" cannot be combined with an interval: on change wins.
std::vector<StatusSubscribe> subscriptions(const Component& component, std::string_view sxl,
                                           Core core);

// Least SXL version with a command code; "" = from the start.
std::string_view command_since(std::string_view code);

}  // namespace dispecer::rsmp
