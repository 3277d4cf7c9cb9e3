// Everything a virtual signal controller remembers. A value: copy it and the copy behaves the same.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/controller/input.h"
#include "sim/controller/pattern_plan.h"

namespace dispecer::sim {

struct Settings {
  // Start-up: dark or flash, then amber (red for people on foot), then red for everybody. The red
  // lasts at least the longest intergreen.
  double startup_flash_s = 2;
  double startup_amber_s = 3;
  double startup_red_s = 3;
  double release_s = 5;       // where the junction's file states no release time
  double plan_hold_s = 120;   // a commanded plan is kept so long without a supervisor; 0 = for ever
  std::uint32_t inputs = 16;  // at least; more where a stage is wired to a higher one
  std::uint32_t outputs = 8;
  std::set<std::uint32_t> detectors;  // numbers of the detector logics that are wired, 1-based
  // For each group the detector logics that tell of somebody who waits for it. A group that has
  // none, or that is not listed, counts as waited for at any time.
  std::vector<std::vector<std::uint32_t>> demand_detectors = {};
  // Without mains the lamps are dark at once; the rest lives on for this long. An empty battery
  // loses the dynamic bands, and the clock comes back wrong by `clock_loss`.
  double battery_s = 0;
  Duration clock_loss{0};
  double max_extension_s = 15;  // longest green that priority adds beyond the plan
};

// Who chose the running plan.
enum class PlanSource : std::uint8_t { own, calendar, situation, commanded };

enum class Startup : std::uint8_t { none, flash, amber, red };

struct Lamp {
  Aspect aspect = Aspect::dark;
  UtcTime since;
  std::optional<UtcTime> green_began;  // of the running or last green
  std::optional<UtcTime> green_ended;  // of the last green that ended
  std::optional<UtcTime> asked;        // when somebody came first after that
  bool operator==(const Lamp&) const = default;
};

// A change of stage that can no longer be taken back.
struct Change {
  std::optional<std::uint32_t> from;
  std::uint32_t to = 0;
  UtcTime start;  // planned first second of green of `to`
  bool green_ended = false;
  bool operator==(const Change&) const = default;
};

struct InputBit {
  bool commanded = false;
  std::optional<bool> forced;
  UtcTime refreshed;
  std::uint64_t order = 0;  // later orders have higher numbers
  [[nodiscard]] bool value() const { return forced.value_or(commanded); }
  bool operator==(const InputBit&) const = default;
};

// What the detector logic reports, after faults and forcing.
struct DetectorState {
  DetectorReading reading;
  std::optional<bool> forced;
  std::set<Fault> faults;
  std::optional<UtcTime> read_at;  // when the road was last read
  UtcTime changed;                 // last change of `reading.occupied`
  std::vector<UtcTime> edges;      // of the last minute
  std::string logic_error;         // "", "always_on", "intermittent"
  bool operator==(const DetectorState&) const = default;
};

// Watches the lamps and nothing else: its own memory, the matrix of the file.
struct MonitorState {
  struct Group {
    bool green = false;
    std::optional<UtcTime> ended;
    bool operator==(const Group&) const = default;
  };
  std::vector<Group> groups;
  std::string tripped;  // rule and groups, "" = all is well
  bool operator==(const MonitorState&) const = default;
};

struct State {
  JunctionSignals own;  // the controller's own file, never the centre's
  Settings settings;
  std::vector<SignalPlan> plans;  // with cycles, offsets and bands as commanded
  std::map<std::uint32_t, std::map<std::uint32_t, double>> bands;  // by plan and band
  std::uint32_t band_timeout_min = 0;
  std::vector<PatternPlan> patterns;  // of a test controller without stages; empty = a real one

  ControlMode mode = ControlMode::dark;  // control, startup, yellow_flash, dark, failure
  std::optional<UtcTime> mode_until;     // of a commanded flash or dark
  Startup startup = Startup::none;
  UtcTime startup_since;
  std::optional<std::uint32_t> plan;            // commanded; nullopt = by situation, calendar, own
  std::optional<std::uint32_t> situation_plan;  // of the traffic situation in force
  std::optional<std::uint32_t> calendar_plan;   // of the week and day tables at this moment
  bool fixed_time = false;
  std::uint32_t police_key = 0;
  bool manual = false;
  std::optional<std::uint32_t> emergency_stage;
  std::optional<std::uint32_t> priority_group;  // index; green is held or sought for it
  std::optional<UtcTime> hold_since;            // green is held beyond the plan
  double held_s = 0;                            // so far, for `priority_group`
  bool starts_after_power = false;              // this start-up follows power or a restart
  std::optional<std::uint32_t> stage;  // that runs; nullopt between stages and outside control
  std::optional<Change> change;
  std::vector<Lamp> lamps;
  std::vector<InputBit> inputs;              // index 0 = input 1
  std::vector<std::optional<bool>> outputs;  // forced
  std::vector<DetectorState> detectors;      // index 0 = detector logic 1
  std::set<std::uint32_t> wired;             // numbers of the detector logics that exist
  MonitorState monitor;
  std::set<Fault> faults;
  std::vector<std::set<Fault>> lamp_faults;  // by group; empty = none yet
  Duration clock_error{0};                   // own clock minus domain time
  bool clock_doubtful = false;               // lost with the battery and not set since
  std::optional<UtcTime> supervisor_lost;
  std::optional<UtcTime> mains_lost;
  std::optional<UtcTime> last_tick;
  std::uint64_t orders = 0;
  std::map<std::string, std::uint64_t> refused;  // rule -> how often
  std::string last_refusal;

  [[nodiscard]] const SignalPlan& running_plan() const;
  [[nodiscard]] PlanSource plan_source() const;
  // Does the part behind the battery still work (the wire, the clock)?
  [[nodiscard]] bool alive(UtcTime now) const {
    return !mains_lost || now - *mains_lost < from_seconds(settings.battery_s);
  }
  [[nodiscard]] UtcTime own_clock(UtcTime now) const { return now + clock_error; }
};

// What can be seen of the controller after a tick.
struct Output {
  UtcTime t;      // domain time of the tick
  UtcTime clock;  // what the controller believes
  std::vector<Aspect> aspects;
  ControlMode mode = ControlMode::unknown;
  Startup startup = Startup::none;
  std::optional<std::uint32_t> stage;
  std::optional<std::uint32_t> demanded;  // stage that an input asks for and that is obeyed
  std::uint32_t plan = 0;
  bool plan_forced = false;
  PlanSource plan_source = PlanSource::own;
  std::uint32_t cycle_second = 0;       // within the plan
  std::uint32_t base_cycle_second = 0;  // of the reference, offset left out
  std::string failure;                  // what the monitor saw, "" = nothing
  bool operator==(const Output&) const = default;
};

}  // namespace dispecer::sim
