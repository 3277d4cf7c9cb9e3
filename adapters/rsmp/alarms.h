// The alarms of a site's controller as it told them, across connections: newest event first, no
// event twice, flutter damped.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/rsmp/message/message.h"
#include "adapters/rsmp/session.h"
#include "fusion/model/health.h"

namespace dispecer::rsmp {

// State of one alarm. Suspension stands beside the rest and touches nothing of it.
struct AlarmChart {
  bool active = false;
  bool acknowledged = true;
  bool suspended = false;
  bool operator==(const AlarmChart&) const = default;
};
enum class AlarmStep : std::uint8_t {
  becomes_active,
  becomes_inactive,
  acknowledged,
  suspended,
  resumed
};
// The state after a step, absent = the step is not possible there. Source: RSMP core, alarm state
// transitions. Becoming active is the only way to become unacknowledged.
std::optional<AlarmChart> after(const AlarmChart& state, AlarmStep step);

struct AlarmKey {
  std::string component;
  std::string code;  // "A0302"
  auto operator<=>(const AlarmKey&) const = default;
};

struct FieldAlarm {
  AlarmChart chart;
  UtcTime t;  // of the last event, by the site's clock
  AlarmPriority priority = AlarmPriority::low;
  std::string text;  // its return values
};

// What operators are to see: shown while active and not suspended.
struct AlarmChange {
  AlarmKey key;
  FieldAlarm alarm;
  bool shown = false;
  bool flutters = false;
};

struct Damping {
  std::size_t changes = 5;             // within `window` make a flutter
  Duration window = from_seconds(60);  // domain
  Duration quiet = from_seconds(60);   // domain, of rest before a fluttering alarm goes
};

class AlarmBook {
 public:
  explicit AlarmBook(Counters& counters, Damping damping = {})
      : counters_(counters), damping_(damping) {}

  // An event as the site told it. Older ones than what is known (by aTs) and repeats change
  // nothing: counters rsmp.alarms.older, rsmp.alarms.repeated. A step that the chart does not have
  // is believed and counted: rsmp.alarms.out_of_chart.
  void apply(const Alarm& alarm, UtcTime now, std::vector<AlarmChange>& changes);
  // Ends flutters that came to rest.
  void timer(UtcTime now, std::vector<AlarmChange>& changes);
  // For core 3.1.2, where a connection without word of an alarm means that it is over.
  void forget_active(UtcTime now, std::vector<AlarmChange>& changes);

  // nullptr = never told.
  [[nodiscard]] const FieldAlarm* find(const AlarmKey& key) const;

 private:
  struct Entry {
    FieldAlarm alarm;
    bool wanted = false;  // active and not suspended
    bool shown = false;
    bool flutters = false;
    std::vector<UtcTime> turns;  // when it came and went, within the window
  };
  void settle(const AlarmKey& key, Entry& entry, UtcTime now, std::vector<AlarmChange>& changes);

  Counters& counters_;
  Damping damping_;
  std::map<AlarmKey, Entry> entries_;
};

}  // namespace dispecer::rsmp
