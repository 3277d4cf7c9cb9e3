// The alarm book: what is wrong now, in the states of ISA-18.2, calm enough for one operator. A
// value and functions; time comes in as data.
//
//               raise             clear                     acknowledge
//   normal      unacknowledged    normal                    (nothing to do)
//   unack.      unack., a repeat  returned_unacknowledged   acknowledged
//   ack.        ack., a repeat    normal                    ack.
//   returned    unacknowledged    returned                  normal
//
// Over these lie out_of_service, shelved (for a time) and suppressed, in that order: the state
// below goes on and shows again when the cover is gone.
//
// Damping: an alarm that returned `chatter_returns` times within `chatter_window_s` counts as
// active until it was quiet for `quiet_s`; `count` tells how often it came. Grouping: `group_least`
// or more active alarms of one kind are one alarm ("group/<kind>") with their number, until the
// last one is gone. Its members are not listed. Roots: while a feed is silent (kind
// "source_silent"), what follows from that is suppressed.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fusion/model/health.h"
#include "fusion/model/picture.h"
#include "fusion/model/result.h"

namespace dispecer::alarms {

struct Parameters {
  std::size_t chatter_returns = 3;
  double chatter_window_s = 60;
  double quiet_s = 60;
  std::size_t group_least = 4;
  std::size_t group_names = 6;  // members that the text of a group names
  double longest_shelf_s = 86400;
  double confirm_s = 60;            // for a restarted process to say again what is wrong
  std::size_t most_entries = 5000;  // the oldest that returned goes first, and is counted
  // What follows from what: kind, or kind/subject, to the id of its root.
  std::map<std::string, std::string> roots{
      {"no_communication", "source_silent/signals"},
      {"detector_fault", "source_silent/detectors"},
      {"source_silent/detectors", "source_silent/signals"},
  };
};

struct Entry {
  std::string kind;
  std::string subject;
  AlarmPriority priority = AlarmPriority::unknown;
  std::string text;
  bool active = false;
  bool acknowledged = false;
  UtcTime raised;
  UtcTime changed;
  std::uint32_t count = 0;
  std::optional<UtcTime> shelved_until;
  bool suppressed = false;
  bool out_of_service = false;
  std::string source;        // process that told it, "" = this one
  bool unconfirmed = false;  // that process started anew and has not said it again
  // Damping.
  std::deque<UtcTime> returns;
  std::optional<UtcTime> clears_at;  // it went away, but is held as active until then
  bool operator==(const Entry&) const = default;
};

struct Group {
  Entry entry;
  std::vector<std::string> members;  // active ones, as of the last step
  bool operator==(const Group&) const = default;
};

struct Book {
  Parameters parameters;
  std::map<std::string, Entry> entries;  // by id
  std::map<std::string, Group> groups;   // by kind
  UtcTime now;
  std::map<std::string, std::uint64_t> counters;  // "alarms.damped", ...
};

Book make_book(const Parameters& parameters = {});

std::string id_of(const std::string& kind, const std::string& subject);
AlarmState state_of(const Entry& entry);

void apply(Book& book, const AlarmEvent& event, const std::string& source = "");
// A process started anew: what it does not say again within `confirm_s` is over.
void restarted(Book& book, const std::string& source, UtcTime now);
// A feed that is stale raises "source_silent", one that is live again clears it; an unknown one
// changes nothing.
void apply(Book& book, const SourceState& source, UtcTime now);
// Ends shelves and damping, forms groups, suppresses what follows from a root.
void step(Book& book, UtcTime now);

// Operator's acts, on an alarm or a group. Errors (cause): unknown_alarm; for shelve also
// shelf_too_long and, where `until` is not in the future and nothing is shelved, not_shelved.
// shelve with `until` not in the future ends the shelf.
Result<> acknowledge(Book& book, const AlarmId& id, UtcTime now);
Result<> shelve(Book& book, const AlarmId& id, UtcTime until, UtcTime now);
Result<> set_out_of_service(Book& book, const AlarmId& id, bool out, UtcTime now);

// Everything that is not normal, groups instead of their members. Those under a cover (shelved,
// suppressed, out of service) come last; else by priority (high first), then by time (newest
// first), then by id.
AlarmList list(const Book& book);

// What survives a restart of the process that holds the book. Its own alarms do not: it finds them
// anew.
struct KeptAlarm {
  std::string kind;
  std::string subject;
  AlarmPriority priority = AlarmPriority::unknown;
  std::string text;
  std::string source;
  bool active = false;
  bool acknowledged = false;
  UtcTime raised;
  UtcTime changed;
  std::uint32_t count = 0;
  std::optional<UtcTime> shelved_until;
  bool out_of_service = false;
  bool operator==(const KeptAlarm&) const = default;
};
std::vector<KeptAlarm> snapshot(const Book& book);
void restore(Book& book, const std::vector<KeptAlarm>& kept);

constexpr auto fields(Tag<KeptAlarm>) {
  using P = KeptAlarm;
  return std::tuple{field(1, "kind", &P::kind),
                    field(2, "subject", &P::subject),
                    field(3, "priority", &P::priority),
                    field(4, "text", &P::text),
                    field(5, "source", &P::source),
                    field(6, "active", &P::active),
                    field(7, "acknowledged", &P::acknowledged),
                    field(8, "raised", &P::raised),
                    field(9, "changed", &P::changed),
                    field(10, "count", &P::count),
                    field(11, "shelved_until", &P::shelved_until),
                    field(12, "out_of_service", &P::out_of_service)};
}

namespace detail {
void form_groups(Book& book);
void suppress(Book& book);
}  // namespace detail

}  // namespace dispecer::alarms
