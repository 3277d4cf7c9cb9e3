// Every topic, once: payload, period, age at which it is stale, how a slow reader is treated, whether it is journalled,
// whether it is personal, who alone may write it. Liveness is derived from the row.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "controller/plan/proposal.h"
#include "fusion/model/book.h"
#include "fusion/model/case.h"
#include "fusion/model/decision.h"
#include "fusion/model/forecast.h"
#include "fusion/model/health.h"
#include "fusion/model/intent.h"
#include "fusion/model/observation.h"
#include "fusion/model/picture.h"
#include "fusion/model/plate.h"
#include "fusion/model/world.h"

namespace dispecer::bus {

inline constexpr std::uint32_t kKeepLatest = 0;

struct Topic {
  std::uint32_t number;  // on the wire, never reused
  std::string_view name;
  double period_s;       // nominal; 0 = on event
  double stale_s;        // 0 = never stale
  std::uint32_t depth;   // of a reader's queue; kKeepLatest = newest wins per source
  bool journalled;
  bool personal;         // never journalled, logged or stored in clear
  bool sealed;           // authenticated with the world's key
  std::string_view writer;  // process; "street|clock" = one of them; "*" = each process its own
};

namespace topic {

#define DISPECER_TOPIC(Type, Payload_, ...)            \
  struct Type {                                        \
    using Payload = Payload_;                          \
    static constexpr bus::Topic row{__VA_ARGS__};      \
  };

//             type           payload            no  name              period stale depth journal personal sealed writer
DISPECER_TOPIC(Clock,         ClockTick,         1,  "clock",          1,     3,    64,   true,   false,   false, "street|clock")
DISPECER_TOPIC(Detectors,     DetectorBatch,     2,  "detectors",      1,     5,    8192, true,   false,   false, "rsmp")
DISPECER_TOPIC(Signals,       SignalObservation, 3,  "signals",        2,     5,    8192, true,   false,   false, "rsmp")
DISPECER_TOPIC(Orders,        OrderReport,       4,  "orders",         0,     0,    8192, true,   false,   false, "rsmp|signs")
DISPECER_TOPIC(Avl,           VehiclePosition,   5,  "avl",            1,     10,   8192, true,   false,   false, "feeds")
DISPECER_TOPIC(ParkingCounts, ParkingCount,      6,  "parking_counts", 60,    900,  1024, true,   false,   false, "feeds")
DISPECER_TOPIC(Air,           AirSample,         7,  "air",            60,    900,  1024, true,   false,   false, "feeds")
DISPECER_TOPIC(Plates,        PlateRead,         8,  "plates",         0,     0,    1024, false,  true,    false, "plates")
DISPECER_TOPIC(Scans,         ScanRead,          9,  "scans",          0,     0,    4096, false,  true,    false, "plates")
DISPECER_TOPIC(Signs,         SignReport,        10, "signs",          10,    60,   256,  true,   false,   false, "signs")
DISPECER_TOPIC(Picture,       CityPicture,       11, "picture",        1,     5,    8,    true,   false,   false, "fusion")
DISPECER_TOPIC(Buses,         BusState,          12, "buses",          1,     10,   4096, true,   false,   false, "fusion")
DISPECER_TOPIC(Alarms,        AlarmList,         13, "alarms",         1,     5,    8,    false,  false,   false, "fusion")
DISPECER_TOPIC(Proposals,     Proposal,          14, "proposals",      1,     3,    4096, true,   false,   true,  "controller")
DISPECER_TOPIC(Decisions,     SignalDecision,    15, "decisions",      1,     5,    4096, true,   false,   false, "controller")
DISPECER_TOPIC(Priority,      PriorityRequest,   16, "priority",       0,     0,    4096, true,   false,   false, "controller")
DISPECER_TOPIC(Access,        AccessDecision,    17, "access",         0,     0,    1024, true,   false,   false, "controller")
DISPECER_TOPIC(Health,        ProcessHealth,     18, "health",         1,     5,    64,   false,  false,   false, "*")
DISPECER_TOPIC(AlarmEvents,   AlarmEvent,        19, "alarm_events",   0,     0,    4096, true,   false,   false, "*")
DISPECER_TOPIC(Forecast,      CityForecast,      20, "forecast",       60,    900,  8,    false,  false,   false, "fusion")
DISPECER_TOPIC(PriorityPoints, PriorityPoint,    21, "priority_points", 0,    0,     1024, true,   false,   false, "rsmp|feeds")
DISPECER_TOPIC(CityBook,      Book,              22, "book",           10,    0,     8,    true,   false,   false, "controller")

#undef DISPECER_TOPIC

}  // namespace topic

inline constexpr std::array kTopics{
    topic::Clock::row,         topic::Detectors::row, topic::Signals::row,   topic::Orders::row,    topic::Avl::row,
    topic::ParkingCounts::row, topic::Air::row,       topic::Plates::row,    topic::Scans::row,     topic::Signs::row,
    topic::Picture::row,       topic::Buses::row,     topic::Alarms::row,    topic::Proposals::row, topic::Decisions::row,
    topic::Priority::row,      topic::Access::row,    topic::Health::row,    topic::AlarmEvents::row,
    topic::Forecast::row,     topic::PriorityPoints::row, topic::CityBook::row};

constexpr const Topic* find_topic(std::uint32_t number) {
  for (const auto& t : kTopics) {
    if (t.number == number) return &t;
  }
  return nullptr;
}

// Durable streams: written to the writer's fsynced journal, then to Redis Streams, acknowledged by each reader's group.
struct Stream {
  std::uint32_t number;
  std::string_view name;
  bool personal;  // kept only while a case needs it
};

namespace stream {

struct Intents {
  using Payload = Intent;
  static constexpr Stream row{1, "intents", false};
};
struct IntentResults {
  using Payload = IntentResult;
  static constexpr Stream row{2, "intent_results", false};
};
struct Leads {
  using Payload = Lead;
  static constexpr Stream row{3, "leads", true};
};
struct LeadReceipts {
  using Payload = LeadReceipt;
  static constexpr Stream row{4, "lead_receipts", false};
};

}  // namespace stream

}  // namespace dispecer::bus

namespace dispecer {
namespace topic = bus::topic;
namespace stream = bus::stream;
}  // namespace dispecer
