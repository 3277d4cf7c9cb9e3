// The core versions of RSMP that we speak and, in one table, all that differs between them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace dispecer::rsmp {

enum class Core : std::uint8_t { v3_1_2, v3_1_3, v3_1_4, v3_1_5, v3_2_0, v3_2_1, v3_2_2 };

inline constexpr Core kNewestCore = Core::v3_2_2;

struct CoreRules {
  Core core;
  std::string_view text;      // "3.1.2"
  bool se_is_text;            // aggregated status bits are the strings "true"/"false"
  bool undefined_quality;     // q = undefined exists, s and v may be null
  bool strict_handshake;      // one order of the establishment; no acks before Version
  bool send_on_change_key;    // sOc required; before: forbidden
  bool requests;              // AggregatedStatusRequest and Alarm Request exist
  bool acks_before_buffer;    // a site puts acks ahead of buffered messages
  bool exact_case;            // enumerations compare by exact case
  bool array_values;          // status values may be arrays
  bool old_quality;           // buffered values carry q = old
  bool resubscribe_changes;   // a repeated subscribe changes the interval
  bool return_values_needed;  // rvs of a CommandResponse may not be empty
  std::size_t buffer;         // messages that a site must be able to keep
};

// Ascending by version.
std::span<const CoreRules> core_table();
const CoreRules& rules(Core core);
// Exact text of a version; "3.2" reads as 3.2.0. Absent = not one that we speak.
std::optional<Core> parse_core(std::string_view text);

}  // namespace dispecer::rsmp
