// The whole of fusion as a value and pure functions. The process, the replay player and the
// lock-step benches all use this and nothing else.
//
//   auto state = make_fusion(setup);
//   apply(state, batch); apply(state, observation); ...   // as it comes
//   if (auto bus = apply(state, position)) publish(*bus);  // event path
//   publish(step(state, tick));                            // once per domain second
//
// A new epoch of the clock forgets every estimate (their times mean nothing in it), not the alarms,
// nor what the outlook learnt of past days.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fusion/air/air.h"
#include "fusion/alarms/alarms.h"
#include "fusion/app/outlook.h"
#include "fusion/model/book.h"
#include "fusion/model/intent.h"
#include "fusion/model/world.h"
#include "fusion/parking/parking.h"
#include "fusion/traffic/traffic.h"
#include "fusion/transit/transit.h"

namespace dispecer::fusion {

// Feeds, as named in SourceState and in the alarm "source_silent".
inline constexpr const char* kDetectors = "detectors";
inline constexpr const char* kSignals = "signals";
inline constexpr const char* kAvl = "avl";
inline constexpr const char* kParkingCounts = "parking_counts";
inline constexpr const char* kAir = "air";
inline constexpr const char* kSigns = "signs";

struct Setup {
  Network network;
  std::map<JunctionId, JunctionSignals> signals;
  std::vector<ParkingArea> parking;
  std::vector<AirStation> stations;
  Timetable timetable;
  Book book;                              // as the city's files say
  std::map<std::string, double> stale_s;  // by feed: age at which it is stale; missing = 5 s
  std::set<std::string> expected;         // feeds that must speak; silence of others is no alarm
  double grace_s = 60;                    // for an expected feed to be heard first
  traffic::Parameters traffic;
  transit::Parameters transit;
  parking::Parameters parking_rules;
  air::Parameters air;
  alarms::Parameters alarms;
  OutlookParameters outlook;
};

struct Feed {
  bool heard = false;
  UtcTime newest;  // measurement
};

struct FusionState {
  std::shared_ptr<const Setup> setup;
  traffic::State traffic;
  transit::State transit;
  parking::State parking;
  air::State air;
  alarms::Book alarms;
  Outlook outlook;
  std::map<JunctionId, SignalObservation> signals;
  std::map<SignId, SignReport> signs;
  std::map<std::string, Feed> feeds;
  std::map<std::uint32_t, UtcTime> days;  // starts of service days
  // In force: the city's until another one is told. Holidays decide the kind of a day; works,
  // closures and events excuse detectors of their links while they run.
  Book book;
  forecast::Calendar calendar;     // local time and holidays around now
  bool calendar_due = false;       // the book has changed since
  std::vector<BookEntry> detours;  // of lines, that run now
  std::string kept_outlook;        // of an earlier start; taken over once the calendar is known
  bool forecast_new = false;       // the last step ended a step of the outlook
  UtcTime now;
  UtcTime begun;  // first tick of this epoch
  std::uint32_t epoch = 0;
  bool started = false;
  bool buses_due = false;             // the timetable has a trip on its way
  UtcTime buses_asked;                // when that was found
  std::vector<IntentResult> results;  // newest last; a repeated intent gets the same answer
  std::map<std::string, std::uint64_t> counters;  // "fusion.<cause>"; the rooms keep their own
};

FusionState make_fusion(std::shared_ptr<const Setup> setup);

// Service days around now; to be renewed before they run out (see setup.h).
void set_days(FusionState& state, std::map<std::uint32_t, UtcTime> days);

void apply(FusionState& state, const DetectorBatch& batch);
void apply(FusionState& state, const SignalObservation& observation);
// The vehicle's new state, at once; absent where the position brought nothing new.
std::optional<BusState> apply(FusionState& state, const VehiclePosition& position);
void apply(FusionState& state, const ParkingCount& count);
void apply(FusionState& state, const AirSample& sample);
void apply(FusionState& state, const SignReport& report);
void apply(FusionState& state, const Book& book);
void apply(FusionState& state, const AlarmEvent& event, const std::string& source);
void apply(FusionState& state, const ProcessHealth& health);

// A person's word on an alarm: op, supervisor and admin may acknowledge and shelve, a maintainer
// may acknowledge. Causes of a refusal: "right", "unknown_alarm", "shelf_too_long", "not_shelved",
// "expired"; absent = not ours to answer.
std::optional<IntentResult> apply(FusionState& state, const Intent& intent, UtcTime now);

CityPicture step(FusionState& state, const ClockTick& tick);
AlarmList alarm_list(const FusionState& state);
std::map<std::string, std::uint64_t> counters(const FusionState& state);

namespace detail {
void note(FusionState& state, const char* feed, UtcTime measured);
// State of each feed; raises and clears "source_silent".
std::vector<SourceState> judge_sources(FusionState& state, const CityPicture& picture);
void expect_usual_flow(FusionState& state);
}  // namespace detail

}  // namespace dispecer::fusion
