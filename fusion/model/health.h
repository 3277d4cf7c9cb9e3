// Processes, counters and alarms.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fusion/model/fields.h"

namespace dispecer {

struct Counter {
  std::string name;  // "rsmp.frames.bad_json"
  std::uint64_t value = 0;
  bool operator==(const Counter&) const = default;
};

enum class ProcessState : std::uint8_t {
  unknown = 0,
  starting = 1,
  ready = 2,
  degraded = 3,
  stopping = 4
};

constexpr auto names(Tag<ProcessState>) {
  using E = ProcessState;
  return std::array{Name<E>{E::unknown, "unknown"}, Name<E>{E::starting, "starting"},
                    Name<E>{E::ready, "ready"}, Name<E>{E::degraded, "degraded"},
                    Name<E>{E::stopping, "stopping"}};
}

struct ProcessHealth {
  std::string process;
  std::uint32_t pid = 0;
  ProcessState state = ProcessState::unknown;
  std::string note;  // why it is degraded
  std::uint64_t rss_bytes = 0;
  std::vector<Counter> counters;
  bool operator==(const ProcessHealth&) const = default;
};

enum class AlarmState : std::uint8_t {
  unknown = 0,
  normal = 1,
  unacknowledged = 2,
  acknowledged = 3,
  returned_unacknowledged = 4,
  shelved = 5,
  suppressed = 6,
  out_of_service = 7
};

constexpr auto names(Tag<AlarmState>) {
  using E = AlarmState;
  return std::array{Name<E>{E::unknown, "unknown"},
                    Name<E>{E::normal, "normal"},
                    Name<E>{E::unacknowledged, "unacknowledged"},
                    Name<E>{E::acknowledged, "acknowledged"},
                    Name<E>{E::returned_unacknowledged, "returned_unacknowledged"},
                    Name<E>{E::shelved, "shelved"},
                    Name<E>{E::suppressed, "suppressed"},
                    Name<E>{E::out_of_service, "out_of_service"}};
}

enum class AlarmPriority : std::uint8_t { unknown = 0, low = 1, medium = 2, high = 3 };

constexpr auto names(Tag<AlarmPriority>) {
  using E = AlarmPriority;
  return std::array{Name<E>{E::unknown, "unknown"}, Name<E>{E::low, "low"},
                    Name<E>{E::medium, "medium"}, Name<E>{E::high, "high"}};
}

// What a process found wrong, or right again. Same (kind, subject) = same alarm.
struct AlarmEvent {
  std::string kind;     // stable key ("no_communication", "order_deviated", "quarantined")
  std::string subject;  // id of the thing
  AlarmPriority priority = AlarmPriority::unknown;
  bool active = false;
  UtcTime t;
  std::string text;
  bool operator==(const AlarmEvent&) const = default;
};

struct Alarm {
  AlarmId id;
  std::string kind;
  std::string subject;
  AlarmPriority priority = AlarmPriority::unknown;
  AlarmState state = AlarmState::unknown;
  UtcTime raised;
  UtcTime changed;
  std::optional<UtcTime> shelved_until;
  std::uint32_t count = 1;  // members of a group, or repeats
  std::string text;
  bool operator==(const Alarm&) const = default;
};

struct AlarmList {
  UtcTime t;
  std::vector<Alarm> alarms;
  bool operator==(const AlarmList&) const = default;
};

constexpr auto fields(Tag<Counter>) {
  using P = Counter;
  return std::tuple{field(1, "name", &P::name), field(2, "value", &P::value)};
}
constexpr auto fields(Tag<ProcessHealth>) {
  using P = ProcessHealth;
  return std::tuple{field(1, "process", &P::process),
                    field(2, "pid", &P::pid),
                    field(3, "state", &P::state),
                    field(4, "note", &P::note),
                    field(5, "rss_bytes", &P::rss_bytes, "byte"),
                    field(6, "counters", &P::counters)};
}
constexpr auto fields(Tag<AlarmEvent>) {
  using P = AlarmEvent;
  return std::tuple{field(1, "kind", &P::kind),
                    field(2, "subject", &P::subject),
                    field(3, "priority", &P::priority),
                    field(4, "active", &P::active),
                    field(5, "t", &P::t),
                    field(6, "text", &P::text)};
}
constexpr auto fields(Tag<Alarm>) {
  using P = Alarm;
  return std::tuple{field(1, "id", &P::id),           field(2, "kind", &P::kind),
                    field(3, "subject", &P::subject), field(4, "priority", &P::priority),
                    field(5, "state", &P::state),     field(6, "raised", &P::raised),
                    field(7, "changed", &P::changed), field(8, "shelved_until", &P::shelved_until),
                    field(9, "count", &P::count),     field(10, "text", &P::text)};
}
constexpr auto fields(Tag<AlarmList>) {
  using P = AlarmList;
  return std::tuple{field(1, "t", &P::t), field(2, "alarms", &P::alarms)};
}

}  // namespace dispecer
