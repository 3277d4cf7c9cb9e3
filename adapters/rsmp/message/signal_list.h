// The signal exchange list of traffic-light controllers (TLC 1.0.7 to 1.2.1) as one table: every
// command with its arguments and every status with its names, what kind of value each takes, in
// which range, on which component, and from which to which version of the list it exists. Source:
// the signal exchange list and its published schemas.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/rsmp/message/message.h"

namespace dispecer::rsmp {

// Half open span of list versions; "" = without that end.
struct ListSpan {
  std::string_view since = {};
  std::string_view until = {};
};

enum class ListTarget : std::uint8_t { main, group, detector };

enum class ListKind : std::uint8_t {
  text,
  secret,    // a security code: never shown
  integer,   // whole number, least to most
  boolean,   // "True" or "False"
  word,      // one of `words`
  integers,  // comma-joined, one per intersection or item
  decimals,  // comma-joined numbers, -1 = no data
  booleans,  // comma-joined
  words,     // comma-joined, each one of `words`
  bits,      // one of 0, 1 and - for each item
  letters,   // states of signal groups, one letter each
  tuples,    // `parts` whole numbers joined by '-', comma-joined
  blocks,    // three whole numbers joined by ',', semicolon-joined
  time,      // UTC, three decimals
  array      // JSON array
};

struct ListName {
  std::string_view name;
  ListKind kind = ListKind::text;
  std::int64_t least = 0;  // of an integer or of each number; also of a length in characters
  std::int64_t most = 0;   // 0 with least 0 = without bounds
  std::size_t parts = 0;
  std::string_view words = {};  // joined by '|'
  ListSpan span = {};
  bool optional = false;
};

inline constexpr std::size_t kMaxNames = 12;
using ListNames = std::array<ListName, kMaxNames>;  // unused places have no name

struct ListCommand {
  std::string_view code;     // "M0002"
  std::string_view command;  // cO, "setPlan"
  ListTarget target = ListTarget::main;
  ListSpan span = {};
  bool reserved = false;  // never sent
  ListNames arguments = {};
};

struct ListStatus {
  std::string_view code;  // "S0014"
  ListTarget target = ListTarget::main;
  ListSpan span = {};
  bool traffic_data = false;  // comes at the end of each interval, never at once or on change
  ListNames names = {};
};

// Ascending by code. S0025 stands twice: it was in the list, left it and came back.
std::span<const ListCommand> list_commands();
std::span<const ListStatus> list_statuses();

// "1.0.13" < "1.1.0": numeric, part by part. Unreadable parts count as 0.
bool sxl_at_least(std::string_view version, std::string_view least);
// Numerically the same version ("1.1" and "1.1.0"); texts that are no version are the same only
// when equal.
bool same_sxl(std::string_view a, std::string_view b);
// The versions that have differences of their own, ascending.
std::span<const std::string_view> sxl_versions();
// Least core version that a list version goes with.
Core least_core(std::string_view sxl);

bool in_list(const ListSpan& span, std::string_view sxl);
// nullptr = that version has no such code.
const ListCommand* find_command(std::string_view code, std::string_view sxl);
const ListStatus* find_status(std::string_view code, std::string_view sxl);
// Names that the version has, in order.
std::vector<const ListName*> names_in(const ListNames& names, std::string_view sxl);

// A value in its own type. Lists of words and letters stay text.
using Typed =
    std::variant<std::int64_t, bool, std::string, std::vector<std::int64_t>, std::vector<double>,
                 std::vector<bool>, std::vector<std::vector<std::int64_t>>, UtcTime>;
// Cause bad_value, naming what was found and expected. Null has no typed form: cause no_value.
Result<Typed> typed(const ListName& name, const Value& value);

}  // namespace dispecer::rsmp
