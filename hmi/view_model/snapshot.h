// What the console shows of the living city: gathered from the bus on the bus's thread, swapped in
// as one immutable value.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fusion/model/book.h"
#include "fusion/model/case.h"
#include "fusion/model/decision.h"
#include "fusion/model/emergency.h"
#include "fusion/model/forecast.h"
#include "fusion/model/health.h"
#include "fusion/model/intent.h"
#include "fusion/model/picture.h"
#include "fusion/model/world.h"

namespace dispecer::hmi {

struct HealthSeen {
  ProcessHealth health;
  MonoTime received;
};

// An emergency corridor as its legs, one a junction, have told of it.
struct CorridorSeen {
  RequestId id;
  VehicleId vehicle;
  EmergencyKind kind = EmergencyKind::unknown;
  std::vector<PriorityRequest> legs;  // in the order in which they were first told: along the way

  // The junction that it comes to next, nullptr = all are passed.
  [[nodiscard]] const PriorityRequest* next() const;
};

struct Snapshot {
  ClockTick clock;
  std::shared_ptr<const CityPicture> picture;
  MonoTime picture_received;
  std::shared_ptr<const CityForecast> forecast;  // empty = none came yet
  std::map<JunctionId, SignalDecision> decisions;
  std::map<VehicleId, PriorityRequest> priority;  // newest of each vehicle
  std::map<RequestId, CorridorSeen> corridors;    // that run
  std::shared_ptr<const Book> book;               // in force; empty = not told yet
  std::vector<Alarm> alarms;
  std::map<std::string, HealthSeen> health;
  std::vector<IntentResult> results;  // newest last, bounded
  std::vector<Case> cases;  // waiting for review, only while a person with the right is signed in
  std::uint64_t access_decisions = 0;
  std::string cases_error;  // why they could not be fetched, "" = they could
};

// Takes messages in and makes snapshots. Never draws.
class Ingest {
 public:
  void clock(const ClockTick& tick);
  void picture(CityPicture picture, MonoTime received);
  void forecast(CityForecast forecast) {
    now_.forecast = std::make_shared<const CityForecast>(std::move(forecast));
  }
  void book(const Book& book) {
    if (!now_.book || *now_.book != book) now_.book = std::make_shared<const Book>(book);
  }
  void decision(const SignalDecision& decision) { now_.decisions[decision.junction] = decision; }
  void priority(const PriorityRequest& request);
  void alarms(const AlarmList& list) { now_.alarms = list.alarms; }
  void health(const ProcessHealth& health, MonoTime received) {
    now_.health[health.process] = {health, received};
  }
  void access(const AccessDecision&) { ++now_.access_decisions; }
  void result(const IntentResult& result);
  void cases(std::vector<Case> cases);
  void cases_failed(const std::string& why) { now_.cases_error = why; }
  [[nodiscard]] const Snapshot& now() const { return now_; }

 private:
  void corridor(const PriorityRequest& leg);
  Snapshot now_;
};

}  // namespace dispecer::hmi
